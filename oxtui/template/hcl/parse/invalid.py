"""Tokens that HCL has no use for, whatever stands around them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxtui.template.hcl import tokens as t
from oxtui.template.hcl.diagnostic import error
from oxtui.template.hcl.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from oxtui.template.hcl.diagnostic import Diagnostic
    from oxtui.template.hcl.source import SourceFile
    from oxtui.template.hcl.tokens import Token

_CHARACTERS = "Invalid character"
_OPERATORS = "Unsupported operator"
MULTI_LINE = "Invalid multi-line string"
QUOTED_NEWLINE_DETAIL = (
    'A quoted string ends on its line, but the closing quote (") is missing here. '
    "For a line break in it write \\n, or use a heredoc."
)
_MESSAGES = {
    "&": (_OPERATORS, 'Bitwise operators are not supported. Did you mean boolean AND ("&&")?'),
    "|": (_OPERATORS, 'Bitwise operators are not supported. Did you mean boolean OR ("||")?'),
    "~": (_OPERATORS, 'Bitwise operators are not supported. Did you mean boolean NOT ("!")?'),
    "^": (_OPERATORS, "Bitwise operators are not supported."),
    "**": (_OPERATORS, '"**" is not an operator; use the pow function for powers.'),
    "'": (_CHARACTERS, 'Single quotes are not valid. Use double quotes (") around strings.'),
    "`": (
        _CHARACTERS,
        'The "`" character is not valid. For a string of several lines use a heredoc, such as "<<EOT".',
    ),
    ";": (
        _CHARACTERS,
        'The ";" character is not valid. Use newlines to separate arguments and blocks, and commas '
        "to separate items in a collection.",
    ),
    t.QUOTED_NEWLINE: (MULTI_LINE, QUOTED_NEWLINE_DETAIL),
}


def invalid_tokens(file: SourceFile, tokens: Sequence[Token]) -> Iterator[Diagnostic]:
    """One message for each kind of wrong operator, and for every character that is no HCL at all."""
    told: set[str] = set()
    for token in tokens:
        if token.kind == t.INVALID:
            character = file.text[token.start]
            detail = f"The character U+{ord(character):04X} is not used in HCL outside of strings."
            yield error(_CHARACTERS, detail, Span(token.start, token.end), file, "syntax")
        elif token.kind in _MESSAGES and token.kind not in told:
            told.add(token.kind)
            yield error(*_MESSAGES[token.kind], Span(token.start, token.end), file, "syntax")
