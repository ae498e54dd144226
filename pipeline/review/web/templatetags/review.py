"""What the templates need beyond Django's own: words, labels, amounts, places."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from pipeline.labels import Language, label
from pipeline.review.graph import Graph, svg
from pipeline.review.stages import stage_words
from pipeline.review.values import shown
from pipeline.review.web.words import word
from pipeline.store.models import OWN_REASONS

register = template.Library()


@register.simple_tag(takes_context=True)
def w(context: dict[str, Any], name: str, **values: Any) -> str:
    """One of the page's words: {% w "take_next" %}; {n} and the like are filled in."""
    return word(name, context.get("language", Language.ZH)).format(**values)


@register.simple_tag(takes_context=True)
def named(context: dict[str, Any], group: str, name: str) -> str:
    """Words of one of our codes: {% named "triage" row.triage %}."""
    return label(group, str(name), context.get("language", Language.ZH)) if name else ""


@register.simple_tag(takes_context=True)
def state_name(context: dict[str, Any], state: str) -> str:
    """Where a submission stands on its way through the machine."""
    return word(f"state_{state}", context.get("language", Language.ZH))


@register.simple_tag(takes_context=True)
def why(context: dict[str, Any], reason: str) -> str:
    """Why a file or submission was left: one of pipeline.store.models.REASONS."""
    language = context.get("language", Language.ZH)
    return word(f"reason_{reason}", language) if reason in OWN_REASONS else label("quarantine", reason, language)


@register.simple_tag(takes_context=True)
def duration(context: dict[str, Any], seconds: float) -> str:
    """Seconds as a person says them: 45 s, 12 min, 3.5 h."""
    language = context.get("language", Language.ZH)
    if seconds < 90:
        return word("seconds_n", language).format(n=round(seconds))
    return word("minutes_n", language).format(n=round(seconds / 60)) if seconds < 5400 else word("hours_n", language).format(n=f"{seconds / 3600:.1f}")


@register.simple_tag(takes_context=True)
def bound_words(context: dict[str, Any], bound: int) -> str:
    """A bound of the queue as people type it: 3, 10万."""
    return word("ten_thousands", context.get("language", Language.ZH)).format(n=bound // 10_000) if bound >= 10_000 else str(bound)


@register.filter
def yuan(amount: Decimal | None) -> str:
    """An amount with separators, without its unit; "" where there is none."""
    return f"{amount:,.2f}" if amount is not None else ""


@register.filter
def percent(share: float) -> str:
    """A share of 1 as whole percent."""
    return f"{share:.0%}"


@register.filter
def of(known: Mapping[Any, Any] | None, name: Any) -> Any:
    """What a mapping has under a name; None where it has nothing."""
    return known.get(name) if known else None


@register.filter
def as_shown(value: str, field: str) -> str:
    """A value as a person reads it."""
    return shown(field, value)


@register.simple_tag(takes_context=True)
def drawn(context: dict[str, Any], graph: Graph, title: str, name: str) -> SafeString:
    """A graph as SVG; its texts are escaped where it is drawn."""
    return mark_safe(svg(graph, title, name, context.get("language", Language.ZH)))  # noqa: S308  see graph.svg  # nosec B308, B703


@register.filter
def make_list_of_words(text: str) -> list[str]:
    """The words of a text, for loops over a few names."""
    return text.split()


@register.simple_tag(takes_context=True)
def stage_name(context: dict[str, Any], name: str) -> str:
    """A stage's name."""
    return stage_words(name, context.get("language", Language.ZH))
