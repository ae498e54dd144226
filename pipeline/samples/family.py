"""Families of papers: whose names, layouts and scanners a batch has.

Out:   `FAMILIES`: "plain", the layouts that came first; "held", papers of other makers, insurers, banks and scanners, drawn from tables of
       layouts (pipeline/samples/held) that nobody looks at who writes rules of extraction, so that a score on them tells what a score on
       papers already seen can't; "fresh", a third one made alike, later and by other hands, with furniture on its pages and other scanners;
       "novel", a fourth one, drawn when the rules of extraction were written, for a first look at papers that no rule had ever seen; "remote", a fifth one, for the same once more;
       "common", a sixth one, of ordinary papers, "late", a seventh, set as large insurers, banks and offices set theirs, "apart", an eighth, as applicants of all sorts bring them,
       "desk", a ninth, in the forms that real issuers print, "hall", a tenth, as a service hall's counter gets them: prints of portals, platforms and buyers' systems, "port", an
       eleventh, as large buyers, exporters, brokers and co-insurers have them, "mill", a twelfth, as small firms, their customers' clerks and county branches write them,
       "yard", a thirteenth, of heavy industry and the public sector: works, hospitals, institutes, old-line insurers, all of it on paper,
       "gate", a fourteenth, as platforms print them: portals, e-signatures, buyers' systems, e-policies, receipts with check codes,
       "quay", a fifteenth, in the forms of the large standard issuers: insurers' schedules, invoices of every generation, banks' receipts, national model contracts,
       "kiln", a sixteenth, as small and middle firms, county branches and local banks fill in templates: blanks underlined, labels and values run together,
       and "dock", a seventeenth, as brokers' and agents' offices gather them from issuers of every kind.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random
from typing import Any

from pipeline.samples import held, numbers
from pipeline.samples.apart import furniture as apart_furniture
from pipeline.samples.case import Case, Values
from pipeline.samples.draw import bank, certificates, contract, extras, forms, invoice, licence, policy, summaries
from pipeline.samples.draw.sheet import Book, Paper
from pipeline.samples.house import House
from pipeline.samples.late import furniture as late_furniture
from pipeline.samples.pack import USUAL, Habits
from pipeline.samples.remote import furniture
from pipeline.samples.scan import Look, any_look
from pipeline.samples.world import PLAIN, Stock


@dataclass(frozen=True)
class Family:
    """stock: its names; vary: what its papers say otherwise, once a case is settled; paper, cover, stray: its drawing; look: its scanners; tables: its annexes' print; habits: of filing."""

    name: str
    stock: Callable[[], Stock]
    vary: Callable[[Case], None]
    paper: Callable[[Book, Case, Values, Random], Paper]
    cover: Callable[[Book, Case, Sequence[str], Random], Paper]
    stray: Callable[[Book, Case, Random], Paper]
    look: Callable[[Random], Look]
    tables: Callable[[Random], summaries.Style]
    habits: Habits = USUAL


# ---------------------------------------------------------------- plain

_DRAW: Mapping[str, Callable[[Book, Any, Random], Paper]] = {
    "business_licence": licence.business_licence,
    "sales_contract": contract.sales_contract,
    "sales_invoice": invoice.sales_invoice,
    "insurance_policy": policy.insurance_policy,
    "premium_invoice": invoice.premium_invoice,
    "payment_voucher": bank.payment_voucher,
    "first_set_certificate": certificates.first_set_certificate,
    "test_report": certificates.test_report,
    "ip_certificate": certificates.ip_certificate,
}


def _plain_paper(book: Book, case: Case, values: Values, rng: Random) -> Paper:
    if values.type == "application_form":
        return forms.application_form(book, values, case.track, case.wan_decimals, rng)
    return _DRAW[values.type](book, values, rng)


# ---------------------------------------------------------------- what most families have in common


def _scanned(
    rng: Random, dpis: Sequence[int], qualities: Sequence[int], skews: Sequence[float], leaning: tuple[float, float], noise: tuple[float, float], tints: Sequence[tuple[int, int, int]],
    holes: float, edge: float, bleeds: Sequence[float], marks: tuple[Sequence[str], float], strengths: Sequence[float],
) -> Look:  # fmt: skip
    """A scan of one of these resolutions, shades and qualities. leaning: the most degrees, and how often; marks: what is stamped across, and how often; holes, edge: how often."""
    return Look(
        dpi=rng.choice(dpis), quality=rng.choice(qualities), skew=rng.choice(skews), lean=rng.uniform(-leaning[0], leaning[0]) if rng.random() < leaning[1] else 0.0,
        noise=rng.uniform(*noise), tint=rng.choice(tints), holes=rng.random() < holes, edge=rng.random() < edge,
        bleed=rng.choice(bleeds), watermark=rng.choice(marks[0]) if rng.random() < marks[1] else "", seal_strength=rng.choice(strengths),
    )  # fmt: skip


def _photographed(rng: Random, shadow: tuple[float, float] = (0.0, 0.2), grounds: Sequence[str] = ("dark", "bright", "busy")) -> dict[str, Any]:
    """What a telephone makes of a page."""
    return {"phone": True, "shadow": rng.uniform(*shadow), "ground": rng.choice(grounds), "dpi": 200}


def _printed(
    rng: Random, sizes: Sequence[tuple[float, float]], margin: tuple[float, float], cjk: Sequence[str], latin: Sequence[str], shift: tuple[float, float], lines: Sequence[float],
    rows_a_page: Sequence[int], heights: Sequence[float], totals: Sequence[tuple[str, int]], blanks: Sequence[int], headings: float, days: Sequence[str], periods: tuple[str, ...],
) -> summaries.Style:  # fmt: skip
    """An insurer's table in one of these prints. margin, shift: from and to; headings: how often; the rest as summaries.Style has it."""
    return summaries.Style(
        size=rng.choice(sizes), margin=rng.uniform(*margin), cjk=rng.choice(cjk), latin=rng.choice(latin), shift=rng.uniform(*shift), line=rng.choice(lines), rows_a_page=rng.choice(rows_a_page),
        height=rng.choice(heights), total=rng.choice(totals), blanks=rng.choice(blanks), headings=headings, day=rng.choice(days), periods=periods,
    )  # fmt: skip


def _housed(house: House, look: Callable[[Random], Look], tables: Callable[[Random], summaries.Style], names: Sequence[str], ways: Sequence[str]) -> Family:
    """The family of a house. names, ways: its habits of filing."""
    return Family(house.name, house.stock, _held_vary, house.paint, house.cover, house.stray, look, tables, Habits(names, ways))


# ---------------------------------------------------------------- held

_DELIVERED = 0.3  # share of cases that file a proof of delivery
_ON_A_ROLL = 0.12
_FULLY_DIGITAL = 0.35
_DPIS = (120, 150, 150, 180, 200, 200, 200, 240, 300, 300)


def _held_vary(case: Case) -> None:
    """Editions of invoices, and a proof of delivery beside the contract."""
    rng = Random(f"{case.sid}/{case.policy_number}")
    for kind in ("sales_invoice", "premium_invoice"):
        for values in case.of(kind):
            digital = rng.random() < _FULLY_DIGITAL
            values.extra |= {"edition": "digital" if digital else "paper", "short": not digital and rng.random() < _ON_A_ROLL}
            if digital:
                values.says["invoice_number"] = numbers.fill(rng, "{yy}3320000000########", values.says["invoice_date"].year)
    if case.track != "material" and rng.random() < _DELIVERED:
        case.papers += _delivery(case, rng)


