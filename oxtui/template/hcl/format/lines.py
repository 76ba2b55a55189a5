"""Lines as the formatter sees them: what leads, what is assigned, and a comment at the end."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from oxtui.template.hcl import tokens as t

if TYPE_CHECKING:
    from collections.abc import Sequence

_OPENERS: Final = frozenset(("{", "[", "(", t.INTERPOLATION, t.DIRECTIVE))
_CLOSERS: Final = frozenset(("}", "]", ")", t.SEQUENCE_END))


@dataclass(slots=True)
class FormatToken:
    """A token with the number of blanks that will stand before it."""

    kind: str
    text: str
    spaces: int = 0


@dataclass(slots=True)
class Line:
    """One line, in three cells. `assign` starts with the equals sign and only holds whole values."""

    lead: list[FormatToken] = field(default_factory=list)
    assign: list[FormatToken] = field(default_factory=list)
    comment: list[FormatToken] = field(default_factory=list)


def brackets(token: FormatToken) -> int:
    """How a token changes the number of open brackets: 1, -1 or 0."""
    return (token.kind in _OPENERS) - (token.kind in _CLOSERS)


def is_comment(token: FormatToken) -> bool:
    """Whether a token is a comment of any kind."""
    return token.kind in (t.COMMENT, t.LINE_COMMENT)


def split_lines(tokens: Sequence[FormatToken]) -> list[Line]:
    """Lines of tokens. A heredoc stands inside of one line, however many it takes in the file."""
    lines: list[Line] = []
    current: list[FormatToken] = []
    heredocs = 0
    for token in tokens:
        current.append(token)
        heredocs += (token.kind == t.OPEN_HEREDOC) - (token.kind == t.CLOSE_HEREDOC)
        if token.kind in (t.NEWLINE, t.LINE_COMMENT) and not heredocs:
            lines.append(_cells(current))
            current = []
    if current:
        lines.append(_cells(current))
    return lines


def _cells(tokens: list[FormatToken]) -> Line:
    comment: list[FormatToken] = []
    if len(tokens) > 1 and is_comment(tokens[-1]):
        tokens, comment = tokens[:-1], tokens[-1:]
    for position, token in enumerate(tokens):
        if position and token.kind == "=":
            if sum(map(brackets, tokens[position:])) == 0:
                return Line(tokens[:position], tokens[position:], comment)
            break
    return Line(tokens, [], comment)
