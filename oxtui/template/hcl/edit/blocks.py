"""Adding, removing, moving and renaming blocks. Each function takes a text and returns the changed one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxtui.template.hcl.edit.extent import Extent, line_end, newline_of
from oxtui.template.hcl.write import quote

if TYPE_CHECKING:
    from collections.abc import Sequence

    from oxtui.template.hcl.source import Span
    from oxtui.template.hcl.tree.bodies import Block


def insert_lines(text: str, at: int, lines: str) -> str:
    """Puts a block's lines at the start of a line, with a blank line between it and its neighbours.

    `lines` ends with a line break.
    """
    newline = newline_of(text)
    before, after = text[:at], text[at:]
    if before and not before.endswith("\n"):
        before += newline
        lines = lines.removesuffix(newline)
    above = before.rstrip(" \t").split("\n")[-2].strip() if before.count("\n") else ""
    gap_above = newline if above and not above.endswith("{") else ""
    below = after[: line_end(after, 0)].strip()
    gap_below = newline if below and not below.startswith("}") else ""
    return before + gap_above + lines + gap_below + after


def remove_lines(text: str, extent: Extent) -> str:
    """Removes lines, and one of the two blank lines that would then follow each other."""
    before, after = text[: extent.start], text[extent.end :]
    blank_above = before.endswith(("\n\n", "\n\r\n", "{\n", "{\r\n")) or not before
    first = after[: line_end(after, 0)]
    if blank_above and first and not first.strip():
        after = after[len(first) :]
    closes = after.lstrip().startswith("}") or not after.strip()
    if closes and before.endswith(("\n\n", "\n\r\n")):
        before = before[: -2 if before.endswith("\r\n") else -1]
    return before + after


def reorder(text: str, extents: Sequence[Extent], order: Sequence[int]) -> str:
    """Puts lines of a text in another order; what lies between them stays where it is.

    `order` says for each place which of the extents comes there.
    """
    newline = newline_of(text)
    pieces: list[str] = []
    at = 0
    for place, chosen in enumerate(order):
        old, new = extents[place], extents[chosen]
        pieces.append(text[at : old.start])
        moved = text[new.start : new.end]
        last = place == len(order) - 1 and not text[old.start : old.end].endswith("\n")
        if last:
            moved = moved.removesuffix(newline)
        elif not moved.endswith("\n"):
            moved += newline
        pieces.append(moved)
        at = old.end
    pieces.append(text[at:])
    return "".join(pieces)


def rename_label(text: str, block: Block, index: int, label: str) -> str:
    """Gives one of a block's labels another text."""
    span: Span = block.labels[index].span
    return text[: span.start] + quote(label) + text[span.end :]