def _delivery(case: Case, rng: Random) -> list[Values]:
    contract_ = case.contracts[0]
    accepted = contract_.signed_on + timedelta(days=rng.randint(20, 50))
    if accepted >= case.form_day:
        return []
    says = {"buyer_name": contract_.buyer.name, "product_name": case.product, "quantity": contract_.quantity, "accepted_on": accepted}
    more = {
        "seller_name": case.applicant.name, "product_model": case.model, "unit": case.unit, "contract_number": contract_.number,
        "delivered": accepted - timedelta(days=rng.randint(4, 18)),
    }  # fmt: skip
    return [Values("delivery_proof", says, more)]


def _held_look(rng: Random) -> Look:
    """Any scanner, of more resolutions, shades and qualities."""
    look, odd = any_look(rng), rng.random()
    return replace(
        look, dpi=rng.choice(_DPIS), grey=rng.random() < 0.2, bilevel=odd < 0.03, shadow=rng.uniform(0.1, 0.3) if 0.03 <= odd < 0.08 else 0.0,
        quality=rng.choice((45, 60, 75, 85, 92)), lean=rng.uniform(-0.8, 0.8) if rng.random() < 0.2 else 0.0,
    )  # fmt: skip


def _held_tables(rng: Random) -> summaries.Style:
    return _printed(
        rng, sizes=((842.0, 595.0), (842.0, 595.0), (1010.0, 714.0)), margin=(28.0, 46.0), cjk=("song", "hei", "cjk"), latin=("tiro", "helv", "cjk"),
        shift=(-0.3, 0.7), lines=(0.4, 0.8, 1.1), rows_a_page=(6, 7, 10), heights=(26.0, 34.0), totals=(("合计", 2), ("总  计", 1), ("合    计", 3), ("", 1)),
        blanks=(0, 3, 6), headings=0.14, days=("spaced", "cn", "cn0"), periods=("dot", "dash", "cn", "slash"),
    )  # fmt: skip


# ---------------------------------------------------------------- fresh

_FRESH_NAMES = ("IMG_{d}_{n:05}", "新建文档 {n:03}", "微信图片_{d}{n:04}", "DOC{d}-{n:04}", "0{n}", "SKM_C250i{d}{n:05}", "未命名{n}", "{h}-{n}", "图像 ({n})")


def _fresh_look(rng: Random) -> Look:
    """Multifunction devices, old flatbeds, fax machines: other tints and faults than the first families' scanners have."""
    kind = rng.choices(("office", "sharp", "old", "saving", "fax", "pale"), (6, 3, 3, 2, 0.5, 2))[0]
    base = _scanned(
        rng, dpis=(150, 200, 200, 200, 220, 240, 300), qualities=(55, 65, 75, 88, 93), skews=(0.15, 0.5, 1.2), leaning=(1.2, 0.3), noise=(0.0, 2.5), tints=((255, 255, 255), (246, 250, 255), (255, 250, 244), (238, 244, 248), (228, 236, 240)),
        holes=0.25, edge=0.2, bleeds=(0.0, 0.0, 0.07, 0.12), marks=(("仅限保险补贴申报使用", "与原件核对一致", "申报专用"), 0.12), strengths=(1.0, 0.8, 0.65, 0.45),
    )  # fmt: skip
    changes: dict[str, dict[str, Any]] = {
        "office": {},
        "sharp": {"sharpen": rng.uniform(0.4, 1.0), "quality": 80},
        "old": {"streaks": rng.randint(1, 3), "shade": rng.uniform(0.06, 0.16), "blur": rng.uniform(0.2, 0.6), "noise": rng.uniform(2, 6), "frame": rng.choice((0.0, 0.03))},
        "saving": {"dpi": rng.choice((120, 150)), "quality": rng.choice((40, 50)), "grey": rng.random() < 0.5},
        "fax": {"bilevel": True, "dpi": 200, "streaks": 1},
        "pale": {"fade": rng.uniform(0.15, 0.35), "grey": rng.random() < 0.4},
    }
    return replace(base, **changes[kind])


def _fresh_tables(rng: Random) -> summaries.Style:
    return _printed(
        rng, sizes=((842.0, 595.0), (792.0, 612.0), (1032.0, 728.0)), margin=(22.0, 40.0), cjk=("serif", "sans", "hei", "kai"), latin=("tiro", "helv", "serif", "sans"),
        shift=(-0.4, 0.4), lines=(0.3, 0.6, 1.3), rows_a_page=(5, 8, 12), heights=(24.0, 31.0, 38.0), totals=(("合　计", 2), ("总计", 3), ("合计：", 1), ("小 计", 2)),
        blanks=(0, 2, 5), headings=0.2, days=("spaced", "cn", "dash", "dot"), periods=("slash", "cn0", "cn", "dot"),
    )  # fmt: skip


# ---------------------------------------------------------------- novel

_NOVEL_NAMES = ("{h}", "扫描件{n:03}", "{d}_{n:04}", "Image_{n:05}", "附件{n}", "CamScanner {d} {n:03}", "IMG{d}{n:05}", "首台套材料-{n}", "EPSON{n:03}", "mmexport{d}{n:05}", "（盖章）{n}", "{n:03}")


def _novel_look(rng: Random) -> Look:
    """Feeders, book scanners, telephones' scanning apps, copies of copies."""
    kind = rng.choices(("feeder", "app", "copied", "book", "thrift", "photo"), (6, 4, 2, 2, 2, 0.7))[0]
    base = Look(
        dpi=rng.choice((150, 180, 200, 200, 200, 300)), quality=rng.choice((50, 60, 70, 82, 90)), skew=rng.choice((0.1, 0.4, 0.9, 1.5)), noise=rng.uniform(0.5, 3.5),
        tint=rng.choice(((255, 255, 255), (252, 252, 248), (244, 248, 244), (235, 240, 250), (250, 244, 240))), holes=rng.random() < 0.15, edge=rng.random() < 0.3, bleed=rng.choice((0.0, 0.0, 0.05, 0.1)),
        watermark=rng.choice(("首台套保险补贴专用", "再次复印无效", "申报材料")) if rng.random() < 0.1 else "", seal_strength=rng.choice((1.0, 0.9, 0.75, 0.55)),
    )  # fmt: skip
    changes: dict[str, dict[str, Any]] = {
        "feeder": {"lean": rng.uniform(-0.6, 0.6), "streaks": rng.choice((0, 0, 0, 1))},
        "app": {"sharpen": rng.uniform(0.5, 1.2), "noise": 1.0, "quality": 75, "tint": (255, 255, 255), "dpi": 180},
        "copied": {"grey": True, "fade": rng.uniform(0.1, 0.25), "blur": rng.uniform(0.2, 0.5), "streaks": rng.randint(0, 2), "edge": True},
        "book": {"shade": rng.uniform(0.08, 0.18), "curl": rng.uniform(0.003, 0.01), "frame": rng.choice((0.0, 0.02))},
        "thrift": {"dpi": rng.choice((130, 150)), "quality": rng.choice((38, 48)), "bilevel": rng.random() < 0.2},
        "photo": _photographed(rng),
    }
    return replace(base, **changes[kind])


