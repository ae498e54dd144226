"""How right and how fast matching is, on invented data: `python -m pipeline.accuracy.matching [--scale 1.0]`.

Out:   a table on stdout and, as its last line, the figures as one line of JSON.
Quality: products named in words that matching wasn't made with, with their true entry in the catalogue and taken out of it.
Timings, at scale 1: 10,000 products against 10,000 entries; a register of 1,000,000 holdings, loaded and asked; 100,000 pages, 500 of them filed twice.
"""


from __future__ import annotations

import argparse
import csv
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from random import Random

from matchers.catalogue import FITS, Catalogue, Outcome, Product, find_entry
from matchers.duplicates import Sheet, duplicate_pages, mark_of
from matchers.relations import find_relation, register_of
from matchers.specifications import parse_figures
from models.geometry import Box
from models.page import Line, Page, PageSource
from pipeline.accuracy import invented_products as invented
from pipeline.reference import load_reference

Figures = dict[str, float]


class _Watch:
    """Seconds since it was made: by the clock, and what this process had of the processor, which others can't lengthen much."""

    def __init__(self) -> None:
        self._clock, self._processor = time.perf_counter(), time.process_time()

    def figures(self, what: str = "") -> Figures:
        return {f"{what}seconds": time.perf_counter() - self._clock, f"{what}processor seconds": time.process_time() - self._processor}


# ---------------------------------------------------------------- catalogue


def verdict(outcome: Outcome, right: frozenset[str]) -> str:
    """What a match comes to: right or wrong where it stands without a person's look, shown right or shown wrong where a person decides, none."""
    if outcome.match is None:
        return "none"
    if outcome.rivals:
        return "shown right" if right & set(outcome.rivals) else "shown wrong"
    kind = "right" if outcome.match.entry_id in right else "wrong"
    return kind if outcome.match.score >= FITS else f"shown {kind}"


def described(named: invented.Named) -> Product:
    """A product as its papers would describe it."""
    return Product((named.name,), (named.model,) if named.model else (), figures=parse_figures(named.figures))


