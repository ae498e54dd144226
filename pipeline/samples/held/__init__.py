"""Papers of other makers, insurers and banks, printed from tables of layouts; what a batch of the family `held` is drawn from.

A layout is one entry in layouts/<type>.toml (layouts/README.md tells how to write one), a name one in stock.toml. Whoever writes rules
of extraction leaves this folder closed: a score on these papers is worth something only as long as no rule was written for them.
"""

from __future__ import annotations

from pipeline.samples.held.paint import cover, layouts_of, paint, stray
from pipeline.samples.held.stock import stock

__all__ = ["cover", "layouts_of", "paint", "stock", "stray"]