def _novel_tables(rng: Random) -> summaries.Style:
    return _printed(
        rng, sizes=((842.0, 595.0), (936.0, 612.0), (1191.0, 842.0)), margin=(24.0, 52.0), cjk=("kai", "song", "cjk", "serif"), latin=("cour", "tiro", "cjk"),
        shift=(-0.2, 0.9), lines=(0.35, 0.7, 1.0), rows_a_page=(4, 9, 11), heights=(27.0, 32.0, 40.0), totals=(("合计", 3), ("总合计", 2), ("总 计", 1), ("合  计：", 2)),
        blanks=(0, 1, 4), headings=0.25, days=("spaced", "cn0", "dot", "dash"), periods=("cn", "dot", "slash", "dash"),
    )  # fmt: skip


# ---------------------------------------------------------------- remote

_REMOTE_NAMES = ("{d}{n:05}", "Scan_{d}_{n:03}", "第{n}份", "保险补贴{n}", "PDF{n:04}", "20{h}", "HP_{n:05}", "scan{n}", "材料 {n:03}", "wx_camera_{d}{n:04}", "RICOH{d}{n:05}", "{n:03}-{h}")


def _remote_look(rng: Random) -> Look:
    """Copying shops, duplex feeders on thin paper, a printer low on toner, a colourful telephone, an office's saving mode."""
    kind = rng.choices(("shop", "duplex", "toner", "vivid", "saver", "flat", "telephone"), (5, 4, 2, 3, 2, 2, 0.8))[0]
    base = _scanned(
        rng, dpis=(150, 200, 200, 200, 240, 300), qualities=(52, 62, 72, 84, 92), skews=(0.2, 0.5, 1.0, 1.8), leaning=(0.9, 0.25), noise=(0.0, 4.0), tints=((255, 255, 255), (248, 248, 246), (240, 247, 252), (236, 241, 238), (252, 246, 236)),
        holes=0.2, edge=0.25, bleeds=(0.0, 0.0, 0.0, 0.06), marks=(("仅用于保费补贴申请", "内部资料 复印无效", "项目申报用"), 0.1), strengths=(1.0, 0.85, 0.7, 0.5),
    )  # fmt: skip
    changes: dict[str, dict[str, Any]] = {
        "shop": {"grey": rng.random() < 0.35, "sharpen": rng.choice((0.0, 0.4))},
        "duplex": {"bleed": rng.uniform(0.05, 0.13), "tint": rng.choice(((247, 247, 243), (238, 244, 250)))},
        "toner": {"fade": rng.uniform(0.15, 0.32), "streaks": rng.randint(1, 3), "grey": True},
        "vivid": {"sharpen": rng.uniform(0.6, 1.1), "shade": rng.uniform(0.0, 0.08), "quality": 78},
        "saver": {"dpi": rng.choice((130, 150)), "quality": rng.choice((42, 50)), "grey": rng.random() < 0.3, "bilevel": rng.random() < 0.12},
        "flat": {"frame": rng.choice((0.0, 0.02, 0.05)), "curl": rng.uniform(0.0, 0.008), "blur": rng.uniform(0.0, 0.4)},
        "telephone": _photographed(rng, shadow=(0.05, 0.25)),
    }
    return replace(base, **changes[kind])


def _remote_tables(rng: Random) -> summaries.Style:
    return _printed(
        rng, sizes=((842.0, 595.0), (1008.0, 612.0), (900.0, 640.0)), margin=(26.0, 44.0), cjk=("hei", "sans", "cjk", "song"), latin=("helv", "tiro", "cjk"),
        shift=(-0.3, 0.5), lines=(0.25, 0.5, 0.9), rows_a_page=(5, 7, 9), heights=(25.0, 30.0, 36.0), totals=(("合计", 2), ("合 计", 1), ("总  计：", 2), ("合计（万元）", 3)),
        blanks=(0, 2, 3), headings=0.22, days=("spaced", "cn", "dot", "slash"), periods=("dash", "cn", "dot", "cn0"),
    )  # fmt: skip


# ---------------------------------------------------------------- common

_COMMON_NAMES = ("扫描{n:04}", "Scan{n:04}", "{d}{n:04}", "IMG_{d}_{n:04}", "文件{n}", "资料{n:03}", "img{d}{n:04}", "Doc{n}", "WPS扫描_{d}{n:03}", "{h}_{n}")


def _common_look(rng: Random) -> Look:
    """Office copiers and desk scanners in fair order, now and then an older one, a copy in grey or a telephone."""
    kind = rng.choices(("copier", "desk", "older", "grey", "telephone"), (7, 4, 2, 2, 0.6))[0]
    base = _scanned(
        rng, dpis=(150, 200, 200, 200, 300), qualities=(60, 70, 80, 85, 90), skews=(0.2, 0.4, 0.8, 1.4), leaning=(0.7, 0.2), noise=(0.3, 3.0), tints=((255, 255, 255), (253, 253, 250), (246, 247, 249), (242, 240, 236)),
        holes=0.2, edge=0.2, bleeds=(0.0, 0.0, 0.0, 0.06), marks=(("仅供保险补贴申报使用", "复印件", "仅供申报首台套补贴"), 0.08), strengths=(1.0, 0.9, 0.8, 0.6),
    )  # fmt: skip
    changes: dict[str, dict[str, Any]] = {
        "copier": {},
        "desk": {"sharpen": rng.choice((0.0, 0.3, 0.6)), "shade": rng.uniform(0.0, 0.06)},
        "older": {"streaks": rng.randint(0, 2), "fade": rng.uniform(0.05, 0.2), "blur": rng.uniform(0.1, 0.4)},
        "grey": {"grey": True, "fade": rng.uniform(0.0, 0.15), "shade": rng.uniform(0.0, 0.1)},
        "telephone": _photographed(rng, shadow=(0.05, 0.2), grounds=("dark", "bright")),
    }
    return replace(base, **changes[kind])


def _common_tables(rng: Random) -> summaries.Style:
    return _printed(
        rng, sizes=((842.0, 595.0), (842.0, 595.0), (1191.0, 842.0)), margin=(30.0, 48.0), cjk=("song", "cjk", "hei", "kai"), latin=("tiro", "helv", "cjk"),
        shift=(-0.2, 0.4), lines=(0.4, 0.5, 0.8), rows_a_page=(6, 8, 10), heights=(26.0, 30.0, 35.0), totals=(("合计", 1), ("合计", 2), ("合  计", 2), ("总计", 2)),
        blanks=(0, 0, 2, 4), headings=0.18, days=("cn", "cn0", "dash", "dot"), periods=("cn", "dash", "dot", "slash"),
    )  # fmt: skip


# ---------------------------------------------------------------- late

_LATE_NAMES = ("{d}扫描{n:03}", "首台套申报-{n:03}", "img{n:04}", "{h}({n})", "SCAN{d}_{n:04}", "甬补贴材料{n:03}", "Canon_{d}_{n:03}", "文档{n}", "扫描全能王 {d} {n:03}", "KM_{d}{n:05}")