def catalogue_quality(entries: int, products: int, seed: int) -> Figures:
    """Shares of products by verdict: named in full, with a telling word left out, and with every right entry taken out of the catalogue."""
    rng = Random(seed)
    every = invented.entries(rng, entries)
    asked = invented.products(rng, every, products)
    whole = Catalogue(invented.as_catalogue(every))
    gone = {entry.id for entry in rng.sample(every, len(every) // 3)}
    rest = Catalogue(invented.as_catalogue([entry for entry in every if entry.id not in gone]))
    found: dict[str, Counter[str]] = {"full": Counter(), "unsaid": Counter(), "gone": Counter()}
    for _, named in asked:
        found[named.naming][verdict(find_entry(described(named), whole), named.right)] += 1
        if named.right <= gone:
            found["gone"][verdict(find_entry(described(named), rest), named.right)] += 1
    return {f"{kind} {name}": count / counts.total() for kind, counts in found.items() for name, count in sorted(counts.items())}


def catalogue_speed(entries: int, products: int, seed: int) -> Figures:
    """Seconds to build a catalogue and to find the entries of so many products."""
    rng = Random(seed)
    every = invented.entries(rng, entries)
    asked = [described(named) for _, named in invented.products(rng, every, products)]
    watch = _Watch()
    catalogue = Catalogue(invented.as_catalogue(every))
    for product in asked:
        find_entry(product, catalogue)
    return {"entries": len(every), "products": len(asked), **watch.figures()}


# ---------------------------------------------------------------- relations

_PLACES = ("宁波", "杭州", "苏州", "台州", "绍兴", "上海", "温州", "嘉兴")
_LETTERS = "甬江海天金拓启腾澄岳远帆润泽宏达博屹翰跃嘉纳冠峰鼎川华盛东方明德信诚安泰兴隆永昌瑞祥福临康宁新创科锐捷通联众合力恒大地中正元亨利贞梅兰竹菊青山绿水蓝白云红星光辉耀辰阳月"
_TRADES = ("机械", "新材料", "数据科技", "电气", "轴承制造", "精密模具", "投资", "控股集团", "贸易", "汽车零部件")
_PEOPLE = "张李王赵陈吴林周徐孙"


def company(rng: Random) -> str:
    """A company's name."""
    return f"{rng.choice(_PLACES)}{rng.choice(_LETTERS)}{rng.choice(_LETTERS)}{rng.choice(_LETTERS)}{rng.choice(_TRADES)}有限公司"


def relations_speed(holdings: int, pairs: int, seed: int) -> Figures:
    """Seconds to load a register and milliseconds a pair, half of the names a character misread."""
    rng = Random(seed)
    names = [company(rng) for _ in range(max(2, holdings * 7 // 10))]
    with tempfile.TemporaryDirectory() as folder:
        with (Path(folder) / "holdings.csv").open("w", newline="", encoding="utf-8") as file:
            out = csv.writer(file)
            out.writerow(("holder", "company", "percent"))
            for _ in range(holdings):
                holder = rng.choice(names) if rng.random() < 0.6 else rng.choice(_PEOPLE) + rng.choice(_LETTERS) + rng.choice(_LETTERS)
                out.writerow((holder, rng.choice(names), f"{rng.uniform(1, 60):.2f}"))
        watch = _Watch()
        reference = load_reference(Path(folder))
        register = register_of(reference)
        loaded = watch.figures("load ")
    watch = _Watch()
    register.find("宁波没有此企业的有限公司")  # the index of misread names is made by the first one
    indexed = watch.figures("index ")
    held = reference.holdings or ()
    rows = rng.choices(held, k=pairs)
    asked = [(row.holder if n % 3 else rng.choice(held).company, _misread(row.company, rng) if n % 2 else row.company) for n, row in enumerate(rows)]
    watch = _Watch()
    related = sum(find_relation(a, b, register) is not None for a, b in asked)
    spent = {f"{name.replace('seconds', 'ms')} a pair": 1000 * value / len(asked) for name, value in watch.figures().items()}
    return {"holdings": len(held), **loaded, **indexed, **spent, "related": related}


def _misread(name: str, rng: Random) -> str:
    at = rng.randrange(len(name) - 4, len(name))
    return name[:at] + "艰" + name[at + 1 :]


# ---------------------------------------------------------------- pages

_FORMS = 200  # looks that forms have; copies of one form differ in a few bits
_LABELS = ("购货单位名称", "销售单位名称", "货物或应税劳务名称", "规格型号及计量单位", "价税合计大写金额", "开户银行及账号", "保险期间起止日期", "收款人复核人开票人")


def page(form: int, filled: int, seed: int) -> Page:
    """A form filled in: the labels of its kind at its places, and figures of its own."""
    layout, own = Random(f"{seed}/form/{form}"), Random(f"{seed}/filled/{filled}")
    lines = []
    for row, label in enumerate(layout.sample(_LABELS, 6)):
        y = 0.1 + 0.1 * row + layout.random() * 0.03
        lines.append(Line(text=f"{label}{form}", box=Box(0.08, y, 0.30, y + 0.02), confidence=0.99))
        lines.append(Line(text=f"{own.randrange(10**4, 10**9)}", box=Box(0.40, y, 0.60, y + 0.02), confidence=0.99))
    look = layout.getrandbits(64)
    for bit in own.sample(range(64), own.randrange(5)):
        look ^= 1 << bit
    return Page(file="f.pdf", number=1, width=595, height=842, source=PageSource.OCR, lines=tuple(lines), look=look)


def scanned_again(original: Page, rng: Random) -> Page:
    """The page scanned once more: moved a little, a line lost under a stamp, a figure misread without certainty, bits of its look turned."""
    x, y, scale = rng.uniform(-0.02, 0.02), rng.uniform(-0.02, 0.02), rng.uniform(0.97, 1.03)
    lines = [
        line.model_copy(update={"box": Box(line.box.x0 * scale + x, line.box.y0 * scale + y, line.box.x1 * scale + x, line.box.y1 * scale + y)})
        for line in original.lines]
    lines.pop(rng.randrange(len(lines)))
    at = rng.choice([i for i, line in enumerate(lines) if line.text.isdigit()])
    lines[at] = lines[at].model_copy(update={"text": "8" + lines[at].text[1:], "confidence": 0.6})
    look = original.look
    for bit in rng.sample(range(64), rng.randrange(7)):
        look ^= 1 << bit
    return original.model_copy(update={"lines": tuple(lines), "look": look})


def pages_speed(pages: int, twice: int, seed: int) -> Figures:
    """Seconds to find the pages that were filed twice, how many of them were found and how many were made up."""
    rng = Random(seed)

    def page_of(key: object) -> Page:
        n = int(str(key))
        return page(n % _FORMS, n, seed) if n < pages else scanned_again(page((n - pages) % _FORMS, n - pages, seed), Random(n))

    keys = [*range(pages), *(pages + n for n in rng.sample(range(pages), twice))]
    sheets = [Sheet(owner=key, product=key, key=key, mark=mark_of(page_of(key))) for key in keys]
    watch = _Watch()
    found = {(int(str(pair.first.key)), int(str(pair.second.key))) for pair in duplicate_pages(sheets, page_of)}
    spent = watch.figures()
    right = {(key - pages, key) for key in keys[pages:]}
    return {"pages": len(keys), **spent, "filed twice": len(right), "found": len(found & right), "made up": len(found - right)}


# ---------------------------------------------------------------- the table


def measured(scale: float, seed: int) -> Mapping[str, Figures]:
    """Every measurement; `scale` makes the sizes smaller, 1 are those of the requirements."""
    def size(n: int) -> int:
        return max(20, round(n * scale))

    return {
        "catalogue, 150 entries": catalogue_quality(150, size(1500), seed),
        "catalogue, 500 entries": catalogue_quality(500, size(1500), seed),
        "catalogue, speed": catalogue_speed(size(10_000), size(10_000), seed),
        "relations, speed": relations_speed(size(1_000_000), size(2_000), seed),
        "pages, speed": pages_speed(size(100_000), size(500), seed),
    }


def table(found: Mapping[str, Figures]) -> Iterable[str]:
    """Lines for people."""
    for subject, figures in found.items():
        yield subject
        for name, value in figures.items():
            yield f"  {name:<24}{value:>14,.4f}" if value != int(value) else f"  {name:<24}{int(value):>14,}"


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description="How right and how fast matching is, on invented data.")
    parser.add_argument("--scale", type=float, default=1.0, help="sizes, as a share of the requirements'")
    parser.add_argument("--seed", type=int, default=2021)
    asked = parser.parse_args(arguments)
    found = measured(asked.scale, asked.seed)
    sys.stdout.writelines(f"{line}\n" for line in table(found))
    rounded = {subject: {name: round(value, 4) for name, value in figures.items()} for subject, figures in found.items()}
    sys.stdout.write(json.dumps(rounded, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
