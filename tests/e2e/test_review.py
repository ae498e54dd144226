"""The review page as people use it: by keyboard, two at once, over cuts; with strings of script in what it shows; by every role; for everybody's eyes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from pipeline.review.web.roles import PERMISSIONS, Role
from tests.e2e.asking import ask, number
from tests.e2e.claims import PER_CLAIM, SCRIPTS
from tests.e2e.conftest import WATCH
from tests.e2e.workspace import PASSWORD

pytestmark = pytest.mark.e2e
AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
RATE = ".of-paper[aria-label='保险单'] [data-key$='.premium_rate']"


def status(server, name: str) -> tuple[str, str]:
    return ask(server, "select stage, status from review_case where id = ?", number(server, name))[0]


def edit_rate(page: Page, text: str) -> None:
    """Type into the policy's rate, by keyboard from the value."""
    page.locator(RATE).focus()
    page.keyboard.press("e")
    page.keyboard.type(text)


def field(page: Page):  # type: ignore[no-untyped-def]
    return page.locator(".value form input").first


# ---------------------------------------------------------------- by keyboard


def test_ten_claims_are_triaged_by_keyboard_alone(server, visit, shot):
    page = visit("li", "/queue")
    shot(page, "queue")
    page.keyboard.press("/")
    page.keyboard.type("K-")
    expect(page.locator("[data-row]")).to_have_count(10)
    page.keyboard.press("Escape")
    for done in range(10):
        page.keyboard.press("n")
        page.wait_for_selector("#panel .claim-head")
        expect(page.locator("[data-decide=pass]")).to_be_visible()
        if done == 0:
            shot(page, "claim-first")
        _settle_stops(page)
        if page.locator(".claim-head .pill.clear").count():
            page.keyboard.press("p")
        else:
            page.keyboard.press("t")
            page.keyboard.type("请核对后补正")
            page.keyboard.press("Enter")
        page.wait_for_url("**/queue?**")
        expect(page.locator(".notice.success")).to_be_visible()
    expect(page.locator(".list .empty")).to_be_visible()
    assert [status(server, f"K-{n:02}") for n in range(1, 7)] == [("city", "open")] * 6
    assert [status(server, f"K-{n:02}")[1] for n in (7, 9, 10)] == ["returned"] * 3


def _settle_stops(page: Page) -> None:
    """Space confirms each value, U upholds each flag, until nothing needs a look."""
    for _ in range(20):
        left = page.locator("[data-stop]").count()
        if not left:
            return
        current = page.locator("[data-key].now").first
        page.keyboard.press("u" if "flag" in (current.get_attribute("class") or "") else "Space")
        expect(page.locator("[data-stop]")).not_to_have_count(left)
    raise AssertionError("stops are left")


def test_a_value_is_corrected_and_its_flag_goes(server, visit, shot):
    page = visit("li", f"/claims/{number(server, 'MEND-01')}")
    expect(page.locator(".flag.block")).to_be_visible()
    edit_rate(page, "很多")
    page.keyboard.press("Enter")
    expect(page.locator(".wrong")).to_contain_text("百分比")
    page.keyboard.press("Control+a")
    page.keyboard.type("2%")
    page.keyboard.press("Enter")
    expect(page.locator(".changed")).to_contain_text("已消除")
    shot(page, "corrected")
    expect(page.locator(".flag.block")).to_have_count(0)
    expect(page.locator(".claim-head .pill.clear")).to_be_visible()