def _late_look(rng: Random) -> Look:
    """Town halls' and agents' devices: a feeder at 200 dpi, a quick copy, a glass with its lid up, a worn drum, thin paper, a telephone now and then."""
    kind = rng.choices(("feeder", "quick", "glass", "worn", "thin", "telephone"), (7, 3, 2, 2, 2, 0.8))[0]
    base = _scanned(
        rng, dpis=(150, 200, 200, 200, 250, 300), qualities=(55, 65, 75, 80, 90), skews=(0.2, 0.4, 0.8, 1.4), leaning=(0.8, 0.3), noise=(0.3, 3.2), tints=((255, 255, 255), (254, 254, 250), (246, 249, 252), (240, 244, 240), (250, 246, 238)),
        holes=0.2, edge=0.25, bleeds=(0.0, 0.0, 0.0, 0.05), marks=(("申报首台套保险补贴使用", "仅供审核", "复印件无效"), 0.1), strengths=(1.0, 0.9, 0.8, 0.6),
    )  # fmt: skip
    changes: dict[str, dict[str, Any]] = {
        "feeder": {"sharpen": rng.choice((0.0, 0.3, 0.6))},
        "quick": {"dpi": rng.choice((130, 150)), "quality": rng.choice((45, 55)), "grey": rng.random() < 0.5},
        "glass": {"frame": rng.uniform(0.01, 0.05), "shade": rng.uniform(0.04, 0.12), "curl": rng.uniform(0.0, 0.007)},
        "worn": {"streaks": rng.randint(1, 3), "blur": rng.uniform(0.2, 0.5), "fade": rng.uniform(0.08, 0.25), "grey": rng.random() < 0.5},
        "thin": {"bleed": rng.uniform(0.05, 0.12), "tint": rng.choice(((244, 246, 242), (248, 244, 238)))},
        "telephone": _photographed(rng),
    }
    return replace(base, **changes[kind])


def _late_tables(rng: Random) -> summaries.Style:
    return _printed(
        rng, sizes=((842.0, 595.0), (842.0, 595.0), (960.0, 680.0)), margin=(28.0, 48.0), cjk=("song", "kai", "hei", "cjk"), latin=("tiro", "cjk", "helv"),
        shift=(-0.2, 0.6), lines=(0.3, 0.5, 1.0), rows_a_page=(6, 8, 10), heights=(26.0, 30.0, 34.0), totals=(("合计", 1), ("合　　计", 2), ("总计：", 3), ("合计金额", 2)),
        blanks=(0, 1, 3), headings=0.2, days=("spaced", "cn0", "slash", "dash"), periods=("cn", "dash", "slash", "dot"),
    )  # fmt: skip


# ---------------------------------------------------------------- apart

_APART_NAMES = ("{h}_{n:03}", "保费补贴材料{n:03}", "scan_{d}{n:04}", "图片{n}", "HUAWEI_{d}_{n:03}", "Brother_{d}{n:04}", "WPS扫描件 {n:03}", "资料-{d}-{n:03}", "D{d}-{n:04}", "第{n}部分", "IMG_E{n:05}")


def _apart_look(rng: Random) -> Look:
    """Applicants' own devices: a desk's all-in-one, a fast feeder, a copier's black and white, a glass with a bound file pressed on it, a scanning app, a telephone now and then."""
    kind = rng.choices(("desk", "feeder", "mono", "bound", "app", "telephone"), (6, 5, 2, 2, 2, 0.8))[0]
    base = _scanned(
        rng, dpis=(150, 200, 200, 200, 240, 300), qualities=(50, 60, 70, 80, 92), skews=(0.1, 0.3, 0.7, 1.2), leaning=(0.7, 0.25), noise=(0.2, 3.0), tints=((255, 255, 255), (253, 253, 253), (247, 248, 244), (242, 246, 250), (251, 247, 240)),
        holes=0.2, edge=0.2, bleeds=(0.0, 0.0, 0.0, 0.06), marks=(("仅供首台套保险补贴申报", "与原件一致", "他用无效"), 0.1), strengths=(1.0, 0.95, 0.8, 0.65),
    )  # fmt: skip
    changes: dict[str, dict[str, Any]] = {
        "desk": {"frame": rng.choice((0.0, 0.0, 0.02)), "blur": rng.uniform(0.0, 0.3)},
        "feeder": {"sharpen": rng.choice((0.0, 0.4)), "streaks": rng.choice((0, 0, 0, 1))},
        "mono": {"grey": True, "fade": rng.uniform(0.05, 0.2), "edge": True, "streaks": rng.randint(0, 2)},
        "bound": {"curl": rng.uniform(0.002, 0.009), "shade": rng.uniform(0.05, 0.14), "frame": rng.uniform(0.0, 0.03)},
        "app": {"sharpen": rng.uniform(0.5, 1.0), "tint": (255, 255, 255), "dpi": 180, "quality": 76},
        "telephone": _photographed(rng),
    }
    return replace(base, **changes[kind])


def _apart_tables(rng: Random) -> summaries.Style:
    return _printed(
        rng, sizes=((842.0, 595.0), (842.0, 595.0), (980.0, 660.0)), margin=(26.0, 46.0), cjk=("song", "hei", "cjk", "kai"), latin=("tiro", "helv", "cjk"),
        shift=(-0.3, 0.6), lines=(0.35, 0.6, 0.9), rows_a_page=(5, 7, 9), heights=(27.0, 31.0, 35.0), totals=(("合计", 2), ("合 计：", 1), ("总 计", 3), ("合计（万元）", 2)),
        blanks=(0, 2, 4), headings=0.2, days=("spaced", "cn", "dash", "slash"), periods=("dot", "cn", "dash", "slash"),
    )  # fmt: skip


# ---------------------------------------------------------------- desk

_DESK_NAMES = ("{h}{n:03}", "Xerox Scan_{d}{n:05}", "申请材料（{n}）", "保单及发票{n:03}", "FUJITSU_{d}_{n:04}", "{d} {n:03}", "pdf扫描{n:04}", "复件 {n:03}", "回单{d}{n:03}", "首台套_{n:03}_{h}", "SHARP_MX{d}_{n:04}")


def _desk_look(rng: Random) -> Look:
    """An insurer's back office: a production scanner, a branch's feeder, prints of electronic papers scanned again, carbon copies, an old copier, a telephone now and then."""
    kind = rng.choices(("production", "branch", "again", "carbon", "copier", "telephone"), (6, 4, 3, 1.5, 2, 0.7))[0]
    base = _scanned(
        rng, dpis=(150, 200, 200, 200, 240, 300), qualities=(55, 65, 75, 82, 90), skews=(0.1, 0.3, 0.6, 1.1), leaning=(0.6, 0.25), noise=(0.2, 2.8), tints=((255, 255, 255), (252, 253, 255), (248, 247, 243), (244, 248, 246), (250, 245, 240)),
        holes=0.25, edge=0.15, bleeds=(0.0, 0.0, 0.0, 0.05), marks=(("仅用于首台套保险补偿申请", "保险公司留存", "再复印无效"), 0.08), strengths=(1.0, 0.9, 0.75, 0.6),
    )  # fmt: skip
    changes: dict[str, dict[str, Any]] = {
        "production": {"sharpen": rng.choice((0.0, 0.3, 0.5))},
        "branch": {"streaks": rng.choice((0, 0, 0, 1)), "grey": rng.random() < 0.25, "shade": rng.uniform(0.0, 0.06)},
        "again": {"blur": rng.uniform(0.1, 0.35), "quality": rng.choice((60, 70)), "edge": True},
        "carbon": {"fade": rng.uniform(0.12, 0.28), "bleed": rng.uniform(0.03, 0.09), "tint": rng.choice(((250, 240, 242), (240, 246, 250)))},
        "copier": {"grey": True, "streaks": rng.randint(0, 2), "fade": rng.uniform(0.0, 0.16), "frame": rng.choice((0.0, 0.02))},
        "telephone": _photographed(rng),
    }
    return replace(base, **changes[kind])


