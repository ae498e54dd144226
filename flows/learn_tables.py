"""What learning gave, as people read it.

In:    `learn.Learned`.  Out: tables for the console, and one sentence.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from rich.table import Table

from extractors.second_opinion import Use
from flows.learn import Learned
from pipeline.learning.measure import Tally, total

PAPERS = {
    "sales_contract": "合同", "insurance_policy": "保险单", "test_report": "检测报告", "first_set_certificate": "首台（套）证书", "ip_certificate": "专利、著作权",
    "delivery_proof": "交付证明", "payment_voucher": "付款凭证",
}
NAMES = {
    "buyer_name": "买方", "seller_name": "卖方", "product_name": "产品", "insurer_name": "保险人", "policyholder_name": "投保人", "insured_name": "被保险人",
    "company_name": "企业", "payer_name": "付款人", "payee_name": "收款人",
}
USES = {Use.ADD: "补充", Use.BEAR_OUT: "印证", Use.DOUBT: "存疑", Use.REPLACE: "改用"}


def tables(learned: Learned) -> Iterator[Table]:
    """Old and new on the same held papers, field by field: precision, recall, F1; what the new version may be used for."""
    card = learned.card
    table = Table(title=f"未参与学习的 {len(card.held)} 件申报", title_justify="left")
    table.add_column("材料")
    table.add_column("字段")
    for heading in ("模型单独 P / R / F1", f"现用（{card.old_version or '仅规则'}）P / R / F1", f"新版（{card.version}）P / R / F1", "静默错误 旧→新", "采信 旧→新"):
        table.add_column(heading, justify="right")
    table.add_column("用途")
    for name in sorted(card.measure.together):
        paper, field = name.split(".")
        trust = card.trusts.get(name)
        uses = "、".join(USES[use] for use in Use if trust and use in trust.uses) or "不用"
        table.add_row(PAPERS[paper], NAMES[field], *_figures(card.measure.model[name], card.old.together[name], card.measure.together[name]), uses)
    table.add_section()
    table.add_row("合计", "", *_figures(*(total(some.values()) for some in (card.measure.model, card.old.together, card.measure.together))), "")
    yield table


def _figures(model: Tally, old: Tally, new: Tally) -> tuple[str, ...]:
    return (*(f"{_share(t.precision)} / {_share(t.recall)} / {_share(t.f1)}" for t in (model, old, new)), f"{old.silent}→{new.silent}", f"{old.accepted}→{new.accepted}")


def _share(value: float | None) -> str:
    return "—" if value is None else f"{value:.3f}"


def verdict(learned: Learned, folder: Path) -> str:
    """What follows from it."""
    card = learned.card
    taught = f"学习材料 {card.papers} 份，名称 {card.names} 处，正文中未找到 {sum(card.missing.values())} 处。"
    if not card.better:
        kept = f"继续使用 {card.old_version}。" if card.old_version else "仍只用规则。"
        return f"{taught}新版没有胜过现用的，{kept}"
    if not learned.written:
        return f"{taught}新版胜过现用的；本次只作比较，没有保存。"
    return f"{taught}新版胜过现用的，自此使用 {folder / card.version}（设置 INTAKE_EXTRACTION__LEARNED={folder}）。"
