"""Typefaces: MuPDF's own and, where the machine has them, a Song, a Hei and a Kai face.

In:    a name: "cjk", "helv", "tiro", "cour" (MuPDF's own), "song", "hei", "kai", "hand", or "serif", "sans", "black", "heavy" (Noto's, two of them bold).
Out:   a `pymupdf.Font`; a face that the machine lacks is replaced by MuPDF's own, so a batch can be made anywhere, only plainer.
The same seed gives the same bytes on machines with the same faces.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from functools import cache
from typing import Any

import pymupdf

# what may stand for a face, best first, by the family names that fontconfig lists
_FAMILIES: Mapping[str, tuple[str, ...]] = {
    "song": ("SimSun", "FangSong", "Songti SC", "AR PL UMing CN", "AR PL SungtiL GB"),
    "hei": ("SimHei", "Microsoft YaHei", "Heiti SC", "WenQuanYi Zen Hei", "WenQuanYi Micro Hei"),
    "kai": ("KaiTi", "Kaiti SC", "AR PL UKai CN", "AR PL KaitiM GB"),
    "hand": ("Long Cang", "Zhi Mang Xing", "Ma Shan Zheng", "Liu Jian Mao Cao", "HanziPen SC", "KaiTi", "AR PL UKai CN"),
}
# faces that lie in collections behind others: MuPDF can embed them whole only, so papers in them are never born digital
_COLLECTED: Mapping[str, tuple[str, str]] = {
    "serif": ("NotoSerifCJK-Regular.ttc", "song"),
    "black": ("NotoSerifCJK-Bold.ttc", "song"),
    "sans": ("NotoSansCJK-Regular.ttc", "hei"),
    "heavy": ("NotoSansCJK-Bold.ttc", "hei"),
}
_SIMPLIFIED = 2  # of Noto's collections: Japanese, Korean, simplified Chinese
_LISTING_SECONDS = 20


def is_collected(name: str) -> bool:
    """Whether a face is one that can't be embedded in part."""
    return name in _COLLECTED


@cache
def _listing() -> tuple[tuple[str, str, str], ...]:
    """File, families and index of each Chinese face, as fontconfig knows them; nothing where there is no fontconfig."""
    lister = shutil.which("fc-list")
    if lister is None:
        return ()
    try:
        listed = subprocess.run([lister, ":lang=zh-cn", "family", "file", "index"], capture_output=True, text=True, timeout=_LISTING_SECONDS, check=True)  # noqa: S603 - our own words, and a program found on the path  # nosec B603
    except (OSError, subprocess.SubprocessError):
        return ()
    rows = []
    for row in sorted(listed.stdout.splitlines()):  # "/path/file.ttc: Family,家族:index=0"
        file, _, rest = row.partition(": ")
        names, _, index = rest.rpartition(":index=")
        rows.append((file, names, index))
    return tuple(rows)


@cache
def installed() -> Mapping[str, str]:
    """Family -> file of the first face of each Chinese font file."""
    found: dict[str, str] = {}
    for file, names, index in _listing():
        if index == "0":  # MuPDF opens a collection's first face
            for name in names.split(","):
                found.setdefault(name.strip(), file)
    return found


@cache
def font(name: str) -> pymupdf.Font:
    """The face of a name."""
    if name in _COLLECTED:
        return _collected(*_COLLECTED[name])
    if name not in _FAMILIES:
        return pymupdf.Font(name)
    file = next((installed()[family] for family in _FAMILIES[name] if family in installed()), None)
    return pymupdf.Font(fontfile=file) if file else pymupdf.Font("cjk")


def _collected(file: str, instead: str) -> pymupdf.Font:
    path = next((path for path, _, index in _listing() if path.endswith(file) and index == str(_SIMPLIFIED)), None)
    if path is None:
        return font(instead)
    face: Any = pymupdf.Font("helv")  # PyMuPDF opens a collection's first face only
    face.this = pymupdf.mupdf.fz_new_font_from_file(None, path, _SIMPLIFIED, 0)
    return face


__all__ = ["font", "installed", "is_collected"]
