"""Figures as they are printed on money: narrow, and often the same one several times."""

from __future__ import annotations

from random import Random

import cv2
import numpy as np
import pymupdf
import pytest

from extractors.ocr import OcrSettings, build
from extractors.pictures import Grey

SIZE = 10.5  # points


def printed(text: str, font: str, dpi: int) -> Grey:
    """One line as a scanner sees it, a little soft and grainy."""
    page = pymupdf.open().new_page(width=420, height=30)
    x = 8.0
    for c in text:
        name = font if c.isascii() else "china-s"
        page.insert_text((x, 20), c, fontname=name, fontsize=SIZE)
        x += SIZE / 2 if c.isascii() and name == "china-s" else pymupdf.get_text_length(c, name, SIZE)
    pixels = page.get_pixmap(dpi=dpi, colorspace=pymupdf.csGRAY, clip=pymupdf.Rect(5, 8, x + 4, 24))
    line = np.frombuffer(pixels.samples, np.uint8).reshape(pixels.height, pixels.width)
    soft = cv2.GaussianBlur(line, (0, 0), 0.5).astype(np.float32)
    return (soft + np.random.default_rng(1).normal(0, 4, soft.shape)).clip(0, 255).astype(np.uint8)


def amounts() -> list[str]:
    rng = Random(3)
    same = [f"金额{digit * count}.00元" for digit in "0578" for count in (4, 8)]
    accounts = ["账号：" + "".join(rng.choice("000011223") for _ in range(19)) for _ in range(12)]
    return same + accounts + [f"保险金额{value:,}.00元" for value in (1_000_000, 11_000_000, 2_222_220, 300_033)]


@pytest.mark.parametrize("dpi", [120, 200])
@pytest.mark.parametrize("font", ["china-s", "helv", "tiro"])
def test_no_figure_of_a_long_number_is_lost(font: str, dpi: int) -> None:
    texts = amounts()
    readings = build(OcrSettings()).recognise([printed(text, font, dpi) for text in texts])
    read = [reading.text.replace(":", "：").replace(" ", "").replace("，", ",") for reading in readings]
    wrong = [(text, got) for text, got in zip(texts, read, strict=True) if got != text]
    assert wrong == []