def test_a_dismissed_flag_asks_for_its_reason_and_the_keys_lead_through_the_page(server, visit):
    page = visit("li", f"/claims/{number(server, 'GRAPH-01')}")
    expect(page.locator(".flag figure svg")).to_be_visible()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("PageDown")
    expect(page.locator("#where")).to_contain_text("2 / ")
    page.keyboard.press("]")
    boxed = page.locator("#panel .now")
    expect(boxed).to_be_focused()
    page.keyboard.press("Shift+Enter")
    page.locator(".flag").first.focus()
    page.keyboard.press("c")
    expect(page.locator("#clause")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("x")
    page.keyboard.type("双方已无持股关系")
    page.keyboard.press("Enter")
    expect(page.locator(".flag.dismissed")).to_contain_text("双方已无持股关系")


def test_a_box_is_drawn_by_keyboard_and_its_reading_goes_into_the_form(server, visit):
    page = visit("li", f"/claims/{number(server, 'DRAW-01')}")
    page.route("**/read", lambda route: route.fulfill(json={"text": "3.5%", "confidence": 0.9}))
    page.locator(RATE).focus()
    page.keyboard.press("d")
    expect(page.locator("#boxes rect.drawn")).to_have_count(1)
    before = page.locator("#boxes rect.drawn").get_attribute("x")
    for key in ("ArrowRight", "ArrowDown", "Shift+ArrowRight"):
        page.keyboard.press(key)
    assert page.locator("#boxes rect.drawn").get_attribute("x") != before
    with page.expect_request("**/read") as asked:
        page.keyboard.press("Enter")
    assert "scan.pdf" in (asked.value.post_data or "")
    expect(field(page)).to_have_value("3.5%")
    page.keyboard.press("Escape")
    expect(page.locator(".value form")).to_have_count(0)


# ---------------------------------------------------------------- two at once


def test_two_reviewers_at_once_neither_loses_what_was_typed(server, visit, shot):
    pk = number(server, "TWO-01")
    first = visit("sun", f"/claims/{pk}")
    second = visit("qian", f"/claims/{pk}")
    expect(second.locator(".claim-head")).to_contain_text("sun")
    expect(second.locator("[data-editable]")).to_have_count(0)
    ask(server, "update review_case set taken_until = '2020-01-01 00:00:00' where id = ?", pk)  # the first went for lunch
    second.reload()
    edit_rate(second, "3")
    edit_rate(first, "2")
    first.keyboard.press("Enter")
    expect(first.locator(".wrong")).to_contain_text("qian")
    expect(field(first)).to_have_value("2")
    second.keyboard.press("Enter")
    expect(second.locator(".changed")).to_be_visible()
    ask(server, "update review_case set taken_until = '2020-01-01 00:00:00' where id = ?", pk)
    first.keyboard.press("Enter")
    expect(first.locator(".merge")).to_contain_text("qian")
    shot(first, "merge")
    first.keyboard.press("Enter")  # keeps mine
    expect(first.locator(".changed")).to_contain_text("2 %")
    kept = json.loads(ask(server, "select text from review_said where case_id = ? order by number desc limit 1", pk)[0][0])
    assert kept["corrected"] == "2"
    assert ask(server, "select count(*) from review_said where case_id = ?", pk) == [(2,)]


# ---------------------------------------------------------------- cuts while typing


def test_the_server_is_killed_while_typing(server, visit):
    page = visit("li", f"/claims/{number(server, 'KILL-01')}")
    edit_rate(page, "2")
    server.kill()
    try:
        page.keyboard.press("Enter")
        expect(page.locator(".wrong")).to_contain_text("连接中断")
        expect(field(page)).to_have_value("2")
    finally:
        server.start()
    page.keyboard.press("Enter")
    expect(page.locator(".changed")).to_be_visible()


def test_the_session_is_over_while_typing(server, visit):
    page = visit("li", f"/claims/{number(server, 'SESSION-01')}")
    edit_rate(page, "2")
    ask(server, "delete from django_session")
    page.keyboard.press("Enter")
    expect(page.locator(".wrong")).to_contain_text("登录已失效")
    expect(field(page)).to_have_value("2")
    with page.context.expect_page() as opened:
        page.locator(".wrong a").click()
    login = opened.value
    login.fill("#id_username", "li")
    login.fill("#id_password", PASSWORD)
    login.keyboard.press("Enter")
    login.wait_for_selector("nav a")
    page.bring_to_front()
    field(page).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".changed")).to_be_visible()


def test_what_was_typed_is_there_when_the_tab_is_opened_again(server, visit):
    page = visit("li", f"/claims/{number(server, 'RELOAD-01')}")
    edit_rate(page, "2.5")
    page.locator("#reason").fill("费率待核")
    page.locator(".flag.block").first.focus()
    page.keyboard.press("x")
    page.keyboard.type("批单已更正")
    again = page.context.new_page()
    page.close()
    again.goto(f"/claims/{number(server, 'RELOAD-01')}")
    expect(field(again)).to_have_value("2.5")
    expect(again.locator("#reason")).to_have_value("费率待核")
    expect(again.locator(".flag form input")).to_have_value("批单已更正")


