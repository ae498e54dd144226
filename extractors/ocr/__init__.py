"""Finding and reading lines of text on upright pictures: an engine is a small protocol, PP-OCRv6 is what stands behind it."""

from __future__ import annotations

from extractors.ocr.engine import Engine, build
from extractors.ocr.settings import Backend, ModelSize, OcrSettings

__all__ = ["Backend", "Engine", "ModelSize", "OcrSettings", "build"]
