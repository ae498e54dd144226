"""PaddleOCR's own detection and recognition modules behind the engine protocol.

Slower than `OnnxEngine` on a plain CPU; there for graphics cards and for models that only PaddleOCR can run. It takes seconds to import, so
that happens when the first page is read. Pages reach it as arrays: it never opens a file, and nothing is downloaded.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from extractors.ocr import weights
from extractors.ocr.engine import read_lines
from extractors.ocr.recognition import NOTHING, Reading
from extractors.ocr.settings import ModelSize, OcrSettings
from extractors.pictures import Picture
from models.page import Line


class PaddleEngine:
    """PP-OCRv6 by `paddleocr`. Characters' places are not told: they are taken as evenly spread."""

    def __init__(self, settings: OcrSettings) -> None:
        self._settings = settings
        self._folders = tempfile.TemporaryDirectory(prefix="claim-intake-models-")
        self._detector: Any = None
        self._recognisers: dict[ModelSize, Any] = {}

    @property
    def name(self) -> str:
        return "ppocrv6-paddle"

    @property
    def version(self) -> str:
        s = self._settings
        return f"{self.name} {s.detection.value}@{s.detection_side} {s.recognition.value} {s.device} {s.models or ''}".strip()

    def find(self, image: Picture) -> npt.NDArray[np.float32]:
        if self._detector is None:
            paddleocr = _imported()
            s = self._settings
            self._detector = paddleocr.TextDetection(
                **self._model(s.detection, "det"), limit_side_len=s.detection_side, limit_type="max"
            )
        result = next(iter(self._detector.predict(_bgr(image))))
        polygons = [np.asarray(p, np.float32).reshape(-1, 2) for p in result["dt_polys"]]
        return np.stack([p for p in polygons if len(p) == 4]) if polygons else np.zeros((0, 4, 2), np.float32)

    def recognise(self, crops: Sequence[Picture], *, careful: bool = False) -> list[Reading]:
        del careful  # there is one model only, the one asked for
        if not crops:
            return []
        size = self._settings.recognition
        if size not in self._recognisers:
            self._recognisers[size] = _imported().TextRecognition(**self._model(size, "rec"))
        order = sorted(range(len(crops)), key=lambda i: crops[i].shape[1] / max(1, crops[i].shape[0]))
        inputs = [_bgr(crops[i]) for i in order]
        readings = [NOTHING] * len(crops)
        for index, result in zip(order, self._recognisers[size].predict(inputs, batch_size=self._settings.batch), strict=True):
            text = str(result["rec_text"])
            shares = tuple((k + 0.5) / len(text) for k in range(len(text)))
            readings[index] = Reading(text, shares, (float(result["rec_score"]),) * len(text))
        return readings

    def read(self, images: Sequence[Picture]) -> list[list[Line]]:
        return [read_lines(self, image, self._settings.min_confidence) for image in images]

    def _model(self, size: ModelSize, kind: str) -> dict[str, Any]:
        """Arguments that name one of our models."""
        name, folder = model_folder(size, kind, self._settings.models, Path(self._folders.name))
        device = self._settings.device
        return {"model_name": name, "model_dir": str(folder), "engine": "onnxruntime", "device": device} | (
            {"cpu_threads": self._settings.threads_used} if device == "cpu" else {}
        )


def model_folder(size: ModelSize, kind: str, models: Path | None, within: Path) -> tuple[str, Path]:
    """Name and folder of a model as PaddleOCR wants it: inference.onnx beside inference.yml, as links below `within`. kind: det or rec."""
    where = weights.folder(size, kind, models)
    folder = within / size.value / kind
    folder.mkdir(parents=True, exist_ok=True)
    for source, name in ((weights.network(where), "inference.onnx"), (where / "inference.yml", "inference.yml")):
        target = folder / name
        if not target.exists():
            target.symlink_to(source)
    return weights.model_name(where), folder


def _bgr(image: Picture) -> Picture:
    """Three channels in the order that PaddleOCR wants."""
    return np.repeat(image[:, :, None], 3, 2) if image.ndim == 2 else np.ascontiguousarray(image[:, :, ::-1])


def _imported() -> Any:
    os.environ.setdefault("PADDLE_PDX_DISABLE_MODEL_SOURCE_CHECK", "True")  # it would look for a network otherwise
    import paddleocr

    return paddleocr
