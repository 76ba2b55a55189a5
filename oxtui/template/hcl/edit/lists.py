"""Changing some items of a list that is written line by line: the other lines and all comments stay."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING, NamedTuple

from oxtui.template.hcl.edit.extent import Extent, extent_of, indentation, line_end, newline_of
from oxtui.template.hcl.edit.text_edit import TextEdit
from oxtui.template.hcl.parse import parse_expression
from oxtui.template.hcl.source import SourceFile
from oxtui.template.hcl.tree.expressions import Tuple

if TYPE_CHECKING:
    from collections.abc import Sequence


class _Row(NamedTuple):
    """An item with the lines that it takes and whether a comma follows it."""

    start: int
    end: int
    lines: Extent
    comma: bool


def set_items(text: str, node: Tuple, items: Sequence[str]) -> str | None:
    """The text with other items in a list, or None if the list must be written anew.

    `items` are written expressions; one that is written as before keeps its line.
    """
    rows = _rows(text, node)
    if not rows or not items or any("\n" in item for item in items):
        return None
    old = [text[row.start : row.end] for row in rows]
    edits: list[TextEdit] = []
    for what, i, i2, j, j2 in SequenceMatcher(None, old, items, autojunk=False).get_opcodes():
        if what == "equal":
            continue
        both = min(i2 - i, j2 - j)
        for row, item in zip(rows[i : i + both], items[j : j + both], strict=True):
            edits.append(TextEdit(row.start, row.end, item))
        edits += [TextEdit(*row.lines, "") for row in rows[i + both : i2]]
        if j + both < j2:
            edits.append(_insertion(text, rows, i + both, items[j + both : j2]))
    if not rows[-1].comma and any(edit.start == rows[-1].lines.end for edit in edits):
        edits.append(TextEdit(rows[-1].end, rows[-1].end, ","))
    changed = text
    for edit in sorted(edits, reverse=True):
        changed = edit.apply(changed)
    shift = len(changed) - len(text)
    start, end = node.span
    return changed if _reads_as(changed[start : end + shift], items) else None


def _rows(text: str, node: Tuple) -> list[_Row]:
    """The items, if each starts a line of its own and the brackets have theirs."""
    rows: list[_Row] = []
    bound = line_end(text, node.span.start)
    for item in node.items:
        start, end = item.span
        before = text[text.rfind("\n", 0, start) + 1 : start]
        behind = text[end : line_end(text, end)].lstrip(" \t")
        comma = behind.startswith(",")
        rest = behind.removeprefix(",").strip()
        alone = not rest or rest.startswith(("#", "//"))
        if before.strip() or not alone or start < bound or text.startswith("<<", start):
            return []
        lines = extent_of(text, start, end, bound)
        rows.append(_Row(start, end, lines, comma))
        bound = lines.end
    closing = text[text.rfind("\n", 0, node.span.end) + 1 : node.span.end - 1]
    return [] if closing.strip() else rows


def _insertion(text: str, rows: Sequence[_Row], place: int, items: Sequence[str]) -> TextEdit:
    at = rows[place - 1].lines.end if place else rows[0].lines.start
    indent = indentation(text, rows[0].start)
    newline = newline_of(text)
    return TextEdit(at, at, "".join(f"{indent}{item},{newline}" for item in items))


def _reads_as(written: str, items: Sequence[str]) -> bool:
    node, problems = parse_expression(SourceFile("", written))
    if problems or not isinstance(node, Tuple) or len(node.items) != len(items):
        return False
    return [written[item.span.start : item.span.end] for item in node.items] == list(items)
