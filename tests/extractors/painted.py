"""Pages for tests, painted: real PDFs and pictures with Chinese print, rules, stamps, turned and askew."""

from __future__ import annotations

import io
import math

import cv2
import numpy as np
import numpy.typing as npt
import pymupdf
from PIL import Image

Picture = npt.NDArray[np.uint8]

FONT = pymupdf.Font("cjk")
TEXT = (
    "宁波市高端装备首台套保险补贴申请材料",
    "投保企业名称：宁波东方精密机械有限公司",
    "承保机构名称：中国人民财产保险股份有限公司宁波市分公司",
    "保单号：PQZB202033020000001234",
    "保险金额：人民币伍佰陆拾万元整（¥5,600,000.00）",
    "保险费：人民币壹拾肆万伍仟陆佰元整（¥145,600.00）",
    "保险期间：自2020年3月1日零时起至2021年2月28日二十四时止",
    "本申请表所填内容及附件材料均真实有效，如有虚假愿意承担相应法律责任。",
)


def pdf(*pages: tuple[str, ...], size: float = 14, left: float = 60, **save: object) -> bytes:
    """A born-digital PDF, lines of text a page."""
    document = pymupdf.open()
    for lines in pages or (TEXT,):
        page = document.new_page(width=595, height=842)
        writer = pymupdf.TextWriter(page.rect)
        for row, text in enumerate(lines):
            writer.append((left, 90 + row * 2.6 * size), text, font=FONT, fontsize=size)
        writer.write_text(page)
    document.subset_fonts()
    return bytes(document.tobytes(**save))


def picture_of(data: bytes, dpi: int = 150, page: int = 0) -> Picture:
    pixmap = pymupdf.open(stream=data, filetype="pdf")[page].get_pixmap(dpi=dpi)
    return np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.width, 3).copy()


def encoded(picture: Picture, form: str = "JPEG", **options: object) -> bytes:
    out = io.BytesIO()
    Image.fromarray(picture).save(out, form, **({"quality": 90} if form == "JPEG" else {}) | options)
    return out.getvalue()


def scanned(*pictures: Picture, dpi: int = 150, rotate: int = 0, hidden: tuple[str, ...] = ()) -> bytes:
    """A PDF of one picture a page; `rotate` is the PDF's own /Rotate, `hidden` an invisible text layer."""
    document = pymupdf.open()
    for picture in pictures:
        height, width = picture.shape[:2]
        page = document.new_page(width=width * 72 / dpi, height=height * 72 / dpi)
        page.insert_image(page.rect, stream=encoded(picture))
        for row, text in enumerate(hidden):
            page.insert_text((60, 90 + 36 * row), text, fontname="china-s", fontsize=14, render_mode=3)
        page.set_rotation(rotate)
    return bytes(document.tobytes())


def askew(picture: Picture, degrees: float) -> Picture:
    """Turned clockwise by a few degrees on white."""
    height, width = picture.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1.0)
    return cv2.warpAffine(picture, matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=(255, 255, 255)).astype(np.uint8)


def glyph(character: str, pixels: int) -> Picture:
    """One character, black on white, `pixels` square."""
    document = pymupdf.open()
    page = document.new_page(width=100, height=100)
    writer = pymupdf.TextWriter(page.rect)
    writer.append((6, 82), character, font=FONT, fontsize=88)
    writer.write_text(page)
    pixmap = page.get_pixmap(dpi=round(72 * pixels / 100 * 2), colorspace=pymupdf.csGRAY)
    big = np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.width)
    return cv2.resize(big, (pixels, pixels), interpolation=cv2.INTER_AREA).astype(np.uint8)


def stamp(name: str, purpose: str = "", radius: int = 118, oval: float = 1.0, lean: float = 0.0) -> npt.NDArray[np.float32]:
    """A seal's ink, 0 to 1: ring, name on the arc, star, purpose below. oval: height over width; lean: degrees clockwise."""
    side = 2 * radius + 20
    middle = side / 2
    ink = np.zeros((side, side), np.float32)
    cv2.circle(ink, (round(middle), round(middle)), radius, 1.0, max(3, radius // 22), cv2.LINE_AA)
    letter = round(radius * 0.27)
    sweep = min(270.0, 25.0 * len(name))
    for i, character in enumerate(name):
        angle = -sweep / 2 + sweep * i / max(1, len(name) - 1)
        t = math.radians(angle)
        x, y = middle + 0.77 * radius * math.sin(t), middle - 0.77 * radius * math.cos(t)
        _paste(ink, glyph(character, letter), x, y, angle)
    star = [
        (middle + (0.26 if k % 2 == 0 else 0.10) * radius * math.sin(math.pi * k / 5), middle - (0.26 if k % 2 == 0 else 0.10) * radius * math.cos(math.pi * k / 5))
        for k in range(10)
    ]
    cv2.fillPoly(ink, [np.array(star, np.int32)], 1.0)
    for i, character in enumerate(purpose):
        size = round(radius * 0.17)
        _paste(ink, glyph(character, size), middle + (i - (len(purpose) - 1) / 2) * size * 1.05, middle + 0.47 * radius, 0.0)
    turn = cv2.getRotationMatrix2D((middle, middle), -lean, 1.0)
    turn[1] = [oval * turn[1, 0], oval * turn[1, 1], oval * turn[1, 2] + (1 - oval) * middle] if oval != 1 else turn[1]
    return cv2.warpAffine(ink, turn, (side, side), flags=cv2.INTER_LINEAR).astype(np.float32).clip(0, 1)


def stamped(picture: Picture, ink: npt.NDArray[np.float32], x: int, y: int, colour: tuple[int, int, int] = (214, 40, 48), strength: float = 0.9) -> Picture:
    """A picture with a seal's ink laid over it, its centre at x, y: ink lets its own colour through, print beneath stays dark."""
    out = picture.astype(np.float32)
    high, wide = ink.shape
    top, left = y - high // 2, x - wide // 2
    y0, x0, y1, x1 = max(0, top), max(0, left), min(out.shape[0], top + high), min(out.shape[1], left + wide)
    cover = ink[y0 - top : y1 - top, x0 - left : x1 - left, None] * strength
    through = 1 - cover * (1 - np.array(colour, np.float32) / 255)
    out[y0:y1, x0:x1] *= through
    return out.clip(0, 255).astype(np.uint8)


def _paste(ink: npt.NDArray[np.float32], letter: Picture, x: float, y: float, angle: float) -> None:
    size = letter.shape[0]
    matrix = cv2.getRotationMatrix2D((size / 2, size / 2), -angle, 1.0)
    matrix[:, 2] += (x - size / 2, y - size / 2)
    dark = (255 - letter).astype(np.float32) / 255
    np.maximum(ink, cv2.warpAffine(dark, matrix, (ink.shape[1], ink.shape[0]), flags=cv2.INTER_LINEAR), out=ink)
