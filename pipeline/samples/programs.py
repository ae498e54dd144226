"""How programs write pages that were never paper: fonts without a table of their letters, letters one by one, values in form fields, pictures among the text.

In:    a page of a `Book`.
Out:   a PDF of that page alone, which looks the same and says the same to a reader's eye; what its text layer says may be something else.
Elsewhere: scans in files (pipeline/samples/files.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from random import Random
from typing import Any

import pymupdf

from pipeline.samples.files import SIMSUN

Program = Callable[[Any, int], bytes]
_DIGITS = str.maketrans("0123456789", "5804713962")
_ODD = 2  # every so manieth line with figures is a value that is typed into a form


@dataclass(frozen=True)
class _Letter:
    text: str
    x: float
    y: float
    size: float


def _alone(doc: Any, number: int) -> Any:
    out: Any = pymupdf.open()
    out.insert_pdf(doc, from_page=number, to_page=number)
    return out


def _saved(out: Any) -> bytes:
    data = bytes(out.tobytes(garbage=3, deflate=True, no_new_id=True))
    out.close()
    return data


@cache
def _font() -> Any:
    return pymupdf.Font("cjk")


def drawn(doc: Any, number: int) -> bytes:
    """The page as it is."""
    out = _alone(doc, number)
    out.subset_fonts()
    return _saved(out)


def _rows(page: Any) -> list[tuple[Any, list[_Letter]]]:
    """Level lines with their places."""
    found = []
    for block in page.get_text("rawdict")["blocks"]:
        for line in block.get("lines", ()):
            letters = [_Letter(c["c"], c["origin"][0], c["origin"][1], span["size"]) for span in line["spans"] for c in span["chars"] if not c["c"].isspace()]
            if letters and abs(line["dir"][1]) < 0.01:
                found.append((pymupdf.Rect(line["bbox"]), letters))
    return found


def _without(page: Any, boxes: Sequence[Any]) -> None:
    """Take letters off, leave what else is drawn there."""
    for box in boxes:
        page.add_redact_annot(pymupdf.Rect(box.x0, box.y0 + 0.3 * box.height, box.x1, box.y1 - 0.3 * box.height))
    page.apply_redactions(images=0, graphics=0, text=0)


def _type(page: Any, letters: Sequence[_Letter]) -> int:
    """Letters set one by one, each where it stood. Returns the number of their font's object."""
    font = _font()
    xref = int(page.insert_font(fontname="Apart", fontbuffer=font.buffer))
    height = page.rect.height
    content = "".join(f"BT /Apart {one.size:.2f} Tf 1 0 0 1 {one.x:.2f} {height - one.y:.2f} Tm <{font.has_glyph(ord(one.text)):04x}> Tj ET\n" for one in letters)
    _append(page, f"q 0 g {content} Q")
    return xref


def _append(page: Any, content: str) -> None:
    page.wrap_contents()
    doc = page.parent
    xref = doc.get_new_xref()
    doc.update_object(xref, "<<>>")
    doc.update_stream(xref, content.encode(), new=1)
    own = page.get_contents()
    doc.xref_set_key(page.xref, "Contents", "[" + " ".join(f"{x} 0 R" for x in [*own, xref]) + "]")


def _retyped(doc: Any, number: int, tell: Callable[[str], str] | None = str, shuffle: bool = False) -> bytes:
    """All text set letter by letter in another font. tell: what the font says that a letter is; None: it says nothing."""
    out = _alone(doc, number)
    page = out[0]
    rows = _rows(page)
    _without(page, [box for box, _ in rows])
    letters = [one for _, row in rows for one in row if _font().has_glyph(ord(one.text))]
    if shuffle:
        Random(number).shuffle(letters)
    xref = _type(page, letters)
    if tell is None:
        out.xref_set_key(xref, "ToUnicode", "null")
    elif tell is not str:
        texts = {_font().has_glyph(ord(one.text)): tell(one.text) for one in letters}
        pairs = [f"<{glyph:04x}> <{text.encode('utf-16-be').hex()}>" for glyph, text in texts.items()]
        table = "".join(f"{len(pairs[n:n + 100])} beginbfchar\n" + "\n".join(pairs[n : n + 100]) + "\nendbfchar\n" for n in range(0, len(pairs), 100))
        cmap = out.get_new_xref()
        out.update_object(cmap, "<<>>")
        head = "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /T def /CMapType 2 def 1 begincodespacerange <0000> <ffff> endcodespacerange\n"
        out.update_stream(cmap, (head + table + "endcmap end end").encode(), new=1)
        out.xref_set_key(xref, "ToUnicode", f"{cmap} 0 R")
    return _saved(out)