def test_two_tabs_on_one_value_keep_what_each_of_them_typed(server, visit, shot):
    where = f"/claims/{number(server, 'TABS-01')}"
    page = visit("li", where)
    other = page.context.new_page()
    other.goto(where)
    edit_rate(page, "2.4")
    edit_rate(other, "2.6")
    page.reload()
    expect(field(page)).to_have_value("2.4")
    other.reload()
    expect(field(other)).to_have_value("2.6")
    other.close()
    page.reload()
    expect(field(page)).to_have_value("2.4")
    left = page.locator(".value form .left")
    expect(left).to_have_text(re.compile("2.6"))
    shot(page, "two-tabs")
    third = page.context.new_page()
    third.goto(where)
    expect(field(third)).to_have_value("2.6")  # its tab is gone
    field(page).press("Enter")
    expect(page.locator(".changed")).to_contain_text("2.4 %")
    field(third).press("Enter")
    expect(third.locator(".merge")).to_contain_text("2.4")
    third.locator("[data-merge=mine]").press("Enter")
    expect(third.locator(".changed")).to_contain_text("2.6 %")
    page.reload()
    page.wait_for_selector("html[data-ready]")
    expect(page.locator(".value form")).to_have_count(0)  # nothing is left that isn't saved


def test_somebody_else_on_the_same_machine_sees_nothing_of_what_was_typed(server, visit):
    where = f"/claims/{number(server, 'TABS-01')}"
    page = visit("li", where)
    edit_rate(page, "1.9")
    page.locator(".tools form[action$=logout] button").press("Enter")
    page.wait_for_url("**/login**")
    page.fill("#id_username", "wang")
    page.fill("#id_password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("nav a")
    page.goto(where)
    page.wait_for_selector("html[data-ready]")
    expect(page.locator(".value form")).to_have_count(0)
    assert "1.9" in page.evaluate("JSON.stringify(localStorage)")  # kept for who typed it


# ---------------------------------------------------------------- papers sorted as the wrong type


def test_a_paper_is_sorted_anew_by_keyboard_and_taken_back(server, visit, shot):
    page = visit("li", f"/claims/{number(server, 'SORT-01')}")
    flags = page.locator(".flag", has_text="销售发票")
    expect(flags.first).to_be_visible()
    page.locator(".of-paper[aria-label='其他材料'] .resort").focus()
    page.keyboard.press("y")
    expect(page.locator(".resort-form select").first).to_be_focused()
    page.keyboard.press("Home")
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    page.reload()
    expect(page.locator(".resort-form select").first).to_have_value("sales_invoice")  # chosen, and not yet saved
    page.locator(".resort-form select").first.focus()
    shot(page, "resort")
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 1280, "height": 720})
    page.locator(".resort-form select").first.focus()
    shot(page, "resort-dark")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.locator("#strip [data-page='5']").click()
    page.locator(".resort-form select").first.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#say")).to_contain_text("其他材料 → 销售发票")
    expect(page.locator("#where")).to_contain_text("6 /")  # the page that was looked at
    expect(page.locator(".of-paper[aria-label='销售发票']")).to_be_visible()
    expect(flags).to_have_count(0)
    expect(page.locator(".resorted")).to_contain_text("其他材料（scan.pdf 第4页） → 销售发票")
    shot(page, "resorted")
    page.locator(".of-paper[aria-label='营业执照'] .resort").focus()
    page.keyboard.press("y")
    form = page.locator(".resort-form")
    form.locator("select").last.select_option(label=form.locator("select").last.locator("option", has_text="销售合同").text_content())
    expect(form.locator("select").first).to_be_hidden()  # it is of the other's type then
    form.locator("button.primary").press("Enter")
    expect(page.locator(".resorted li")).to_have_count(2)
    expect(page.locator(".of-paper[aria-label='营业执照']")).to_have_count(0)
    for left in (1, 0):
        page.locator("[data-back]").last.press("Enter")
        expect(page.locator(".resorted li")).to_have_count(left)
    expect(page.locator(".of-paper[aria-label='其他材料']")).to_be_visible()
    expect(flags.first).to_be_visible()


# ---------------------------------------------------------------- letters


