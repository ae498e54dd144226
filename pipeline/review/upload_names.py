"""Names for what is uploaded: which submission a folder is, and how a file is called on disk.

In:    names as a browser sends them: any text.
Out:   names made here, of letters, digits and few marks, so that none can lead anywhere, be hidden or be too long.
       A name on disk begins with a number of ours; what follows is there for people, who meet it again on the page and in letters.
Fails: never; `id_fault` says what is wrong with an id that a person typed.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath

from models.annexes import INSURERS

ID_CHARACTERS, ID_BYTES = 60, 180  # a folder's name may have 255 bytes
_HINT_CHARACTERS = 40
_UNNAMED = "未命名"
_MARKS = frozenset("-_()（）#")  # no dot: results lie beside claims, as batch.json does
_STARTS = ((b"%PDF-", ".pdf"), (b"PK\x03\x04", ".zip"), (b"\xff\xd8\xff", ".jpg"), (b"\x89PNG", ".png"), (b"II*\x00", ".tif"), (b"MM\x00*", ".tif"), (b"BM", ".bmp"), (b"GIF8", ".gif"))
HEAD = 1024  # bytes that tell what a file is


def id_from(label: str) -> str:
    """The id of a submission whose folder was called so; what an id can't hold becomes "-"."""
    if label == INSURERS:
        return INSURERS
    text = unicodedata.normalize("NFKC", label)
    kept = re.sub("-{2,}", "-", "".join(c if c.isalnum() or c in _MARKS else "-" for c in text))
    return _cut(kept.lstrip("-_"), ID_CHARACTERS, ID_BYTES).rstrip("-_") or _UNNAMED


def numbered(wanted: str, taken: frozenset[str] | set[str]) -> str:
    """The id, or where it is taken the first of id-2, id-3 … that is free."""
    return next(one for n in range(1, len(taken) + 3) if (one := wanted if n == 1 else f"{wanted}-{n}") not in taken)


def id_fault(text: str) -> str:
    """Why a typed id can't be one, by its name in words.toml; "" where it can."""
    if text == INSURERS:
        return ""
    if not text or len(text) > ID_CHARACTERS or len(text.encode("utf-8", "replace")) > ID_BYTES:
        return "id_length"
    return "" if text == id_from(text) else "id_letters"


def disk_name(number: int, name: str, head: bytes) -> str:
    """What a file is called on disk. number: of ours, within its folder; name: as uploaded; head: its first bytes, which say what kind it is.

    '../发票 1.PDF' → '0003-发票-1.pdf'
    """
    hint = _cut(id_from(PurePosixPath(name.replace("\\", "/")).stem), _HINT_CHARACTERS, 3 * _HINT_CHARACTERS)
    return f"{number:04}-{hint}{_suffix(head)}"


def in_order(name: str) -> tuple[tuple[int, int, str], ...]:
    """Sorts names as people do: 'p2' before 'p10'."""
    return tuple((0, int(part), "") if part.isascii() and part.isdigit() else (1, 0, part.casefold()) for part in re.split(r"([0-9]{1,18})", name) if part)


def _suffix(head: bytes) -> str:
    return next((suffix for start, suffix in _STARTS if head.startswith(start)), ".pdf" if b"%PDF-" in head else ".bin")


def _cut(text: str, characters: int, size: int) -> str:
    return text[:characters].encode("utf-8", "replace")[:size].decode("utf-8", "ignore")