def _desk_tables(rng: Random) -> summaries.Style:
    return _printed(
        rng, sizes=((842.0, 595.0), (842.0, 595.0), (1008.0, 700.0)), margin=(28.0, 46.0), cjk=("song", "cjk", "hei", "song"), latin=("tiro", "cjk", "helv"),
        shift=(-0.2, 0.5), lines=(0.3, 0.5, 0.75), rows_a_page=(6, 8, 9), heights=(26.0, 29.0, 34.0), totals=(("合计", 2), ("合  计", 1), ("总计", 1), ("合计：", 3)),
        blanks=(0, 1, 3), headings=0.2, days=("cn", "cn0", "dash", "slash"), periods=("cn", "dash", "dot", "slash"),
    )  # fmt: skip


# ---------------------------------------------------------------- hall

_HALL_NAMES = ("{d}{n:04}_扫描件", "高拍仪_{d}_{n:04}", "窗口收件{n:03}", "收件-{d}-{n:04}", "Lexmark_{d}{n:04}", "电子证照_{d}{n:03}", "材料清单之{n}", "upload_{d}_{n:03}", "Kyocera{d}_{n:04}", "网办附件{n:03}", "{h}.{n:03}")


def _hall_look(rng: Random) -> Look:
    """A service hall: the counter's overhead camera, its feeder, prints of portals scanned for upload, a self-service kiosk, a lobby's copier, a telephone now and then."""
    kind = rng.choices(("feeder", "overhead", "upload", "kiosk", "lobby", "telephone"), (6, 3, 4, 2, 2, 0.7))[0]
    base = _scanned(
        rng, dpis=(150, 200, 200, 200, 240, 300), qualities=(52, 64, 74, 82, 90), skews=(0.1, 0.3, 0.7, 1.2), leaning=(0.7, 0.25), noise=(0.2, 2.8), tints=((255, 255, 255), (254, 254, 252), (247, 250, 252), (245, 246, 242), (251, 248, 243)),
        holes=0.15, edge=0.2, bleeds=(0.0, 0.0, 0.0, 0.05), marks=(("仅供政务服务大厅办理使用", "首台套补贴专用", "复印留存"), 0.08), strengths=(1.0, 0.92, 0.78, 0.6),
    )  # fmt: skip
    changes: dict[str, dict[str, Any]] = {
        "feeder": {"sharpen": rng.choice((0.0, 0.3)), "streaks": rng.choice((0, 0, 0, 1))},
        "overhead": {"shade": rng.uniform(0.05, 0.14), "curl": rng.uniform(0.0, 0.006), "frame": rng.choice((0.0, 0.02)), "blur": rng.uniform(0.0, 0.3)},
        "upload": {"dpi": rng.choice((150, 180)), "quality": rng.choice((48, 58)), "edge": False},
        "kiosk": {"sharpen": rng.uniform(0.4, 0.9), "tint": (255, 255, 255)},
        "lobby": {"grey": True, "fade": rng.uniform(0.05, 0.2), "streaks": rng.randint(0, 2), "edge": True},
        "telephone": _photographed(rng),
    }
    return replace(base, **changes[kind])


def _hall_tables(rng: Random) -> summaries.Style:
    return _printed(
        rng, sizes=((842.0, 595.0), (842.0, 595.0), (1020.0, 720.0)), margin=(26.0, 44.0), cjk=("hei", "cjk", "song"), latin=("helv", "cjk", "tiro"),
        shift=(-0.2, 0.5), lines=(0.35, 0.5, 0.7), rows_a_page=(6, 8, 10), heights=(26.0, 30.0, 33.0), totals=(("合计", 1), ("合计：", 2), ("总计", 2), ("合 计", 3)),
        blanks=(0, 1, 2), headings=0.2, days=("dash", "cn", "slash", "dot"), periods=("dash", "cn", "slash", "dot"),
    )  # fmt: skip


# ---------------------------------------------------------------- port

_PORT_NAMES = ("{d}-{n:03}-归档", "Ricoh_{d}_{n:05}", "合同及保单{n:03}", "法务扫描{d}{n:03}", "OA附件_{n:04}", "影像{d}{n:04}", "档案-{n:03}", "bizhub_{d}{n:04}", "{h}（归档{n}）", "单据影像_{n:05}")


def _port_look(rng: Random) -> Look:
    """Large firms' and brokers' archives: a department's copier, a shared service centre's production scanner, a bound contract on a glass, a file out of the archive, prints scanned again, a telephone now and then."""
    kind = rng.choices(("department", "centre", "bound", "archive", "again", "telephone"), (6, 5, 2, 2, 2, 0.6))[0]
    base = _scanned(
        rng, dpis=(150, 200, 200, 200, 240, 300), qualities=(54, 66, 76, 84, 92), skews=(0.1, 0.3, 0.6, 1.0), leaning=(0.6, 0.25), noise=(0.2, 2.6), tints=((255, 255, 255), (253, 253, 250), (248, 250, 252), (244, 246, 244), (250, 246, 239)),
        holes=0.25, edge=0.2, bleeds=(0.0, 0.0, 0.0, 0.06), marks=(("仅供保险补贴申报", "档案室复印专用", "复印件与原件一致"), 0.08), strengths=(1.0, 0.94, 0.8, 0.62),
    )  # fmt: skip
    changes: dict[str, dict[str, Any]] = {
        "department": {"streaks": rng.choice((0, 0, 0, 1)), "sharpen": rng.choice((0.0, 0.3))},
        "centre": {"sharpen": rng.choice((0.0, 0.4)), "tint": (255, 255, 255)},
        "bound": {"curl": rng.uniform(0.002, 0.008), "shade": rng.uniform(0.05, 0.13), "frame": rng.uniform(0.0, 0.03)},
        "archive": {"grey": True, "fade": rng.uniform(0.06, 0.2), "holes": True, "edge": True},
        "again": {"blur": rng.uniform(0.1, 0.3), "quality": rng.choice((58, 68))},
        "telephone": _photographed(rng),
    }
    return replace(base, **changes[kind])


def _port_tables(rng: Random) -> summaries.Style:
    return _printed(
        rng, sizes=((842.0, 595.0), (842.0, 595.0), (1000.0, 706.0)), margin=(28.0, 46.0), cjk=("song", "hei", "cjk"), latin=("tiro", "helv", "cjk"),
        shift=(-0.2, 0.5), lines=(0.35, 0.5, 0.8), rows_a_page=(6, 7, 9), heights=(27.0, 30.0, 34.0), totals=(("合计", 2), ("合  计", 1), ("总计", 3), ("合计：", 1)),
        blanks=(0, 1, 3), headings=0.2, days=("cn", "dash", "dot", "slash"), periods=("dot", "dash", "cn", "slash"),
    )  # fmt: skip


# ---------------------------------------------------------------- mill