def test_a_returned_claim_s_letter(server, visit, shot):
    pk = number(server, "LETTER-01")
    page = visit("li", f"/claims/{pk}")
    page.keyboard.press("l")
    page.wait_for_url("**/letter")
    text = page.locator("#text")
    expect(text).to_have_value(re.compile("发票"))
    text.focus()
    page.keyboard.press("Control+End")
    page.keyboard.type("另请电话确认收件。")
    server.kill()
    try:
        page.click("main button.primary")
        expect(page.locator("#say")).to_contain_text("连接中断")
    finally:
        server.start()
    page.reload()
    expect(text).to_have_value(re.compile("另请电话确认收件。"))
    page.click("main button.primary")
    expect(page.locator(".notice.success")).to_be_visible()
    shot(page, "letter")
    pdf = page.request.get(f"/claims/{pk}/letter.pdf?kind=return")
    assert pdf.body().startswith(b"%PDF")
    page.goto(f"/claims/{pk}")
    page.keyboard.press("t")
    page.keyboard.type("缺少发票和缴费凭证")
    page.keyboard.press("Enter")
    page.wait_for_url("**/queue")
    assert status(server, "LETTER-01") == ("district", "returned")
    page.goto(f"/claims/{pk}")
    page.keyboard.press("p")
    page.keyboard.type("企业已补正")
    page.keyboard.press("Enter")
    page.wait_for_url("**/queue")
    assert status(server, "LETTER-01") == ("district", "open")
    assert "另请电话确认收件。" in ask(server, "select letter from review_decided where case_id = ?", pk)[0][0]


def test_two_tabs_on_one_letter_the_second_is_shown_the_first(server, visit, shot):
    pk = number(server, "LETTER-02")
    page = visit("li", f"/claims/{pk}/letter")
    other = page.context.new_page()
    other.goto(f"/claims/{pk}/letter")
    for tab, text in ((page, "甲文"), (other, "乙文")):
        tab.locator("#text").fill(text)
        tab.keyboard.press("Control+Enter")
    expect(page.locator(".notice.success")).to_be_visible()
    expect(other.locator(".merge")).to_contain_text("甲文")
    expect(other.locator("#text")).to_have_value("乙文")
    shot(other, "letter-merge")
    other.goto(f"/claims/{pk}")
    other.keyboard.press("t")
    other.keyboard.type("缺少发票")
    other.keyboard.press("Enter")
    expect(other.locator("#say")).to_contain_text("未保存")  # what was typed isn't left behind
    other.goto(f"/claims/{pk}/letter")
    expect(other.locator("#text")).to_have_value("乙文")
    other.keyboard.press("Control+Enter")
    other.locator(".merge [data-merge=mine]").press("Enter")
    expect(other.locator(".notice.success")).to_be_visible()
    page.reload()
    expect(page.locator("#text")).to_have_value("乙文")


def test_the_queue_says_that_one_is_logged_out_instead_of_doing_nothing(server, visit):
    page = visit("qian", "/queue")
    page.context.clear_cookies()
    page.locator("#q").fill("K-")
    expect(page.locator("#say")).to_contain_text("登录已失效")


# ---------------------------------------------------------------- users and reference data


def test_users_are_set_right_by_keyboard_and_what_was_typed_outlives_the_tab(server, visit, shot):
    where = f"/claims/{number(server, 'ROLE-01')}"
    page = visit("sun", where)
    page.locator("[data-key=buyers]").focus()
    page.keyboard.press("e")
    expect(page.locator(".user-row")).to_have_count(1)
    page.get_by_role("button", name="增加用户").press("Enter")
    page.keyboard.type("宁波另一用户有限公司")
    page.keyboard.press("Tab")
    page.keyboard.type("3")
    page.goto("/queue")
    page.goto(where)
    expect(page.locator(".user-row input").nth(2)).to_have_value("宁波另一用户有限公司")
    shot(page, "users")
    page.locator(".user-row input").nth(3).press("Enter")
    expect(page.locator(".changed")).to_contain_text("宁波另一用户有限公司（3）")
    expect(page.locator(".user-row")).to_have_count(0)
    page.locator("[data-edit-users]").press("Enter")
    page.get_by_role("button", name="恢复识别结果").press("Enter")
    expect(page.locator(".changed")).to_contain_text("用户：")
    page.request.post(f"{where}/release", headers={"X-CSRFToken": page.locator("input[name=csrfmiddlewaretoken]").first.input_value()})