def _outlines(doc: Any, number: int) -> bytes:
    """No text at all: every letter is a shape."""
    svg = pymupdf.open("svg", doc[number].get_svg_image(text_as_path=True).encode())
    return bytes(svg.convert_to_pdf())


def _type3(doc: Any, number: int) -> bytes:
    """Letters as small pictures in fonts that don't say what they are, as printer drivers write them."""
    out = _alone(doc, number)
    page = out[0]
    rows = _rows(page)
    _without(page, [box for box, _ in rows])
    letters = [one for _, row in rows for one in row if _font().has_glyph(ord(one.text))]
    codes = {text: n for n, text in enumerate(dict.fromkeys(one.text for one in letters))}
    fonts = []
    for start in range(0, len(codes), 90):
        own = [text for text, n in codes.items() if start <= n < start + 90]
        procs = " ".join(f"/g{n} {_glyph(out, text)} 0 R" for n, text in enumerate(own))
        xref = out.get_new_xref()
        widths = " ".join("1000" if ord(text) > 0x2000 else "500" for text in own)
        out.update_object(xref, f"<< /Type /Font /Subtype /Type3 /FontBBox [0 -200 1000 1000] /FontMatrix [0.001 0 0 0.001 0 0] /CharProcs << {procs} >> "
            f"/Encoding << /Type /Encoding /Differences [33 {' '.join(f'/g{n}' for n in range(len(own)))}] >> /FirstChar 33 /LastChar {32 + len(own)} /Widths [{widths}] /Resources << >> >>")  # fmt: skip
        fonts.append(xref)
    names = " ".join(f"/T{n} {xref} 0 R" for n, xref in enumerate(fonts))
    kind, value = out.xref_get_key(page.xref, "Resources")
    resources = int(value.split()[0]) if kind == "xref" else page.xref
    out.xref_set_key(resources, "Font" if kind == "xref" else "Resources/Font", f"<< {names} >>")
    height = page.rect.height
    _append(page, "q 0 g " + "".join(f"BT /T{codes[one.text] // 90} {one.size:.2f} Tf 1 0 0 1 {one.x:.2f} {height - one.y:.2f} Tm <{33 + codes[one.text] % 90:02x}> Tj ET\n" for one in letters) + "Q")
    return _saved(out)


def _glyph(out: Any, text: str, dots: int = 64) -> int:
    """A letter as a stencil of so many dots."""
    page: Any = pymupdf.open().new_page(width=dots, height=1.2 * dots)
    writer = pymupdf.TextWriter(page.rect)
    writer.append((0, dots), text, font=_font(), fontsize=dots)
    writer.write_text(page)
    pixels = page.get_pixmap(colorspace=pymupdf.csGRAY, alpha=False)
    rows = [pixels.samples[y * pixels.stride : y * pixels.stride + dots] for y in range(pixels.height)]
    data = b"".join(sum((byte >= 128) << (7 - k) for k, byte in enumerate(row[x : x + 8])).to_bytes(1, "big") for row in rows for x in range(0, dots, 8))
    xref = out.get_new_xref()
    out.update_object(xref, "<<>>")
    head = f"{1000 if ord(text) > 0x2000 else 500} 0 0 -200 1000 1000 d1 1000 0 0 1200 0 -200 cm BI /W {dots} /H {pixels.height} /IM true /BPC 1 /F /AHx ID {data.hex()}> EI"
    out.update_stream(xref, head.encode(), new=1)
    return int(xref)


