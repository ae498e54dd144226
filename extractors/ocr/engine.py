"""Reading the lines of upright pictures.

In:    pictures, RGB or grey. Out: lines with box, text, confidence and the place of each character, in fractions of the picture.
Elsewhere: turning pages, seals, cells, the order of lines (extractors/pictures, extractors/seals, extractors/reading.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from extractors.ocr import backends, cascade, detection, recognition, weights
from extractors.ocr.crops import Quad, crop, sides
from extractors.ocr.recognition import NOTHING, Reading
from extractors.ocr.settings import Backend, ModelSize, OcrSettings
from extractors.pictures import Picture
from models.geometry import Box
from models.page import Line

_WIDE = 1.25  # stretch of a crop with a long number: figures are half as wide as Chinese characters
_TALL = 1.5  # a crop this many times as high as wide is a column of characters or lies on its side


@runtime_checkable
class Engine(Protocol):
    """Something that finds lines on a picture and reads them."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str:
        """Changes whenever the same picture might be read otherwise."""
        ...

    def find(self, image: Picture) -> npt.NDArray[np.float32]:
        """Quadrilaterals (n, 4, 2) of lines, pixels of the picture."""
        ...

    def recognise(self, crops: Sequence[Picture], *, careful: bool = False) -> list[Reading]:
        """What level crops of one line each say. careful: the best that the engine can do, however long it takes, with all that it thinks possible where it can tell."""
        ...

    def read(self, images: Sequence[Picture]) -> list[list[Line]]:
        """Lines of upright pictures, in no particular order."""
        ...


@dataclass(frozen=True)
class Found:
    """One line: its quadrilateral in pixels and what it says."""

    quad: Quad
    reading: Reading

    def line(self, width: int, height: int) -> Line:
        xs, ys = self.quad[:, 0] / width, self.quad[:, 1] / height
        box = Box(*(min(1.0, max(0.0, float(v))) for v in (xs.min(), ys.min(), xs.max(), ys.max())))
        along, across = sides(self.quad)
        upright = across > _TALL * along
        left, right = float(xs[0] + xs[3]) / 2, float(xs[1] + xs[2]) / 2
        places = () if upright else tuple(left + at * (right - left) for at in self.reading.at)
        return Line(text=self.reading.text, box=box, confidence=self.reading.confidence, xs=places, sure=self.reading.sure)


def read_quads(engine: Engine, image: Picture, found: npt.NDArray[np.float32]) -> list[Found]:
    """Read what stands in each quadrilateral; columns of characters too."""
    cut = [crop(image, quad) for quad in found]
    readings = engine.recognise(cut)
    return [Found(quad, reading) for quad, reading in zip(found, readings, strict=True)]


def read_lines(engine: Engine, image: Picture, least: float) -> list[Line]:
    """Lines of one upright picture that are read with a confidence of at least `least`."""
    height, width = image.shape[:2]
    found = read_quads(engine, image, engine.find(image))
    return [one.line(width, height) for one in found if one.reading.text and one.reading.confidence >= least]