def test_a_table_is_imported_looked_at_and_put_back(server, visit, shot):
    page = visit("root", "/reference")
    before = page.locator("h2 .code").inner_text()

    def hand_in(text: str) -> None:
        page.select_option("#table", "restricted")
        page.set_input_files("#file", {"name": "名单.csv", "mimeType": "text/csv", "buffer": text.encode("gb18030")})
        page.get_by_role("button", name="查看变动").press("Enter")

    hand_in("企业,原因,截止日期\n甲公司,严重失信,去年\n")
    expect(page.locator("main")).to_contain_text("截止日期“去年”不是日期")
    shot(page, "reference-wrong")
    page.goto("/reference")
    hand_in("企业,原因,截止日期\n另一家公司,严重失信,2031-12-31\n")
    expect(page.locator("main")).to_contain_text("尚未生效")
    expect(page.locator(".added")).to_contain_text("另一家公司")
    shot(page, "reference-preview")
    page.locator("#note").press("Enter")
    expect(page.locator("main")).to_contain_text("已生效")
    shot(page, "reference")
    assert page.locator("h2 .code").inner_text() != before
    page.get_by_role("button", name="恢复此版本").last.press("Enter")
    expect(page.locator("h2 .code")).to_have_text(before)


# ---------------------------------------------------------------- roles


ROUTES = {"queue": "/queue", "batches": "/batches", "figures": "/figures", "audit": "/audit", "people": "/people", "reference": "/reference", "scheme": "/scheme"}


@pytest.mark.parametrize(("name", "role"), [("op", Role.OPERATOR), ("sun", Role.REVIEWER), ("wang", Role.LEAD), ("zhao", Role.AUDITOR), ("chen", Role.ANALYST), ("root", Role.ADMIN)])
def test_each_role_s_walk(server, visit, shot, name, role):
    page = visit(name)
    allowed = {path for route, path in ROUTES.items() if role in PERMISSIONS[route]}
    links = page.locator("header nav a")
    assert {links.nth(i).get_attribute("href") for i in range(links.count())} == allowed
    for path in ROUTES.values():
        answer = page.goto(path)
        assert answer.status == (200 if path in allowed else 403)
        expect(page.locator("main h1").first).to_be_attached()
        if path in allowed:
            shot(page, f"{role}{path.replace('/', '-')}")
    answer = page.goto(f"/claims/{number(server, 'ROLE-01')}")
    reads = role in PERMISSIONS["claim"]
    assert answer.status == (200 if reads else 403)
    if reads:
        expect(page.locator("#picture")).to_have_js_property("naturalWidth", 1202)
        decides = role is Role.REVIEWER  # the claim is at the district's review
        assert (page.locator("[data-decide]").count() > 0, page.locator("[data-editable]").count() > 0) == (decides, decides)
        if decides:
            page.request.post(f"/claims/{number(server, 'ROLE-01')}/release", headers={"X-CSRFToken": page.locator("input[name=csrfmiddlewaretoken]").first.input_value()})


# ---------------------------------------------------------------- strings of script