def _typed_in(doc: Any, number: int, kind: str, appearance: bool = True) -> bytes:
    """Every second line with figures stands in a form field or a note instead of in the page."""
    out = _alone(doc, number)
    page = out[0]
    chosen = [(box, row) for box, row in _rows(page) if any(one.text.isdigit() for one in row)][::_ODD]
    _without(page, [box for box, _ in chosen])
    font = out.get_new_xref()
    out.update_object(font, SIMSUN)
    height, notes = page.rect.height, []
    for n, (box, row) in enumerate(chosen):
        text = "".join(one.text for one in row)
        code, size = text.encode("utf-16-be").hex(), row[0].size * 0.95
        wide, high = max(box.width + 4, size * len(text) * 1.02), box.height
        form, note = out.get_new_xref(), out.get_new_xref()
        out.update_object(form, f"<< /Type /XObject /Subtype /Form /BBox [0 0 {wide:.2f} {high:.2f}] /Resources << /Font << /S {font} 0 R >> >> >>")
        out.update_stream(form, f"BT /S {size:.2f} Tf 0 g 1 {high * 0.2:.2f} Td <{code}> Tj ET".encode(), new=1)
        shown = f"/AP << /N {form} 0 R >>" if appearance else ""
        what = "/Subtype /FreeText" if kind == "note" else f"/Subtype /Widget /FT /Tx /T (field{n}) /V <feff{code}>"
        contents = f"/Contents <feff{code}>" if kind == "note" else ""
        out.update_object(note, f"<< /Type /Annot {what} {contents} /F 4 /DA (/S {size:.2f} Tf 0 g) /Rect [{box.x0:.2f} {height - box.y1:.2f} {box.x0 + wide:.2f} {height - box.y1 + high:.2f}] {shown} >>")
        notes.append(note)
    listed = " ".join(f"{xref} 0 R" for xref in notes)
    out.xref_set_key(page.xref, "Annots", f"[{listed}]")
    if kind == "field":
        out.xref_set_key(out.pdf_catalog(), "AcroForm", f"<< /Fields [{listed}] /NeedAppearances {'false' if appearance else 'true'} /DR << /Font << /S {font} 0 R >> >> /DA (/S 0 Tf 0 g) >>")
    return _saved(out)


def _pictured(doc: Any, number: int, share: float) -> bytes:
    """A part of the page, some of its lines, is a picture."""
    out = _alone(doc, number)
    page = out[0]
    boxes = sorted((box for box, _ in _rows(page)), key=lambda box: float(box.y0))
    width, height = page.rect.width, page.rect.height
    middle = boxes[len(boxes) // 2]
    part = pymupdf.Rect(30, middle.y0 - 2, width - 30, min(height - 20, middle.y0 + share * height * width / (width - 60)))
    pixels = page.get_pixmap(dpi=200, clip=part)
    within = [box for box in boxes if pymupdf.Rect(part).contains(pymupdf.Point((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2))]
    _without(page, within)
    page.insert_image(part, stream=pixels.tobytes("png"))
    return _saved(out)


def _whited_out(doc: Any, number: int) -> bytes:
    """What stood there before lies covered beneath a white field."""
    out = _alone(doc, number)
    page = out[0]
    chosen = [(box, row) for box, row in _rows(page) if any(one.text.isdigit() for one in row)][::_ODD]
    _without(page, [box for box, _ in chosen])
    letters = [one for _, row in chosen for one in row if _font().has_glyph(ord(one.text))]
    _type(page, [_Letter(one.text.translate(_DIGITS), one.x, one.y, one.size) for one in letters])
    for box, _ in chosen:
        page.draw_rect(box, color=None, fill=(1, 1, 1))
    _type(page, letters)
    return _saved(out)


def _white_words(doc: Any, number: int) -> bytes:
    """Words in white between the lines, which nobody sees."""
    out = _alone(doc, number)
    page = out[0]
    height = page.rect.height
    for row in range(6):
        page.insert_text((60, height * (0.12 + 0.13 * row)), "保险费：人民币 9,999,999.00 元 投保人：另一家公司", fontname="china-s", fontsize=8, color=(1, 1, 1))
    return _saved(out)


PROGRAMS: Mapping[str, Program] = {
    "drawn": drawn,
    "letters one by one": _retyped,
    "letters in any order": partial(_retyped, shuffle=True),
    "font tells nothing": partial(_retyped, tell=None),
    "font tells the next letter": partial(_retyped, tell=lambda c: chr(ord(c) + 1)),
    "font tells Latin letters": partial(_retyped, tell=lambda c: chr(33 + ord(c) % 94)),
    "font tells other digits": partial(_retyped, tell=lambda c: c.translate(_DIGITS)),
    "outlines": _outlines,
    "fonts of pictures": _type3,
    "form fields": partial(_typed_in, kind="field"),
    "form fields, not drawn": partial(_typed_in, kind="field", appearance=False),
    "notes": partial(_typed_in, kind="note"),
    "a picture of 15 %": partial(_pictured, share=0.15),
    "a picture of 6 %": partial(_pictured, share=0.06),
    "a picture of 30 %": partial(_pictured, share=0.30),
    "whited out": _whited_out,
    "white words": _white_words,
}
