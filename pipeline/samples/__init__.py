"""Made-up batches of any size: scanned-looking papers, reference data and truth, so that demos and load tests need no real ones.

`write_batch` is all that the rest of the product uses; nothing here is read by the pipeline itself.
"""

from __future__ import annotations

from pipeline.samples.batch import write_batch

__all__ = ["write_batch"]