def test_no_string_of_script_is_run_wherever_it_stands(server, visit):
    page = visit("qian")
    shown = 0
    for n in range(len(SCRIPTS) // PER_CLAIM):
        strings = SCRIPTS[n * PER_CLAIM : (n + 1) * PER_CLAIM]
        pk = number(server, f"X-{n:02}")
        page.goto(f"/claims/{pk}")
        token = page.locator("input[name=csrfmiddlewaretoken]").first.input_value()
        flag = page.locator(".flag [data-verdict=dismissed]").first.locator("xpath=ancestor::article").get_attribute("data-key")
        answer = page.request.post(
            f"/claims/{pk}/judge", form={"flag": flag.removeprefix("f:"), "verdict": "dismissed", "reason": " ".join(strings), "revision": "0"}, headers={"X-CSRFToken": token})
        assert answer.status == 200
        page.goto(f"/claims/{pk}")
        page.locator("#reason").fill(strings[0])
        page.wait_for_timeout(200)
        seen = re.sub(r"\s", "", page.locator("#panel").inner_text() + "".join(page.locator("#panel details, #panel .why").all_text_contents()))
        shown += sum(re.sub(r"\s", "", one) in seen for one in strings)
        assert page.evaluate("[hits, reports]") == [[], []]
        page.keyboard.press("Escape")
        page.goto(f"/claims/{pk}/letter?kind=reject")
        assert page.evaluate("[hits, reports]") == [[], []]
    assert shown == len(SCRIPTS)
    page.goto("/queue?q=X-&status=")
    expect(page.locator("[data-row]")).to_have_count(6)
    assert page.evaluate("[hits, reports]") == [[], []]
    watcher = visit("zhao", "/audit")
    expect(watcher.locator("tbody")).to_contain_text("hit(")
    assert watcher.evaluate("[hits, reports]") == [[], []]


def test_a_script_that_did_get_into_a_page_would_be_stopped_and_counted(server, browser):
    """What the test above counts is counted: a handler and a script are put into a page past the templates."""
    context = browser.new_context(base_url=server.url)
    context.add_init_script(WATCH)
    page = context.new_page()
    page.goto("/login")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=hit(1)>')")
    page.evaluate("document.body.append(Object.assign(document.createElement('script'), {textContent: 'hit(2)'}))")
    page.wait_for_timeout(500)
    assert len(page.evaluate("reports")) >= 2
    assert page.evaluate("hits") == []
    context.close()


# ---------------------------------------------------------------- for everybody's eyes


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_axe_finds_nothing_serious(server, visit, shot, scheme, language):
    page = visit("wang", color_scheme=scheme, bypass_csp=True, viewport={"width": 1280, "height": 720})  # axe puts rules of its own into the page
    page.context.add_cookies([{"name": "language", "value": language, "url": server.url}])
    claim = f"/claims/{number(server, 'GRAPH-01')}"
    found = []
    for path in ("/queue?stage=&status=", claim, claim + "/letter", claim + "/versions", claim + "/versions/1", "/batches", "/reference", "/figures", "/scheme", "/password", "/nowhere"):
        page.goto(path)
        page.wait_for_timeout(100)
        shot(page, f"axe-{language}-{scheme}-{path.split('?')[0].strip('/').replace('/', '-')}")
        page.evaluate(AXE)
        result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        found += [(path, one["id"], one["impact"], [node["target"] for node in one["nodes"]][:3]) for one in result["violations"] if one["impact"] in ("serious", "critical")]
    assert found == []


def test_axe_finds_nothing_serious_in_a_reviewer_s_forms(server, visit):
    page = visit("qian", f"/claims/{number(server, 'AXE-01')}", bypass_csp=True)
    edit_rate(page, "2")
    page.keyboard.press("y")  # typed into the value
    page.locator(".resort").first.focus()
    page.keyboard.press("y")
    page.locator("[data-verdict=dismissed]").first.press("Enter")
    expect(page.locator("form select")).not_to_have_count(0)
    page.evaluate(AXE)
    result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert [(one["id"], one["impact"], [node["target"] for node in one["nodes"]][:3]) for one in result["violations"] if one["impact"] in ("serious", "critical")] == []
    page.evaluate("localStorage.clear()")
    page.request.post(f"{page.url}/release", headers={"X-CSRFToken": page.locator("input[name=csrfmiddlewaretoken]").first.input_value()})


@pytest.mark.parametrize("size", [(1440, 900), (1280, 720), (1024, 768)])
def test_the_claim_s_page_fits_its_window(server, visit, shot, size):
    page = visit("wang", f"/claims/{number(server, 'GRAPH-01')}", viewport={"width": size[0], "height": size[1]})
    expect(page.locator("#picture")).to_have_js_property("naturalWidth", 1202)
    assert page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]") == list(size)
    foot = page.locator(".decide").bounding_box()
    assert foot["y"] + foot["height"] <= size[1]
    shot(page, f"claim-{size[0]}")


def test_pages_for_what_goes_wrong(server, visit):
    page = visit("li", "/claims/999999")
    expect(page.locator("h1")).to_have_text("没有这一页")
    page.goto("/people")
    expect(page.locator("h1")).to_have_text("无权访问")
    token = page.locator("input[name=csrfmiddlewaretoken]").first.input_value()
    assert page.request.post("/next", form={"asked": ""}, headers={"X-CSRFToken": "x" * 32}).status == 403
    large = page.request.post("/language/zh", form={"back": "x" * 2_100_000}, headers={"X-CSRFToken": token})
    assert large.status == 413
    assert "内容过大" in large.text()
