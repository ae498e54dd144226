"""Uploading in a real browser: a folder is chosen or dropped, read, and its claims stand in the queue; a cut connection and a closed tab lose nothing."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.papers import policy
from tests.e2e.test_review import AXE, ask

pytestmark = pytest.mark.e2e
READ = 400_000  # milliseconds that a run may take, on a machine that does other things too
DROP = """([name, text]) => { const data = new DataTransfer(); data.items.add(new File([text], name, { type: "application/pdf", lastModified: 7 })); return data; }"""
BIG = 11 * 2**20  # bytes: three pieces


@pytest.fixture(scope="module")
def begun(server, visit_once) -> str:
    """A batch that the operator began on the page; gives its address."""
    page = visit_once("op", "/batches")
    page.fill("#name", "上传-2021")
    page.fill("#year", "2021")
    page.click("main form button.primary")
    expect(page.locator("[data-drop]")).to_be_visible()
    return re.sub(r"^https?://[^/]+", "", page.url)


def all_here(page: Page, n: int) -> None:
    expect(page.locator("[data-figures]")).to_contain_text(f"{n} 个文件全部收到", timeout=60_000)


def axe(page: Page) -> list[str]:
    page.evaluate(AXE)
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    return [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in found["violations"] if v["impact"] in ("serious", "critical")]


def test_a_folder_is_uploaded_read_and_stands_in_the_queue(server, visit, shot, begun, tmp_path: Path):
    for n in (1, 2):
        policy(tmp_path / "一月" / f"EQ-900{n}" / "保单 (扫描).pdf", 7000 + n)
    (tmp_path / "一月" / "EQ-9002" / ".DS_Store").write_bytes(b"litter")
    (tmp_path / "一月" / "EQ-9002" / "清单.pdf").write_bytes(b"%PDF-1.7 cut off")
    page = visit("op", begun)
    shot(page, "batch-empty")
    page.check("[name=each][value=below]")
    page.set_input_files("#pick-folder", tmp_path / "一月")
    all_here(page, 3)
    expect(page.locator("[data-refused]")).to_contain_text("系统文件")
    expect(page.locator("#received tbody tr")).to_have_count(2)
    shot(page, "batch-received")
    assert axe(page) == []
    page.click("[data-finish]")
    expect(page.locator(".notice.success")).to_contain_text("2件")
    expect(page.locator("#state .pill.state-waiting, #state .pill.state-working").first).to_be_visible()
    shot(page, "batch-reading")
    expect(page.locator("#state").get_by_role("link", name="EQ-9001")).to_be_visible(timeout=READ)  # live: the page isn't loaded again
    expect(page.locator("#state .reading-done")).to_be_visible(timeout=READ)
    expect(page.locator("#ended")).to_contain_text("2 / 2")
    expect(page.locator("section[aria-labelledby=dead-head]")).to_contain_text("0002-清单.pdf")
    shot(page, "batch-done")
    assert axe(page) == []
    page.goto("/queue?q=EQ-9001&stage=")
    expect(page.locator("[data-row]")).to_have_count(1)
    expect(page.locator("[data-row]")).to_contain_text("PZDX20203302000007001")
    assert ask(server, "select count(*) from review_auditevent where action = 'filed'") == [(2,)]


def test_what_is_dropped_survives_a_cut_and_a_closed_tab(server, visit, shot, begun):
    page = visit("op", begun)
    offsets: list[int] = []
    cut = {"after": 1}

    def pieces(route, request) -> None:  # type: ignore[no-untyped-def]
        if cut["after"] == 0:
            route.abort("connectionreset")
            return
        cut["after"] -= 1
        offsets.append(int(request.url.partition("offset=")[2].partition("&")[0]))
        route.continue_()

    def drop(where: Page) -> None:
        data = where.evaluate_handle(DROP, ["大文件.pdf", "%PDF-" + "x" * (BIG - 5)])
        where.fill("#loose", "EQ-9003")
        where.dispatch_event("[data-drop]", "drop", {"dataTransfer": data})

    page.route("**/uploads/files/*", pieces)
    drop(page)
    expect(page.locator("[data-wrong]")).to_contain_text("连接中断", timeout=60_000)
    shot(page, "batch-cut")
    first = offsets[-1]
    page.context.close()
    again = visit("op", begun)
    expect(again.locator("#received tbody tr")).to_contain_text("缺1个文件")
    expect(again.locator("[data-finish]")).to_be_disabled()
    cut["after"] = 1
    again.route("**/uploads/files/*", pieces)
    drop(again)
    expect(again.locator("[data-wrong]")).to_contain_text("连接中断", timeout=60_000)
    cut["after"] = 99  # the net is back: it goes on by itself
    all_here(again, 1)
    assert first == 0
    assert offsets == sorted(set(offsets)), "a piece was sent twice"
    assert ask(server, "select size = received and sha256 <> '' from review_uploadfile where name = '大文件.pdf'") == [(1,)]
    again.click("text=放弃上传")
    expect(again.locator("#received")).to_be_empty()


def test_it_is_done_by_keyboard_in_english_and_on_a_small_dark_screen(visit, shot, begun, tmp_path: Path):
    policy(tmp_path / "a.pdf", 7009)
    page = visit("op", begun, viewport={"width": 1024, "height": 768}, color_scheme="dark")
    page.click("text=English")
    page.locator("#pick-folder").focus()
    outline = page.locator("label[for=pick-folder]").evaluate("(e) => getComputedStyle(e).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Tab")
    expect(page.locator("#pick-files")).to_be_focused()
    page.locator("#pick-files").set_input_files(tmp_path / "a.pdf")
    expect(page.locator("[data-refused]")).to_contain_text("Loose files")
    page.fill("#loose", "EQ-9001")
    page.locator("#pick-files").set_input_files(tmp_path / "a.pdf")
    expect(page.locator("[data-say]")).to_contain_text("All 1 files are here")
    expect(page.locator(".there")).to_contain_text("add to it")
    shot(page, "batch-english-dark")
    assert axe(page) == []
    page.click("[data-finish]")
    expect(page.locator(".notice.error[role=status]")).to_contain_text("EQ-9001")
    page.fill("#received input[type=text]", "EQ-9004")  # typed before the last file: it stays when the table is renewed
    page.fill("#loose", "EQ-9005")
    page.locator("#pick-files").set_input_files(tmp_path / "a.pdf")
    expect(page.locator("#received tbody tr")).to_have_count(2)
    expect(page.locator("#received input[type=text]").first).to_have_value("EQ-9004")
    page.click("text=Give it all up")


def test_numbers_are_shown_as_text_and_nothing_runs(visit, begun, tmp_path: Path):
    page = visit("op", begun)
    names = ['<img src=x onerror="hit(1)">', "';hit(2)//", "{{hit(3)}}"]
    body = json.dumps([{"folder": name, "name": name, "size": 3} for name in names])
    page.evaluate("""async ([url, body]) => { await fetch(url, { method: "POST", body, headers: { "Content-Type": "application/json", "X-CSRFToken": document.querySelector("[name=csrfmiddlewaretoken]").value } }); }""",
                  [page.get_attribute("[data-upload]", "data-announce"), body])
    page.reload()
    expect(page.locator("#received tbody tr")).to_have_count(3)
    expect(page.locator("#received .label").first).to_have_text(names[0])
    assert page.evaluate("[window.hits, window.reports]") == [[], []]
    page.click("text=放弃上传")
