"""The path by which a buyer is related to the applicant, as a small drawing.

In:    a `related_party_buyer` flag (its `detail.path`, `links`, `buyer`).
Out:   `Graph`: nodes and links with their places; `svg` draws it: text and strokes in the page's own colour, title and description for screen readers,
       no script and no style that a strict content security policy would refuse.
Fails: never; None for a flag that tells no path.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from html import escape
from itertools import pairwise

from matchers.names import normalise
from models.flag import Flag
from models.page import Frozen
from pipeline.labels import Language
from pipeline.review.masks import masked_value

CODE = "related_party_buyer"
WIDE, HIGH, LINE, ROW, GAP, MARGIN = 176, 68, 18, 124, 36, 8  # pixels: a node, a line of text, from row to row, between nodes, around all
LANE = 64  # pixels for a link that leads past rows, with its label
FULL = 12  # full-width characters in a line of a node
_ORGANISATION = re.compile(r"公司|集团|厂|院|所|中心|合伙|银行|协会|大学|局$")
_FIGURE = re.compile(r"[\d\s()（）+-]{7,}")


class Role(StrEnum):
    APPLICANT = "applicant"
    BUYER = "buyer"
    COMPANY = "company"
    PERSON = "person"
    PARTICULAR = "particular"  # a telephone, an address, an account that both have


ROLES = {
    Role.APPLICANT: ("投保企业", "Applicant"), Role.BUYER: ("用户", "User"), Role.COMPANY: ("企业", "Company"), Role.PERSON: ("个人", "Person"),
    Role.PARTICULAR: ("共同信息", "Shared particular")}


class Node(Frozen):
    """A name on the path. x, y: its centre in pixels."""

    name: str
    role: Role
    x: float
    y: float


class Link(Frozen):
    """From whom to whom, and what it is: a percentage, an office, the kind of particular; indices into the graph's nodes.

    aside: where it runs down beside the nodes that stand between, in pixels from the left; None where it leads straight.
    """

    start: int
    end: int
    label: str
    aside: float | None = None


class Graph(Frozen):
    """A drawing of width × height pixels. described: the path in words."""

    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    width: float
    height: float
    described: str


def graph_of(flag: Flag, mask: bool = False) -> Graph | None:
    """The flag's path: who stands above whom (holder above company), applicant and buyer marked. mask: telephones and accounts hidden."""
    path = [str(name) for name in flag.detail.get("path") or ()] if flag.code == CODE else []
    if len(path) < 2:
        return None
    told = [(str(a), str(what), str(b)) for a, what, b in flag.detail.get("links") or ()] or [(a, "", b) for a, b in pairwise(path)]
    names = list(dict.fromkeys((*path, *(name for a, _, b in told for name in (a, b)))))
    named = normalise(str(flag.detail.get("buyer") or path[-1]))
    applicant, buyer = (path[-1], path[0]) if normalise(path[0]) == named else (path[0], path[-1])
    rows = _rows(names, told)
    places = _places(rows)
    nodes = tuple(_node(name, applicant, buyer, told, places[name], mask) for name in names)
    level = {name: row for row, members in enumerate(rows) for name in members}
    edge = max(x for x, _ in places.values()) + WIDE / 2
    links: list[Link] = []
    for a, what, b in told:
        past = abs(level[a] - level[b]) > 1
        if a != b:
            links.append(Link(start=names.index(a), end=names.index(b), label=what, aside=edge + LANE / 4 if past else None))
            edge += LANE if past else 0
    width = edge + MARGIN
    height = max(y for _, y in places.values()) + HIGH / 2 + MARGIN
    said = "；".join(f"{nodes[link.start].name} —{link.label}→ {nodes[link.end].name}" if link.label else f"{nodes[link.start].name} → {nodes[link.end].name}" for link in links)
    return Graph(nodes=nodes, links=tuple(links), width=width, height=height, described=said)


def svg(graph: Graph, title: str, name: str, language: Language = Language.ZH) -> str:
    """The drawing as an SVG element. name: what its ids begin with, once on a page: letters, digits and hyphens (others are left out)."""
    own = re.sub(r"[^A-Za-z0-9-]", "", name) or "graph"
    parts = [(
        f'<svg xmlns="http://www.w3.org/2000/svg" class="relations" role="img" aria-labelledby="{own}-title {own}-told" viewBox="0 0 {graph.width:g} {graph.height:g}"'
        f' width="{graph.width:g}" height="{graph.height:g}" fill="none" stroke="currentColor" font-size="13">'),
        f'<title id="{own}-title">{escape(title)}</title>', f'<desc id="{own}-told">{escape(graph.described)}</desc>',
        (f'<defs><marker id="{own}-tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto-start-reverse">'
        '<path d="M0 0L10 5L0 10z" fill="currentColor" stroke="none"/></marker></defs>')]
    parts += [_drawn_link(graph, link, own) for link in graph.links]
    parts += [_drawn_node(node, language) for node in graph.nodes]
    return "".join((*parts, "</svg>"))