_MILL_NAMES = ("{d}传真{n:03}", "扫描{n:04}", "财务资料{n:03}", "HP_SCAN_{d}{n:04}", "QQ图片{d}{n:05}", "首台套保险-{h}-{n}", "PANTUM_{n:05}", "{n:03}-资料", "兄弟扫描_{d}_{n:03}", "夸克扫描王 {d}-{n:03}")


def _mill_look(rng: Random) -> Look:
    """A small firm's office: an all-in-one with a feeder, its glass with the lid half open, a fax's copy, a toner-starved copier, a scanning app, a telephone now and then."""
    kind = rng.choices(("feeder", "glass", "fax", "toner", "app", "telephone"), (6, 4, 0.6, 2, 3, 0.9))[0]
    base = _scanned(
        rng, dpis=(150, 200, 200, 200, 240, 300), qualities=(50, 62, 72, 80, 90), skews=(0.15, 0.4, 0.8, 1.4), leaning=(0.8, 0.3), noise=(0.3, 3.0), tints=((255, 255, 255), (254, 253, 248), (247, 249, 251), (243, 244, 240), (251, 246, 238)),
        holes=0.2, edge=0.25, bleeds=(0.0, 0.0, 0.0, 0.07), marks=(("仅限申报保险补贴使用", "此件与原件相符", "内部资料"), 0.07), strengths=(1.0, 0.9, 0.75, 0.58),
    )  # fmt: skip
    changes: dict[str, dict[str, Any]] = {
        "feeder": {"streaks": rng.choice((0, 0, 0, 1)), "sharpen": rng.choice((0.0, 0.0, 0.35))},
        "glass": {"shade": rng.uniform(0.03, 0.12), "frame": rng.choice((0.0, 0.02, 0.04)), "curl": rng.uniform(0.0, 0.006)},
        "fax": {"bilevel": True, "dpi": 200, "streaks": rng.randint(0, 1)},
        "toner": {"grey": True, "fade": rng.uniform(0.1, 0.26), "streaks": rng.randint(0, 2), "blur": rng.uniform(0.0, 0.3)},
        "app": {"sharpen": rng.uniform(0.4, 0.9), "tint": (255, 255, 255), "dpi": 190, "quality": 74},
        "telephone": _photographed(rng),
    }
    return replace(base, **changes[kind])


def _mill_tables(rng: Random) -> summaries.Style:
    return _printed(
        rng, sizes=((842.0, 595.0), (842.0, 595.0), (990.0, 690.0)), margin=(28.0, 46.0), cjk=("song", "hei", "kai", "cjk"), latin=("tiro", "cjk", "helv"),
        shift=(-0.3, 0.5), lines=(0.4, 0.6, 0.9), rows_a_page=(6, 8, 9), heights=(26.0, 30.0, 33.0), totals=(("合计", 1), ("合 计", 2), ("总计：", 2), ("合计：", 3)),
        blanks=(0, 2, 4), headings=0.2, days=("cn", "dot", "dash", "slash"), periods=("cn", "dot", "dash", "slash"),
    )  # fmt: skip


# ---------------------------------------------------------------- yard

_YARD_NAMES = ("档案扫描_{n:04}", "{h}卷宗{n:03}", "Scan-{d}-{n:03}", "KYOCERA_{d}{n:05}", "公文{d}_{n:03}", "附件材料（{n}）", "RICOH{n:05}", "{d}复印件-{n:03}", "影像{n:05}", "理光扫描{d}{n:03}")


def _yard_look(rng: Random) -> Look:
    """Offices of works and institutes: a copier in the corridor, an archive's flatbed, a worn machine, copies of copies, a fax now and then, a telephone at times."""
    kind = rng.choices(("copier", "archive", "worn", "copied", "fax", "telephone"), (6, 4, 2.5, 2, 0.5, 0.6))[0]
    base = _scanned(
        rng, dpis=(150, 200, 200, 200, 250, 300), qualities=(52, 65, 75, 85, 92), skews=(0.1, 0.3, 0.7, 1.3), leaning=(0.7, 0.3), noise=(0.3, 3.2), tints=((255, 255, 255), (252, 250, 244), (245, 246, 246), (249, 244, 232), (240, 242, 238)),
        holes=0.35, edge=0.3, bleeds=(0.0, 0.0, 0.05, 0.09), marks=(("档案室复印", "与原件核对无误", "仅供申报补贴使用"), 0.08), strengths=(1.0, 0.9, 0.72, 0.55),
    )  # fmt: skip
    changes: dict[str, dict[str, Any]] = {
        "copier": {"streaks": rng.choice((0, 0, 0, 1)), "sharpen": rng.choice((0.0, 0.0, 0.3))},
        "archive": {"dpi": 300, "quality": 88, "tint": (249, 244, 232), "shade": rng.uniform(0.0, 0.06)},
        "worn": {"shade": rng.uniform(0.04, 0.13), "blur": rng.uniform(0.1, 0.4), "streaks": rng.randint(0, 2), "frame": rng.choice((0.0, 0.02, 0.03))},
        "copied": {"grey": True, "fade": rng.uniform(0.08, 0.22), "blur": rng.uniform(0.0, 0.3)},
        "fax": {"bilevel": True, "dpi": 200, "streaks": rng.randint(0, 1)},
        "telephone": _photographed(rng),
    }
    return replace(base, **changes[kind])


def _yard_tables(rng: Random) -> summaries.Style:
    return _printed(
        rng, sizes=((842.0, 595.0), (842.0, 595.0), (1020.0, 722.0)), margin=(30.0, 50.0), cjk=("song", "kai", "cjk"), latin=("tiro", "cjk", "serif"),
        shift=(-0.3, 0.4), lines=(0.5, 0.7, 1.0), rows_a_page=(5, 7, 8), heights=(28.0, 32.0, 36.0), totals=(("合　　计", 2), ("总　计", 1), ("合计", 3), ("合 计：", 2)),
        blanks=(0, 1, 3), headings=0.22, days=("cn", "cn0", "dot", "spaced"), periods=("cn", "cn0", "dot", "dash"),
    )  # fmt: skip


# ---------------------------------------------------------------- gate

_GATE_NAMES = ("下载_{d}{n:04}", "办件材料{n:03}", "电子件-{d}-{n:03}", "print_{n:05}", "{h}_附件{n}", "钉钉扫描_{d}_{n:03}", "export{d}{n:05}", "回执{n:03}", "OCR_{d}_{n:04}", "虚拟打印{n:04}")


