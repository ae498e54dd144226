"""Pages for tests, typed: one line of text a line of the page, columns parted by a stroke, long lines wrapped at the margin."""

from __future__ import annotations

import re

from drawn import SIZE, line, page, width_of, wrapped

from models.page import Line, Page

LEFT, WIDTH = 0.1, 0.8


def typed(text: str, number: int = 1, file: str = "scan.pdf", top: float = 0.06, sure: float = 0.999) -> Page:
    """A page of running text. `|` parts columns of equal width; a line that begins with `#` is a heading, larger and centred; `~` at its end sets it at the foot."""
    lines: list[Line] = []
    y = top
    for row in text.strip("\n").split("\n"):
        if row.startswith("#"):
            title, size = row.lstrip("# "), 1.6 * SIZE
            lines.append(line(0.5 - width_of(title, size) / 2, y, title, sure, size))
            y += 2 * size
            continue
        if row.endswith("~"):
            lines.append(line(0.46, 0.95, row.rstrip("~"), sure))
            continue
        columns = [c.strip() for c in row.split("|")]
        step = WIDTH / len(columns)
        deepest = 1
        for n, column in enumerate(columns):
            parts = [column] if re.fullmatch(r"[\d,.]*", column) else wrapped(column, (WIDTH if len(columns) == 1 else step - 0.01))
            deepest = max(deepest, len(parts))
            lines += [line(LEFT + n * step, y + i * 1.5 * SIZE, part, sure) for i, part in enumerate(parts) if part]
        y += 1.5 * SIZE * deepest
    return page(lines, number=number, file=file)
