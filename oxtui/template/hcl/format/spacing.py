"""One blank or none between two tokens of a line."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from oxtui.template.hcl import tokens as t
from oxtui.template.hcl.format.lines import FormatToken, brackets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from oxtui.template.hcl.format.lines import Line

_NO_SPACE_AFTER: Final = frozenset((t.OPEN_QUOTE, t.OPEN_HEREDOC, t.QUOTED_LITERAL, t.LITERAL))
_NO_SPACE_BEFORE: Final = frozenset((t.CLOSE_QUOTE, t.CLOSE_HEREDOC, t.QUOTED_LITERAL, t.LITERAL))
# After one of these a minus is a sign, not a subtraction.
_OPERATORS: Final = ("+", "-", "*", "/", "%", "!", "&&", "||", "==", "!=", "<", "<=", ">", ">=")
_BEFORE_SIGN: Final = frozenset(("", "(", "[", "{", "=", ":", ",", "?", *_OPERATORS))
_NOTHING = FormatToken("", "")


def space(lines: Sequence[Line]) -> None:
    """Sets the blanks inside of each cell; an equals sign always has one before it."""
    for line in lines:
        _cell(line.lead)
        _cell(line.assign)
        if line.assign:
            line.assign[0].spaces = 1


def _cell(tokens: Sequence[FormatToken]) -> None:
    before = _NOTHING
    for token, after in pairwise(tokens):
        after.spaces = int(_separated(before, token, after))
        before = token


def _separated(before: FormatToken, token: FormatToken, after: FormatToken) -> bool:
    """Whether a blank stands between `token` and `after`; the first rule that applies decides."""
    kind, next_kind = token.kind, after.kind
    if next_kind == t.NEWLINE or (kind == t.IDENTIFIER and next_kind == "("):
        return False
    if kind in (".", "::") or next_kind in (".", "::", ",", "..."):
        return False
    if kind == ",":
        return True
    if kind in _NO_SPACE_AFTER or next_kind in _NO_SPACE_BEFORE:
        return False
    if token.text == "in" and before.kind == t.IDENTIFIER:
        return True
    if next_kind == "[" and (kind in (t.IDENTIFIER, t.NUMBER) or brackets(token) < 0):
        return False
    if kind == "!":
        return False
    if kind == "-":
        return before.kind not in _BEFORE_SIGN
    return _around_brackets(token, after)


def _around_brackets(token: FormatToken, after: FormatToken) -> bool:
    kind, next_kind = token.kind, after.kind
    if kind == "{" or next_kind == "}":
        return not (kind == "{" and next_kind == "}")
    if kind in (t.INTERPOLATION, t.DIRECTIVE) and next_kind == "{":
        return True
    if kind == "}" and next_kind == t.SEQUENCE_END:
        return True
    if kind == t.SEQUENCE_END and next_kind in (t.INTERPOLATION, t.DIRECTIVE):
        return False
    return brackets(token) <= 0 and brackets(after) >= 0
