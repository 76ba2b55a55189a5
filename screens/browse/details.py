"""The details of a row as text, for a column or a page of any width."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from textual.content import Content

from screens.browse.resource import Fact, Section
from screens.tables.cell import Cell, clean
from screens.widgets.top_line import TONES

_LABEL = 11
"""Cells for the labels at the left."""

_FIRM = "\N{NO-BREAK SPACE}"
"""Keeps words together where lines are broken."""


def details(title: str, facts: Sequence[Fact], sections: Sequence[Section], width: int) -> Content:
    """Title, facts, sections; no line is longer than `width`."""
    lines = [Content.styled(clean(title), "bold"), Content("")]
    lines += _facts(facts, width)
    for section in sections:
        lines += [Content(""), Content.styled(section.title, "bold $text-accent")]
        if section.facts:
            lines += _facts(section.facts, width)
        elif section.lines:
            lines += _table(section, width)
        else:
            lines.append(Content.styled(section.empty or "none", "$text-muted"))
    return Content("\n").join(lines)


def _facts(facts: Sequence[Fact], width: int) -> Iterator[Content]:
    for fact in facts:
        value = clean(fact.value)
        room = max(8, width - _LABEL)
        if fact.label == "id" and len(value) > room:
            value = f"{value[:8]}-…  y copies it"
        for number, line in enumerate(textwrap.wrap(value, room) or [""]):
            label = fact.label if number == 0 else ""
            yield Content.assemble((label.ljust(_LABEL), "$text-muted"), (line, TONES[fact.tone]))


def _table(section: Section, width: int) -> Iterator[Content]:
    rows = [[_cell(each) for each in line] for line in section.lines]
    texts = [list(section.headings), *([cell.text for cell in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    if sum(widths) + 2 * len(widths) - 2 <= width:
        yield Content.styled(_joined(section.headings, widths), "$text-muted")
        for row in rows:
            yield Content("  ").join(
                Content.styled(cell.text.ljust(wide), TONES[cell.tone])
                for cell, wide in zip(row, widths, strict=True)
            )
        return
    for row in rows:
        first, *others = [cell for cell in row if cell.text]
        yield Content(first.text).truncate(width, ellipsis=True)
        parts = (cell.text.replace(" ", _FIRM) for cell in others)
        for line in textwrap.wrap(f"{_FIRM}· ".join(parts), width - 2):
            yield Content.styled(f"  {line.replace(_FIRM, ' ')}", "$text-muted")


def _joined(texts: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(text.ljust(wide) for text, wide in zip(texts, widths, strict=True)).rstrip()


def _cell(each: Cell | str) -> Cell:
    return Cell(clean(each)) if isinstance(each, str) else Cell(clean(each.text), each.tone)
