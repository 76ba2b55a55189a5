"""How a JSON text is laid out, so that what is added looks like the rest."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from oxtui.template.hcl.edit.extent import line_start, newline_of
from oxtui.template.hcl.source import Span
from oxtui.template.json.nodes import Array, Object

if TYPE_CHECKING:
    from collections.abc import Iterator

    from oxtui.template.json.nodes import Node

_UNIT = "  "
"""A level's indentation where the text shows none: what Packer's documentation uses."""
_ENOUGH = 200
"""Lists and objects that are looked at: a text that has more looks the same further down."""
_LONGEST = 400
"""Characters of white space that are looked at."""


@dataclass(frozen=True, slots=True)
class Style:
    """The layout of a text. `unit` is what a level is indented by, None where all is on one line."""

    newline: str = "\n"
    unit: str | None = _UNIT
    colon: str = ": "
    """From a key to its value."""
    comma: str = ", "
    """Between two values on one line."""
    object_pad: str = ""
    """Between the braces of an object on one line and what is in it."""
    list_pad: str = ""


def entries(node: Array | Object) -> list[Span]:
    """Where the items of a list, or the members of an object, stand."""
    if isinstance(node, Array):
        return [item.span for item in node.items]
    return [Span(member.key.span.start, member.value.span.end) for member in node.members]


def values(node: Node) -> list[Node]:
    """What stands right in a list or an object."""
    if isinstance(node, Array):
        return node.items
    return [member.value for member in node.members] if isinstance(node, Object) else []


def line_indent(text: str, offset: int) -> str:
    """The blanks at the start of the line of an offset, those behind the offset too."""
    start = line_start(text, offset)
    if start == 0 and text.startswith("\ufeff"):
        start = 1
    end = start
    while text[end : end + 1] in (" ", "\t"):
        end += 1
    return text[start:end]


def style_of(text: str, root: Node) -> Style:
    """The layout of a text, by what comes first of each kind in it."""
    found: dict[str, str] = {}
    several = False
    for node in islice(_containers(root), _ENOUGH):
        spans = entries(node)
        if isinstance(node, Object):
            member = node.members[0]
            colon = text[member.key.span.end : member.value.span.start]
            if "\n" not in colon:
                found.setdefault("colon", colon)
        breaks = [span for span in spans if "\n" in _before(text, span.start)]
        if breaks:
            several = True
            inner, outer = line_indent(text, breaks[0].start), line_indent(text, node.span.start)
            if inner.startswith(outer):
                found.setdefault("unit", inner[len(outer) :])
            continue
        pad = text[node.span.start + 1 : spans[0].start]
        found.setdefault("object_pad" if isinstance(node, Object) else "list_pad", pad)
        if len(spans) > 1:
            found.setdefault("comma", text[spans[0].end : spans[1].start])
    if "comma" not in found and "colon" in found:
        found["comma"] = ", " if found["colon"].endswith(" ") else ","
    unit = found.pop("unit", _UNIT)
    one_line = not several and bool(values(root))
    return Style(newline_of(text), None if one_line else unit, **found)


def _before(text: str, offset: int) -> str:
    """The white space right before an offset."""
    head = text[max(0, offset - _LONGEST) : offset]
    return head[len(head.rstrip(" \t\r\n")) :]


def _containers(root: Node) -> Iterator[Array | Object]:
    """Lists and objects that are not empty, outer ones first."""
    level: list[Node] = [root]
    while level:
        for node in level:
            if isinstance(node, Array | Object) and values(node):
                yield node
        level = [inner for node in level for inner in values(node)]
