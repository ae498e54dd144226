"""Running an ONNX network: OpenVINO (bf16 where the processor has it) or ONNX Runtime.

In:    the path of an ONNX file. Out: a function from a float32 array to a float32 array.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from extractors.ocr.settings import Backend

Floats = npt.NDArray[np.float32]
Network = Callable[[Floats], Floats]


def chosen(backend: Backend) -> Backend:
    """AUTO made plain."""
    if backend is not Backend.AUTO:
        return backend
    return Backend.OPENVINO if find_spec("openvino") else Backend.ONNXRUNTIME


def load(path: Path, backend: Backend, threads: int, bf16: bool) -> Network:
    """A network of one input and one output, ready to run."""
    match chosen(backend):
        case Backend.OPENVINO:
            return _openvino(path, threads, bf16)
        case Backend.ONNXRUNTIME | Backend.PADDLE:
            return _onnxruntime(path, threads)
        case Backend.AUTO:  # pragma: no cover  chosen() never gives it back
            raise AssertionError(backend)


_PREPARED = 1500  # layers times shapes for which OpenVINO keeps its preparations; fewer, and it prepares itself anew all the time
_CORE: Any = None


def _openvino(path: Path, threads: int, bf16: bool) -> Network:
    import openvino

    global _CORE
    if _CORE is None:
        _CORE = openvino.Core()
    options: dict[str, Any] = {"INFERENCE_NUM_THREADS": threads, "PERFORMANCE_HINT": "LATENCY", "ENABLE_CPU_PINNING": False, "CPU_RUNTIME_CACHE_CAPACITY": _PREPARED}
    if bf16 and "BF16" in _CORE.get_property("CPU", "OPTIMIZATION_CAPABILITIES"):
        options["INFERENCE_PRECISION_HINT"] = "bf16"
    else:
        options["INFERENCE_PRECISION_HINT"] = "f32"
    request = _CORE.compile_model(str(path), "CPU", options).create_infer_request()

    def run(batch: Floats) -> Floats:
        request.set_input_tensor(openvino.Tensor(batch, shared_memory=True))
        request.infer(share_outputs=True)  # else all that comes out, megabytes a call, would be copied once more
        out: Floats = request.get_output_tensor(0).data
        return out

    return run


def _onnxruntime(path: Path, threads: int) -> Network:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.enable_cpu_mem_arena = False  # with an arena every new shape keeps its memory
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name

    def run(batch: Floats) -> Floats:
        out: Floats = session.run(None, {name: batch})[0]
        return out

    return run