def _gate_look(rng: Random) -> Look:
    """Prints of downloads, scanned again because a window wants paper: a laser's copies, a colour printer low on ink, a feeder, a scanning app, a telephone at times."""
    kind = rng.choices(("laser", "colour", "feeder", "app", "grey", "telephone"), (6, 2.5, 4, 3, 1.5, 0.8))[0]
    base = _scanned(
        rng, dpis=(150, 180, 200, 200, 240, 300), qualities=(55, 68, 78, 85, 92), skews=(0.1, 0.3, 0.6, 1.1), leaning=(0.6, 0.25), noise=(0.2, 2.6), tints=((255, 255, 255), (254, 254, 254), (250, 251, 253), (246, 248, 246), (252, 249, 243)),
        holes=0.15, edge=0.15, bleeds=(0.0, 0.0, 0.0, 0.05), marks=(("网上申报专用", "电子件打印", "仅限本次办件使用"), 0.08), strengths=(1.0, 0.92, 0.78, 0.6),
    )  # fmt: skip
    changes: dict[str, dict[str, Any]] = {
        "laser": {"sharpen": rng.choice((0.0, 0.0, 0.35))},
        "colour": {"fade": rng.uniform(0.06, 0.2), "streaks": rng.choice((0, 0, 1))},
        "feeder": {"streaks": rng.choice((0, 0, 0, 1)), "shade": rng.uniform(0.0, 0.05)},
        "app": {"sharpen": rng.uniform(0.4, 0.9), "tint": (255, 255, 255), "dpi": 190, "quality": 74},
        "grey": {"grey": True, "fade": rng.uniform(0.05, 0.18), "blur": rng.uniform(0.0, 0.3)},
        "telephone": _photographed(rng),
    }
    return replace(base, **changes[kind])


def _gate_tables(rng: Random) -> summaries.Style:
    return _printed(
        rng, sizes=((842.0, 595.0), (842.0, 595.0), (980.0, 694.0)), margin=(26.0, 44.0), cjk=("hei", "cjk", "song"), latin=("helv", "cjk", "tiro"),
        shift=(-0.2, 0.4), lines=(0.3, 0.5, 0.8), rows_a_page=(6, 7, 10), heights=(25.0, 29.0, 34.0), totals=(("合计", 2), ("合 计", 1), ("总计", 2), ("合计：", 3)),
        blanks=(0, 1, 2), headings=0.2, days=("dash", "slash", "cn0", "dot"), periods=("dash", "slash", "dot", "cn"),
    )  # fmt: skip


# ---------------------------------------------------------------- quay

_QUAY_NAMES = ("扫描全能王 {d} {n:03}", "申报附件_{n:03}", "{d}-文件{n:03}", "BizHub_{d}{n:05}", "{h}（扫描）{n}", "佳能{d}_{n:04}", "Doc {d} {n:03}", "Brother{n:05}", "资料-{n:03}-{d}", "夏普{d}{n:04}")


def _quay_look(rng: Random) -> Look:
    """What offices have: a leased copier, a desk's own scanner, a scanning app, an old laser's copies, a machine that saves, a telephone at times."""
    kind = rng.choices(("leased", "desk", "app", "copies", "saving", "telephone"), (6, 4, 3, 2, 1.5, 0.7))[0]
    base = _scanned(
        rng, dpis=(150, 200, 200, 200, 240, 300), qualities=(50, 64, 75, 84, 92), skews=(0.1, 0.3, 0.6, 1.2), leaning=(0.7, 0.28), noise=(0.2, 2.9), tints=((255, 255, 255), (253, 253, 251), (247, 249, 252), (250, 246, 238), (243, 244, 242)),
        holes=0.22, edge=0.22, bleeds=(0.0, 0.0, 0.0, 0.07), marks=(("仅供首台套保险补贴申报", "复印件与原件一致", "再次复印无效"), 0.09), strengths=(1.0, 0.9, 0.75, 0.58),
    )  # fmt: skip
    changes: dict[str, dict[str, Any]] = {
        "leased": {"sharpen": rng.choice((0.0, 0.0, 0.3)), "streaks": rng.choice((0, 0, 0, 1))},
        "desk": {"shade": rng.uniform(0.0, 0.07), "frame": rng.choice((0.0, 0.0, 0.02))},
        "app": {"sharpen": rng.uniform(0.4, 1.0), "tint": (255, 255, 255), "dpi": 180, "quality": 72},
        "copies": {"grey": True, "fade": rng.uniform(0.06, 0.2), "blur": rng.uniform(0.0, 0.3)},
        "saving": {"dpi": 150, "quality": rng.choice((44, 52)), "grey": rng.random() < 0.4},
        "telephone": _photographed(rng),
    }
    return replace(base, **changes[kind])


def _quay_tables(rng: Random) -> summaries.Style:
    return _printed(
        rng, sizes=((842.0, 595.0), (842.0, 595.0), (1000.0, 707.0)), margin=(28.0, 46.0), cjk=("song", "cjk", "hei"), latin=("tiro", "helv", "cjk"),
        shift=(-0.3, 0.5), lines=(0.4, 0.6, 0.9), rows_a_page=(6, 8, 9), heights=(26.0, 30.0, 35.0), totals=(("合  计", 2), ("合计", 1), ("总 计", 2), ("合计：", 3)),
        blanks=(0, 2, 3), headings=0.2, days=("cn0", "dash", "cn", "dot"), periods=("dot", "cn", "dash", "slash"),
    )  # fmt: skip


# ---------------------------------------------------------------- kiln

_KILN_NAMES = ("新建 DOCX 文档{n:03}", "扫描全能王_{d}_{n:04}", "补贴材料{n:03}", "CANON_{d}{n:05}", "{h}资料（{n}）", "联想扫描{d}{n:04}", "未标题-{n:03}", "WPS扫描_{d}{n:04}", "{n:03}申报附件{d}", "BROTHER{n:05}")


def _kiln_look(rng: Random) -> Look:
    """A small firm's desk: an ink-jet's glass, a laser all-in-one, a shop that copies, an old machine out of toner, an app, a telephone at times."""
    kind = rng.choices(("glass", "laser", "shop", "faint", "app", "telephone"), (5, 5, 3, 1.5, 3, 0.8))[0]
    base = _scanned(
        rng, dpis=(150, 200, 200, 200, 220, 300), qualities=(52, 64, 74, 82, 91), skews=(0.15, 0.4, 0.7, 1.2), leaning=(0.8, 0.3), noise=(0.2, 2.8), tints=((255, 255, 255), (253, 252, 249), (248, 249, 252), (245, 245, 242), (252, 247, 240)),
        holes=0.2, edge=0.2, bleeds=(0.0, 0.0, 0.0, 0.06), marks=(("仅供补贴申报使用", "与原件一致", "他用无效"), 0.07), strengths=(1.0, 0.9, 0.76, 0.58),
    )  # fmt: skip
    changes: dict[str, dict[str, Any]] = {
        "glass": {"shade": rng.uniform(0.02, 0.1), "frame": rng.choice((0.0, 0.02, 0.03)), "curl": rng.uniform(0.0, 0.005)},
        "laser": {"sharpen": rng.choice((0.0, 0.0, 0.35)), "streaks": rng.choice((0, 0, 0, 1))},
        "shop": {"grey": rng.random() < 0.6, "quality": rng.choice((60, 72)), "shade": rng.uniform(0.0, 0.07)},
        "faint": {"grey": True, "fade": rng.uniform(0.1, 0.25), "streaks": rng.randint(0, 2), "blur": rng.uniform(0.0, 0.3)},
        "app": {"sharpen": rng.uniform(0.4, 0.9), "tint": (255, 255, 255), "dpi": 190, "quality": 74},
        "telephone": _photographed(rng),
    }
    return replace(base, **changes[kind])