# ---------------------------------------------------------------- places


def _rows(names: Sequence[str], links: Sequence[tuple[str, str, str]]) -> list[list[str]]:
    """Names by how far down they stand: below everyone who has a link to them. Holdings in a ring are cut where they come round."""
    depth = dict.fromkeys(names, 0)
    for _ in names:
        moved = False
        for a, _what, b in links:
            if depth[b] <= depth[a] < len(names) - 1:
                depth[b] = depth[a] + 1
                moved = True
        if not moved:
            break
    return [row for level in range(max(depth.values()) + 1) if (row := [name for name in names if depth[name] == level])]


def _places(rows: Sequence[Sequence[str]]) -> dict[str, tuple[float, float]]:
    widest = max(len(row) for row in rows)
    middle = MARGIN + (widest * WIDE + (widest - 1) * GAP) / 2
    out = {}
    for level, row in enumerate(rows):
        left = middle - (len(row) * WIDE + (len(row) - 1) * GAP) / 2
        for i, name in enumerate(row):
            out[name] = (left + i * (WIDE + GAP) + WIDE / 2, MARGIN + HIGH / 2 + level * ROW)
    return out


def _node(name: str, applicant: str, buyer: str, links: Iterable[tuple[str, str, str]], place: tuple[float, float], mask: bool) -> Node:
    shared = sum(b == name for _, _, b in links) > 1 and not any(a == name for a, _, _ in links)
    if name == applicant:
        role = Role.APPLICANT
    elif name == buyer:
        role = Role.BUYER
    elif shared and not _ORGANISATION.search(name):
        role = Role.PARTICULAR
    else:
        role = Role.COMPANY if _ORGANISATION.search(name) else Role.PERSON
    shown = masked_value("bank_account", name) if mask and role is Role.PARTICULAR and _FIGURE.fullmatch(name) else name
    return Node(name=shown, role=role, x=place[0], y=place[1])


# ---------------------------------------------------------------- drawing


def _drawn_node(node: Node, language: Language) -> str:
    lines = [node.name[i : i + FULL] for i in range(0, len(node.name), FULL)][:2]
    if len(node.name) > 2 * FULL:
        lines[-1] = lines[-1][:-1] + "…"
    strong = node.role in (Role.APPLICANT, Role.BUYER)
    top = node.y - LINE * (len(lines) + 1) / 2 + LINE * 0.75
    role = ROLES[node.role][0 if language is Language.ZH else 1]
    shape = (
        f'<rect x="{node.x - WIDE / 2:g}" y="{node.y - HIGH / 2:g}" width="{WIDE}" height="{HIGH}" rx="{HIGH / 2 if node.role is Role.PERSON else 6:g}" '
        f'stroke-width="{2 if strong else 1}"{" stroke-dasharray=" + chr(34) + "4 3" + chr(34) if node.role is Role.PARTICULAR else ""}/>')
    said = [f'<text x="{node.x:g}" y="{top:g}" font-size="11" opacity=".75">{escape(role)}</text>']
    said += [f'<text x="{node.x:g}" y="{top + LINE * (i + 1):g}"{" font-weight=" + chr(34) + "600" + chr(34) if strong else ""}>{escape(line)}</text>' for i, line in enumerate(lines)]
    return f'<g class="{node.role.value}"><title>{escape(node.name)}</title>{shape}<g fill="currentColor" stroke="none" text-anchor="middle">{"".join(said)}</g></g>'


def _drawn_link(graph: Graph, link: Link, own: str) -> str:
    a, b = graph.nodes[link.start], graph.nodes[link.end]
    if link.aside is not None:
        way = f"M{a.x + WIDE / 2:g} {a.y:g}H{link.aside:g}V{b.y:g}H{b.x + WIDE / 2:g}"
        label = _label(link.label, link.aside + 6, (a.y + b.y) / 2 + 4, "start")
    elif a.y == b.y:
        side = 1 if b.x > a.x else -1
        way = f"M{a.x + side * WIDE / 2:g} {a.y:g}L{b.x - side * WIDE / 2:g} {b.y:g}"
        label = _label(link.label, (a.x + b.x) / 2, a.y - 6, "middle")
    else:
        side = 1 if b.y > a.y else -1
        way = f"M{a.x:g} {a.y + side * HIGH / 2:g}L{b.x:g} {b.y - side * HIGH / 2:g}"
        leans = b.x < a.x
        label = _label(link.label, (a.x + b.x) / 2 + (-6 if leans else 6), (a.y + b.y) / 2 - (4 if a.x != b.x else -4), "end" if leans else "start")
    return f'<path d="{way}" marker-end="url(#{own}-tip)"/>{label}'


def _label(text: str, x: float, y: float, anchor: str) -> str:
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" fill="currentColor" stroke="none" font-size="12">{escape(text)}</text>' if text else ""
