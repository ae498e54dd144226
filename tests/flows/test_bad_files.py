"""Bad files among good ones: each is set aside with its reason, the rest goes on, the exit status is 0."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pymupdf
import pytest
from PIL import Image

pytestmark = pytest.mark.slow


def pdf(text: str, **save: object) -> bytes:
    document = pymupdf.open()
    page = document.new_page()
    page.insert_text((72, 100), text, fontname="china-s", fontsize=20)
    return document.tobytes(**save)


def jpeg() -> bytes:
    picture = pymupdf.open(stream=pdf("保险单 保单号：AB202012345678"), filetype="pdf")[0].get_pixmap(dpi=120)
    out = io.BytesIO()
    Image.frombytes("RGB", (picture.width, picture.height), picture.samples).save(out, "JPEG", quality=90)
    return out.getvalue()


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("pages.pdf", b"%PDF-1.4\n" + b"0" * (300 * 2**20))
    return out.getvalue()


@pytest.fixture(scope="module")
def claim(papers: Path, tmp_path_factory: pytest.TempPathFactory) -> dict:
    root = tmp_path_factory.mktemp("bad")
    folder = root / "batch" / "X-1"
    folder.mkdir(parents=True)
    good = pdf("营业执照 统一社会信用代码")
    files = {
        "good.pdf": good,
        "misnamed.jpg": good,
        "empty.pdf": b"",
        "cut.jpg": jpeg()[:-4000],
        "cut.pdf": good[: len(good) // 3],
        "locked.pdf": pdf("秘密", encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="x", owner_pw="y"),
        "letter.docx": b"PK\x03\x04 not really",
        "notes.txt": "说明".encode(),
        "bomb.zip": bomb(),
    }
    for name, data in files.items():
        (folder / name).write_bytes(data)
    (root / "batch" / "lost.pdf").write_bytes(good)
    command = [sys.executable, "-m", "flows.cli", "run", str(root / "batch"), "--reference", str(papers / "reference"), "--out", str(root / "out")]
    done = subprocess.run([*command, "--scheme", "ningbo-2020", "--year", "2021", "--workers", "1"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr + done.stdout
    assert "lost.pdf" in done.stdout
    return json.loads((root / "out" / "X-1" / "claim.json").read_text("utf-8"))


@pytest.mark.parametrize(
    ("file", "reasons"),
    [
        ("empty.pdf", {"empty"}),
        ("cut.jpg", {"truncated", "damaged"}),
        ("cut.pdf", {"truncated", "damaged"}),
        ("locked.pdf", {"encrypted"}),
        ("letter.docx", {"unsupported", "damaged", "truncated"}),
        ("notes.txt", {"unsupported"}),
        ("bomb.zip", {"zip_bomb"}),
    ],
)
def test_a_bad_file_is_set_aside_with_its_reason(claim: dict, file: str, reasons: set[str]) -> None:
    found = {q["file"]: q["reason"] for q in claim["quarantined"]}
    if file.startswith("bomb.zip"):
        assert {found.get("bomb.zip"), found.get("bomb.zip/pages.pdf")} & {"zip_bomb", "too_large"}
    else:
        assert found.get(file) in reasons


def test_good_files_are_read_whatever_their_names_say(claim: dict) -> None:
    assert {"good.pdf", "misnamed.jpg"} <= {document["file"] for document in claim["documents"]}


def test_a_claim_with_files_set_aside_is_not_clear(claim: dict) -> None:
    assert claim["triage"] != "clear"
