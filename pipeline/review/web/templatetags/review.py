"""What the templates need beyond Django's own: words, labels, amounts, places."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from pipeline.labels import Language, label
from pipeline.review.graph import Graph, svg
from pipeline.review.stages import stage_words
from pipeline.review.values import shown
from pipeline.review.web.words import word

register = template.Library()


@register.simple_tag(takes_context=True)
def w(context: dict[str, Any], name: str, **values: Any) -> str:
    """One of the page's words: {% w "take_next" %}; {n} and the like are filled in."""
    return word(name, context.get("language", Language.ZH)).format(**values)


@register.simple_tag(takes_context=True)
def named(context: dict[str, Any], group: str, name: str) -> str:
    """Words of one of our codes: {% named "triage" row.triage %}."""
    return label(group, str(name), context.get("language", Language.ZH)) if name else ""


@register.filter
def yuan(amount: Decimal | None) -> str:
    """An amount with separators, without its unit; "" where there is none."""
    return f"{amount:,.2f}" if amount is not None else ""


@register.filter
def percent(share: float) -> str:
    """A share of 1 as whole percent."""
    return f"{share:.0%}"


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