class OnnxEngine:
    """PP-OCRv6 on OpenVINO or ONNX Runtime: detection once, recognition by a cascade.

    Networks are loaded when first needed, so an engine that has nothing to read costs nothing.
    """

    def __init__(self, settings: OcrSettings) -> None:
        self._settings = settings
        self._backend = backends.chosen(settings.backend)
        self._networks: dict[str, backends.Network] = {}
        self._recognition: dict[ModelSize, weights.RecognitionWeights] = {}
        self._detection: weights.DetectionWeights | None = None

    @property
    def name(self) -> str:
        return f"ppocrv6-{self._backend.value}"

    @property
    def version(self) -> str:
        s = self._settings
        cascade = f"{s.cascade_below:g}/{s.cascade_below_char:g}" if s.cascade else "-"
        return f"{self.name} {s.detection.value}@{s.detection_side} {s.recognition.value} {cascade} x{s.width_scale:g} bf16={s.bf16} {s.models or ''}".strip()

    def find(self, image: Picture) -> npt.NDArray[np.float32]:
        if self._detection is None:
            self._detection = weights.detection(self._settings.detection, self._settings.models)
        parameters = self._detection
        chances = self._network(f"det {self._settings.detection}", parameters.path)(detection.prepared(image, self._settings.detection_side, parameters))
        return detection.quads(chances[0, 0], image.shape[1], image.shape[0], parameters)

    def recognise(self, crops: Sequence[Picture], *, careful: bool = False) -> list[Reading]:
        s = self._settings
        if careful or not s.cascade or s.recognition is ModelSize.TINY:
            return self._recognise(crops, s.recognition, places=careful)
        readings = self._recognise(crops, ModelSize.TINY, s.width_scale)
        self._read_again(crops, readings, [cascade.numbers(r, c.shape[1] / c.shape[0]) for r, c in zip(readings, crops, strict=True)], ModelSize.TINY, cascade.settled)
        self._read_again(crops, readings, [cascade.doubtful(r, s.cascade_below, s.cascade_below_char) for r in readings], s.recognition, cascade.better)
        return readings

    def _read_again(
        self, crops: Sequence[Picture], readings: list[Reading], stretches: Sequence[Sequence[cascade.Stretch]], size: ModelSize, choose: cascade.Choice
    ) -> None:
        """Put what a second look gives in the place of stretches of the readings; numbers are looked at wide."""
        wanted = [(i, stretch) for i, many in enumerate(stretches) for stretch in many]
        cut = [cascade.piece(crops[i], readings[i], stretch) for i, stretch in wanted]
        again = self._at_widths([part for part, _, _ in cut], [stretch.number for _, stretch in wanted], size)
        missed: set[int] = set()
        # From the right to the left: what is set right doesn't move what is still to come.
        for (i, stretch), (_, left, right), second in reversed(list(zip(wanted, cut, again, strict=True))):
            merged = cascade.merged(readings[i], stretch, second, left, right, choose)
            if merged is None:
                missed.add(i)
            else:
                readings[i] = merged
        whole = sorted(missed)
        wide = [any(stretch.number for stretch in stretches[i]) for i in whole]
        for i, second in zip(whole, self._at_widths([crops[i] for i in whole], wide, size), strict=True):
            readings[i] = choose(readings[i], second)

    def _at_widths(self, crops: Sequence[Picture], wide: Sequence[bool], size: ModelSize) -> list[Reading]:
        """Crops read as they are, or wide."""
        readings = [NOTHING] * len(crops)
        for flag, scale in ((False, 1.0), (True, _WIDE)):
            members = [i for i, is_wide in enumerate(wide) if is_wide is flag]
            for i, reading in zip(members, self._recognise([crops[i] for i in members], size, scale), strict=True):
                readings[i] = reading
        return readings

    def read(self, images: Sequence[Picture]) -> list[list[Line]]:
        return [read_lines(self, image, self._settings.min_confidence) for image in images]

    def _recognise(self, crops: Sequence[Picture], size: ModelSize, width_scale: float = 1.0, *, places: bool = False) -> list[Reading]:
        if not crops:
            return []
        if size not in self._recognition:
            self._recognition[size] = weights.recognition(size, self._settings.models)
        parameters = self._recognition[size]
        network = self._network(f"rec {size}", parameters.path)
        s = self._settings
        return recognition.recognise(crops, network, parameters.characters, parameters.height, batch=s.batch, width_scale=width_scale, places=places, apart=size is not ModelSize.TINY)

    def _network(self, key: str, path: Path) -> backends.Network:
        if key not in self._networks:
            self._networks[key] = backends.load(path, self._backend, self._settings.threads_used, self._settings.bf16)
        return self._networks[key]


def build(settings: OcrSettings) -> Engine:
    """The engine that the settings ask for; loads nothing yet."""
    if settings.backend is Backend.PADDLE:
        from extractors.ocr.paddle import PaddleEngine

        return PaddleEngine(settings)
    return OnnxEngine(settings)


__all__ = ["Engine", "Found", "OnnxEngine", "build", "read_lines", "read_quads"]
