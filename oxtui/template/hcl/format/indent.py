"""Indentation: two blanks for each line that has opened more brackets than it closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from oxtui.template.hcl import tokens as t
from oxtui.template.hcl.format.lines import brackets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from oxtui.template.hcl.format.lines import Line

WIDTH: Final = 2


def indent(lines: Sequence[Line]) -> None:
    """Sets the blanks at the start of each line."""
    levels: list[int] = []  # how many brackets each level waits for
    for line in lines:
        first = line.lead[0]
        if first.kind == t.NEWLINE:
            first.spaces = 0
            continue
        balance = _balance(line)
        if balance < 0:
            _close(levels, -balance)
        first.spaces = WIDTH * len(levels)
        if balance > 0:
            levels.append(balance)


def _balance(line: Line) -> int:
    total = 0
    for token in line.lead:
        total += brackets(token)
        if token.kind == t.OPEN_HEREDOC:
            break
    return total + sum(map(brackets, line.assign))


def _close(levels: list[int], closed: int) -> None:
    while closed > 0 and levels:
        taken = min(closed, levels[-1])
        levels[-1] -= taken
        closed -= taken
        if not levels[-1]:
            levels.pop()