def _kiln_tables(rng: Random) -> summaries.Style:
    return _printed(
        rng, sizes=((842.0, 595.0), (842.0, 595.0), (1000.0, 706.0)), margin=(28.0, 48.0), cjk=("song", "cjk", "hei"), latin=("tiro", "cjk", "helv"),
        shift=(-0.3, 0.5), lines=(0.4, 0.6, 1.0), rows_a_page=(6, 7, 9), heights=(26.0, 30.0, 35.0), totals=(("合计", 2), ("合 计", 2), ("总计", 1), ("合　计：", 3)),
        blanks=(0, 1, 3), headings=0.2, days=("cn", "dot", "dash", "spaced"), periods=("cn", "dot", "slash", "dash"),
    )  # fmt: skip


# ---------------------------------------------------------------- dock

_DOCK_NAMES = ("EPSON{n:03}", "{h}申报件{n:03}", "夸克扫描王_{d}_{n:03}", "Scan {d} ({n})", "{n:03}.{h}", "MFP_{d}{n:04}", "首台套_{n:03}", "合并文档{n:03}", "PaperStream{d}{n:04}")


def _dock_look(rng: Random) -> Look:
    """Agents' and brokers' offices: a fast feeder, a leased copier, a network scanner set to grey, a flatbed, an app, a telephone at times."""
    kind = rng.choices(("feeder", "copier", "grey", "flatbed", "app", "telephone"), (5, 4, 3, 3, 2.5, 0.8))[0]
    base = _scanned(
        rng, dpis=(150, 200, 200, 200, 240, 300), qualities=(48, 60, 72, 80, 90), skews=(0.1, 0.35, 0.7, 1.3), leaning=(0.85, 0.2), noise=(0.2, 2.6), tints=((255, 255, 255), (254, 252, 247), (247, 249, 253), (246, 246, 243)),
        holes=0.12, edge=0.15, bleeds=(0.0, 0.0, 0.0, 0.05), marks=(("保费补贴专用", "复印无效", "仅供审核使用"), 0.07), strengths=(1.0, 0.88, 0.72, 0.6),
    )  # fmt: skip
    changes: dict[str, dict[str, Any]] = {
        "feeder": {"streaks": rng.choice((0, 0, 1)), "sharpen": rng.choice((0.0, 0.3))},
        "copier": {"shade": rng.uniform(0.0, 0.06), "fade": rng.choice((0.0, 0.0, 0.08))},
        "grey": {"grey": True, "quality": rng.choice((66, 78)), "blur": rng.uniform(0.0, 0.25)},
        "flatbed": {"frame": rng.choice((0.0, 0.02, 0.03)), "curl": rng.uniform(0.0, 0.005), "shade": rng.uniform(0.02, 0.1)},
        "app": {"sharpen": rng.uniform(0.3, 0.8), "tint": (255, 255, 255), "dpi": 180, "quality": 72},
        "telephone": _photographed(rng),
    }
    return replace(base, **changes[kind])


def _dock_tables(rng: Random) -> summaries.Style:
    return _printed(
        rng, sizes=((842.0, 595.0), (842.0, 595.0), (1000.0, 707.0)), margin=(30.0, 46.0), cjk=("cjk", "song", "hei"), latin=("helv", "tiro", "cjk"),
        shift=(-0.3, 0.5), lines=(0.4, 0.7, 1.0), rows_a_page=(5, 7, 9), heights=(26.0, 31.0, 36.0), totals=(("合计", 2), ("总计", 2), ("合　计", 1), ("小计：", 3)),
        blanks=(0, 1, 2), headings=0.25, days=("dash", "cn0", "slash", "dot"), periods=("dash", "cn", "slash", "dot"),
    )  # fmt: skip


_FRESH, _NOVEL, _REMOTE, _LATE = House("fresh"), House("novel"), House("remote", furniture.furnish), House("late", late_furniture.furnish)
_APART, _DESK, _HALL = House("apart", apart_furniture.furnish), House("desk", late_furniture.furnish), House("hall", late_furniture.furnish)
_PORT, _MILL, _YARD = House("port", late_furniture.furnish), House("mill", apart_furniture.furnish), House("yard", late_furniture.furnish)
_GATE, _QUAY, _KILN = House("gate", late_furniture.furnish), House("quay", late_furniture.furnish), House("kiln", apart_furniture.furnish)
_DOCK = House("dock", late_furniture.furnish)
_COMMON = House("common", furniture.furnish)  # whose stamps leave the foot of the page, where its layouts number their pages
FAMILIES: Mapping[str, Family] = {
    family.name: family
    for family in (
        Family("plain", lambda: PLAIN, lambda case: None, _plain_paper, extras.cover, extras.stray, any_look, lambda rng: summaries.PLAIN),
        Family("held", held.stock, _held_vary, held.paint, held.cover, held.stray, _held_look, _held_tables),
        _housed(_FRESH, _fresh_look, _fresh_tables, _FRESH_NAMES, ("merged", "merged", "few", "each", "each", "each", "pictures", "pictures", "zip", "mixed")),
        _housed(_NOVEL, _novel_look, _novel_tables, _NOVEL_NAMES, ("merged", "few", "few", "few", "each", "each", "pictures", "zip", "zip", "mixed", "mixed")),
        _housed(_REMOTE, _remote_look, _remote_tables, _REMOTE_NAMES, ("merged", "merged", "few", "few", "each", "each", "each", "pictures", "zip", "mixed")),
        _housed(_COMMON, _common_look, _common_tables, _COMMON_NAMES, ("merged", "merged", "merged", "few", "few", "each", "each", "zip", "mixed")),
        _housed(_LATE, _late_look, _late_tables, _LATE_NAMES, ("merged", "merged", "few", "few", "few", "each", "each", "pictures", "zip", "mixed")),
        _housed(_APART, _apart_look, _apart_tables, _APART_NAMES, ("merged", "merged", "merged", "few", "few", "each", "each", "pictures", "zip", "mixed")),
        _housed(_DESK, _desk_look, _desk_tables, _DESK_NAMES, ("merged", "merged", "few", "few", "few", "each", "each", "each", "zip", "mixed")),
        _housed(_HALL, _hall_look, _hall_tables, _HALL_NAMES, ("merged", "merged", "few", "few", "each", "each", "each", "pictures", "zip", "mixed")),
        _housed(_PORT, _port_look, _port_tables, _PORT_NAMES, ("merged", "merged", "merged", "few", "few", "few", "each", "each", "zip", "mixed")),
        _housed(_MILL, _mill_look, _mill_tables, _MILL_NAMES, ("merged", "merged", "few", "few", "each", "each", "pictures", "pictures", "zip", "mixed")),
        _housed(_YARD, _yard_look, _yard_tables, _YARD_NAMES, ("merged", "merged", "merged", "few", "few", "each", "each", "zip", "mixed", "mixed")),
        _housed(_GATE, _gate_look, _gate_tables, _GATE_NAMES, ("merged", "merged", "few", "few", "each", "each", "each", "zip", "mixed")),
        _housed(_QUAY, _quay_look, _quay_tables, _QUAY_NAMES, ("merged", "merged", "few", "few", "few", "each", "each", "pictures", "zip", "mixed")),
        _housed(_KILN, _kiln_look, _kiln_tables, _KILN_NAMES, ("merged", "merged", "few", "few", "each", "each", "each", "pictures", "zip", "mixed")),
        _housed(_DOCK, _dock_look, _dock_tables, _DOCK_NAMES, ("merged", "merged", "few", "few", "each", "each", "each", "zip", "mixed")),
    )
}

__all__ = ["FAMILIES", "Family"]
