"""Data as JSON text in the layout of the text around it."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final

from oxtui.template.hcl.clusters import cluster_count
from oxtui.template.json.edit.pieces import Pieces
from oxtui.template.json.edit.style import line_indent
from oxtui.template.json.edit.tree import meaning, same, tree_of_node
from oxtui.template.json.nodes import Array, Object
from oxtui.template.json.strings import write_string

if TYPE_CHECKING:
    from collections.abc import Iterable

    from oxtui.template.json.edit.style import Style
    from oxtui.template.json.edit.tree import Tree
    from oxtui.template.json.nodes import Node

_WIDTH: Final = 80
"""A list of scalars that is longer than this on one line gets a line for each item."""


def write(tree: Tree, style: Style, indent: str, *, lines: bool) -> str:
    """Data as text. Its first line is indented by `indent` already; `lines`: it may take several."""
    if isinstance(tree, str):
        return tree
    if not tree:
        return "{}" if isinstance(tree, dict) else "[]"
    lines = lines and style.unit is not None
    inner = indent + (style.unit or "")
    if isinstance(tree, dict):
        written = [
            entry(name, item, style, inner, style.colon, lines=lines) for name, item in tree.items()
        ]
        return _bracketed("{}", written, style, indent, style.object_pad, lines=lines)
    written = [write(item, style, inner, lines=lines) for item in tree]
    if lines and all(isinstance(item, str) or not item for item in tree):
        line = _bracketed("[]", written, style, indent, style.list_pad, lines=False)
        if fits(indent, line):
            return line
    return _bracketed("[]", written, style, indent, style.list_pad, lines=lines)


def entry(name: str, tree: Tree, style: Style, indent: str, colon: str, *, lines: bool) -> str:
    """A member of an object as text."""
    return write_string(name) + colon + write(tree, style, indent, lines=lines)


def fits(indent: str, line: str) -> bool:
    """Whether a text is short enough to stand on one line."""
    return "\n" not in line and cluster_count(indent) + cluster_count(line) <= _WIDTH


def _bracketed(
    brackets: str, written: Iterable[str], style: Style, indent: str, pad: str, *, lines: bool
) -> str:
    if not lines:
        return brackets[0] + pad + style.comma.join(written) + pad + brackets[1]
    inner = style.newline + indent + (style.unit or "")
    return brackets[0] + inner + ("," + inner).join(written) + style.newline + indent + brackets[1]


def rewritten(text: str, node: Node, tree: Tree, style: Style, *, lines: bool) -> str:
    """The text of a node that is to say something else: of lists and objects only what differs changes."""
    if same(node, tree):
        return text[node.span.start : node.span.end]
    if isinstance(node, Array) and isinstance(tree, list) and node.items and tree:
        return _changed_list(text, node, tree, style, lines=lines)
    if isinstance(node, Object) and isinstance(tree, dict) and node.members and tree:
        return _changed_object(text, node, tree, style)
    return write(tree, style, line_indent(text, node.span.start), lines=lines)


def _changed_list(text: str, node: Array, tree: list[Tree], style: Style, *, lines: bool) -> str:
    pieces = Pieces(text, node, style)
    outer, inner = (line_indent(text, n.span.start) for n in (node, node.items[0]))
    before = str(pieces)
    broken = "\n" in before
    old = [meaning(tree_of_node(text, item)) for item in node.items]
    matcher = SequenceMatcher(None, old, [meaning(item) for item in tree], autojunk=False)
    for what, i, i2, j, j2 in reversed(matcher.get_opcodes()):
        if what == "equal":
            continue
        both = min(i2 - i, j2 - j)
        for number in range(both):
            item = node.items[i + number]
            pieces.entries[i + number] = rewritten(
                text, item, tree[j + number], style, lines=broken
            )
        for number in reversed(range(i + both, i2)):
            pieces.remove(number)
        for number in range(j + both, j2):
            allowed = item_takes_lines(text, node, i + both)
            added = write(tree[number], style, inner, lines=allowed)
            pieces.insert(i + number - j, added)
    row = lines and not broken and all(isinstance(item, str) for item in tree)
    if row and style.unit is not None and fits(outer, before) and not fits(outer, str(pieces)):
        pieces.spread(style.newline, outer + style.unit, outer)
    return str(pieces)


def item_takes_lines(text: str, node: Array, position: int) -> bool:
    """Whether an item that becomes number `position` of a list takes several lines, as those beside it do."""
    near = node.items[max(0, min(position, len(node.items)) - 1)]
    compound = isinstance(near, Array | Object) and near.span.end - near.span.start > 2
    start, end = near.span if compound else node.span
    return "\n" in text[start:end]


def _changed_object(text: str, node: Object, tree: dict[str, Tree], style: Style) -> str:
    pieces = Pieces(text, node, style)
    lines = "\n" in str(pieces)
    known: set[str] = set()
    gone: list[int] = []
    for number, member in enumerate(node.members):
        if member.name in tree and member.name not in known:
            value = rewritten(text, member.value, tree[member.name], style, lines=lines)
            pieces.entries[number] = text[member.key.span.start : member.value.span.start] + value
        else:
            gone.append(number)
        known.add(member.name)
    for name, item in tree.items():
        if name not in known:
            pieces.insert(len(pieces.entries), new_member(text, node, name, item, style))
    for number in reversed(gone):
        pieces.remove(number)
    return str(pieces)


def new_member(
    text: str, node: Object, name: str, tree: Tree, style: Style, position: int | None = None
) -> str:
    """A member for an object that has some, laid out as the one before it (the last without `position`)."""
    last = len(node.members) - 1
    near = node.members[last if position is None else max(0, min(position - 1, last))]
    colon = text[near.key.span.end : near.value.span.start]
    indent = line_indent(text, near.key.span.start)
    lines = "\n" in text[node.span.start : node.span.end]
    if "\n" in colon:
        colon = style.colon
    return entry(name, tree, style, indent, colon, lines=lines)
