"""Reading paper: pages, lines, seals, and what the forms ask for.

Nobody is told of it: the packages that run the networks report each start to their makers unless it is forbidden before the first of them is imported.
"""

from __future__ import annotations

import os
import sys

os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # ONNX Runtime, from 1.29; else it keeps a mark of this machine in ~/.cache, too
sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
