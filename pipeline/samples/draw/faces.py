"""Typefaces: MuPDF's own and, where the machine has them, a Song, a Hei and a Kai face.

In:    a name: "cjk", "helv", "tiro", "cour" (MuPDF's own) or "song", "hei", "kai", "hand".
Out:   a `pymupdf.Font`; a face that the machine lacks is replaced by MuPDF's own, so a batch can be made anywhere, only plainer.
The same seed gives the same bytes on machines with the same faces.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from functools import cache

import pymupdf

# what may stand for a face, best first, by the family names that fontconfig lists
_FAMILIES: Mapping[str, tuple[str, ...]] = {
    "song": ("SimSun", "FangSong", "Songti SC", "AR PL UMing CN", "AR PL SungtiL GB"),
    "hei": ("SimHei", "Microsoft YaHei", "Heiti SC", "WenQuanYi Zen Hei", "WenQuanYi Micro Hei"),
    "kai": ("KaiTi", "Kaiti SC", "AR PL UKai CN", "AR PL KaitiM GB"),
    "hand": ("Long Cang", "Zhi Mang Xing", "Ma Shan Zheng", "Liu Jian Mao Cao", "HanziPen SC", "KaiTi", "AR PL UKai CN"),
}
_LISTING_SECONDS = 20


@cache
def installed() -> Mapping[str, str]:
    """Family -> file of the first face of each Chinese font file, as fontconfig knows them; empty where there is no fontconfig."""
    lister = shutil.which("fc-list")
    if lister is None:
        return {}
    try:
        listed = subprocess.run([lister, ":lang=zh-cn", "family", "file", "index"], capture_output=True, text=True, timeout=_LISTING_SECONDS, check=True)  # noqa: S603 - our own words, and a program found on the path  # nosec B603
    except (OSError, subprocess.SubprocessError):
        return {}
    found: dict[str, str] = {}
    for row in sorted(listed.stdout.splitlines()):  # "/path/file.ttc: Family,家族:index=0"
        file, _, rest = row.partition(": ")
        names, _, index = rest.rpartition(":index=")
        if index == "0":  # MuPDF opens a collection's first face
            for name in names.split(","):
                found.setdefault(name.strip(), file)
    return found


@cache
def font(name: str) -> pymupdf.Font:
    """The face of a name."""
    if name not in _FAMILIES:
        return pymupdf.Font(name)
    file = next((installed()[family] for family in _FAMILIES[name] if family in installed()), None)
    return pymupdf.Font(fontfile=file) if file else pymupdf.Font("cjk")


__all__ = ["font", "installed"]
