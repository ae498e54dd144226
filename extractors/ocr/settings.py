"""What of the reading of lines can be set."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field


class Backend(StrEnum):
    """What runs the networks. AUTO: OpenVINO where it is installed, else ONNX Runtime."""

    AUTO = "auto"
    OPENVINO = "openvino"
    ONNXRUNTIME = "onnxruntime"
    PADDLE = "paddle"  # PaddleOCR's own modules


class ModelSize(StrEnum):
    TINY = "tiny"
    SMALL = "small"


class OcrSettings(BaseModel):
    """How lines are found and read. Every default is what measured best on two cores."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    backend: Backend = Field(default=Backend.AUTO, description="what runs the networks: auto, openvino, onnxruntime or paddle")
    threads: int = Field(default=0, ge=0, le=64, description="threads that one process gives to the networks; 0 shares the processor's cores among the worker processes")
    bf16: bool = Field(default=True, description="compute in bf16 where the processor can (OpenVINO only)")
    detection: ModelSize = Field(default=ModelSize.TINY, description="size of the network that finds lines")
    detection_side: int = Field(default=960, ge=320, le=4096, description="long side, in pixels, of the picture in which lines are looked for")
    recognition: ModelSize = Field(default=ModelSize.SMALL, description="size of the network whose reading counts")
    cascade: bool = Field(default=True, description="let the tiny network read first and ask the larger one only where it is unsure")
    cascade_below: float = Field(default=0.98, ge=0.0, le=1.0, description="mean confidence of a line below which the larger network reads it again")
    cascade_below_char: float = Field(default=0.90, ge=0.0, le=1.0, description="confidence of a line's weakest character below which it is read again")
    batch: int = Field(default=4, ge=1, le=64, description="crops of like width that are read at once, at most")
    width_scale: float = Field(default=0.8, ge=0.5, le=1.5, description="stretch of a crop's width before the tiny network of the cascade reads it")
    min_confidence: float = Field(default=0.4, ge=0.0, le=1.0, description="a line read with less than this is no text")
    models: Path | None = Field(default=None, description="folder with tiny/ and small/ models, each det/ and rec/; default: those that came installed")
    device: str = Field(default="cpu", description="device of the paddle backend: cpu or gpu:0")

    @property
    def threads_used(self) -> int:
        """Threads of this process: as set, else as many as the processor has cores."""
        return self.threads or os.cpu_count() or 1
