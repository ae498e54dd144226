"""JPEG pictures in three colours, decoded several times faster than MuPDF does it.

In:    a JPEG's bytes. Out: its pixels, RGB.
Fails: never; None for whatever isn't a whole picture in RGB or grey: MuPDF or Pillow then decodes it, or says what is wrong with it.
"""

from __future__ import annotations

import simplejpeg

from extractors.pictures import Picture

_PLAIN = frozenset({"YCbCr", "RGB", "Gray"})


def decoded(data: bytes, width: int, height: int) -> Picture | None:
    """The pixels of a JPEG that is said to be so large; None where it is otherwise, has other colours, or anything about it is wrong."""
    try:
        rows, columns, colours, _ = simplejpeg.decode_jpeg_header(data)
        if colours not in _PLAIN or (columns, rows) != (width, height):
            return None
        picture: Picture = simplejpeg.decode_jpeg(data, "RGB", fastdct=False, fastupsample=False, strict=True)
    except (ValueError, TypeError, MemoryError, OverflowError):
        return None
    return picture


__all__ = ["decoded"]
