"""Literal text of strings and templates: escapes, and the marks that stand for themselves when doubled."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from oxtui.template.hcl.source import Span

if TYPE_CHECKING:
    from collections.abc import Callable

_MARKS = re.compile(r"\$\$\{|%%\{")
_ESCAPES = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.|$)|\$\$\{|%%\{", re.DOTALL)
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}


def plain_text(text: str) -> str:
    """Heredoc and template file text: only `$${` and `%%{` mean something."""
    return _MARKS.sub(lambda found: found.group()[1:], text)


def quoted_text(text: str, offset: int, invalid: Callable[[str, Span], None]) -> str:
    """Text between quotes. `invalid` is told of each escape that does not exist, and where it stands."""
    if "\\" not in text and "{" not in text:
        return text

    def replace(found: re.Match[str]) -> str:
        escape = found.group(1)
        if escape is None:
            return found.group()[1:]
        if escape in _SIMPLE:
            return _SIMPLE[escape]
        if len(escape) > 1:
            return _character(int(escape[1:], 16))
        place = Span(offset + found.start(), offset + found.end())
        if escape in ("u", "U"):
            digits = "four" if escape == "u" else "eight"
            invalid(
                f"The \\{escape} escape must be followed by {digits} hexadecimal digits.", place
            )
        else:
            invalid(f'"\\{escape}" is not an escape sequence. For a backslash write "\\\\".', place)
        return found.group()

    return _ESCAPES.sub(replace, text)


def _character(code: int) -> str:
    if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        return "\ufffd"
    return chr(code)
