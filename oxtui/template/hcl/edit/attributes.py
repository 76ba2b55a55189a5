"""Setting, adding and removing attributes. Each function takes a text and returns the changed one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxtui.template.hcl.clusters import cluster_count
from oxtui.template.hcl.edit.extent import (
    extent_of,
    indentation,
    item_end,
    line_end,
    line_start,
    newline_of,
    rest_of_line,
)
from oxtui.template.hcl.tree.bodies import Attribute

if TYPE_CHECKING:
    from oxtui.template.hcl.tree.bodies import Block, Body


def set_attribute(text: str, attribute: Attribute, value: str) -> str:
    """Replaces an attribute's expression. Only its own line changes, unless a value has several.

    A comment behind the value keeps its column where it can; above a heredoc, which allows none
    behind it, it goes on a line of its own.
    """
    start, end = attribute.expression.span
    rest = rest_of_line(text, end)
    comment = rest.lstrip()
    if comment and _is_heredoc(value):
        first = line_start(text, attribute.span.start)
        above = indentation(text, attribute.span.start) + comment + newline_of(text)
        return text[:first] + above + text[first:start] + value + text[end + len(rest) :]
    if comment and "\n" not in value + text[start:end]:
        blanks = len(rest) - len(comment)
        if blanks > 1:
            blanks = max(1, blanks - cluster_count(value) + cluster_count(text[start:end]))
        return text[:start] + value + " " * blanks + text[end + len(rest) - len(comment) :]
    return text[:start] + value + text[end:]


def _is_heredoc(value: str) -> bool:
    return value.startswith("<<")


def add_attribute(text: str, body: Body, name: str, value: str, *, block: Block | None) -> str:
    """Adds an attribute behind those that are there. `block` is None for the top of a file."""
    newline = newline_of(text)
    if block is not None and "\n" not in text[block.open.end : block.close.start]:
        return _opened_up(text, block, f"{name} = {value}", newline)
    before = _last_attribute(body)
    if before is None:
        at = line_end(text, block.open.end) if block is not None else _file_start(text)
        indent = indentation(text, block.type_span.start) + "  " if block is not None else ""
        line = f"{indent}{name} = {value}{newline}"
        follower = rest_of_line(text, at).strip()
        gap = newline if follower and follower != "}" else ""
        return text[:at] + line + gap + text[at:]
    at = item_end(text, before.span.end)
    indent = indentation(text, before.span.start)
    pad = max(1, _equals_column(text, before) - len(indent) - len(name))
    line = f"{indent}{name}{' ' * pad}= {value}"
    if not text[:at].endswith("\n"):
        return text[:at] + newline + line + text[at:]
    return text[:at] + line + newline + text[at:]


def _file_start(text: str) -> int:
    return 1 if text.startswith("\ufeff") else 0


def _last_attribute(body: Body) -> Attribute | None:
    """The last attribute before the first block, or the last one at all."""
    found = None
    for item in body.items:
        if isinstance(item, Attribute):
            found = item
        elif found is not None:
            break
    return found


def _equals_column(text: str, attribute: Attribute) -> int:
    """The column of the equals sign, or 0 where the value takes several lines and aligns with none."""
    start, end = attribute.expression.span
    if "\n" in text[start:end] and not _is_heredoc(text[start:end]):
        return 0
    return text.index("=", attribute.name_span.end) - line_start(text, attribute.span.start)


def _opened_up(text: str, block: Block, line: str, newline: str) -> str:
    """A block on one line as one of several lines, with another line in it."""
    indent = indentation(text, block.type_span.start)
    inside = text[block.open.end : block.close.start].strip()
    lines = [part for part in (inside, line) if part]
    body = newline + "".join(f"{indent}  {part}{newline}" for part in lines) + indent
    return text[: block.open.end] + body + text[block.close.start :]


def remove_attribute(text: str, body: Body, attribute: Attribute) -> str:
    """Removes an attribute with its comments."""
    start, end = attribute.span
    line = text[line_start(text, start) : start]
    if line.strip():  # a block on one line
        return text[:start].rstrip(" \t") + text[end:].lstrip(" \t")
    extent = extent_of(text, start, end, bound_before(text, body, start))
    return text[: extent.start] + text[extent.end :]


def bound_before(text: str, body: Body, start: int) -> int:
    """Where the lines begin that can belong to an item at `start`: behind the item before it."""
    ends = [item.span.end for item in body.items if item.span.end <= start]
    if ends:
        return item_end(text, max(ends))
    opened = body.span.start
    return opened if opened == 0 or text[opened - 1] != "{" else line_end(text, opened)
