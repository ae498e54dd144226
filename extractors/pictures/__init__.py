"""What is seen on pictures of pages and done to them, each in a module of its own.

In:    pictures as arrays (arrays.py), lines found on them.
Out:   mended pictures (light, pale, curl, two_up, upright), what stands on them besides text (grid, ticks), print that was overlooked (gaps),
       whether they can be read at all (legibility), what they look like (look).
Elsewhere: stamps (extractors/seals), reading text (extractors/ocr), the order of all this (extractors/reading.py).
"""

from extractors.pictures.arrays import Grey, Picture, grey_of, percentiles, pieces, shrunk

__all__ = ["Grey", "Picture", "grey_of", "percentiles", "pieces", "shrunk"]
