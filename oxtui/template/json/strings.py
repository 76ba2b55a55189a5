"""Strings of JSON: from the text to what it means, with the place of every character."""

from __future__ import annotations

import functools
import re

from oxtui.template.hcl.source import Span
from oxtui.template.json.nodes import String

_PLAIN = re.compile(r'[^"\\\x00-\x1f]*+')
_ESCAPES = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_HEX = re.compile(r"[0-9a-fA-F]{4}")
_LOST = "\ufffd"


class StringProblem(Exception):
    """A string that is none; `at` is the offset of what is wrong."""

    def __init__(self, text: str, at: int) -> None:
        super().__init__(text)
        self.at = at


def read_string(text: str, start: int) -> String:
    """The string whose opening quote stands at `start`. Raises StringProblem."""
    at = start + 1
    parts: list[str] = []
    offsets: list[int] | None = None
    while True:
        plain = _PLAIN.match(text, at)
        end = at if plain is None else plain.end()
        if offsets is not None:
            offsets.extend(range(at, end))
        elif text[end : end + 1] == "\\":
            offsets = list(range(at, end))
        parts.append(text[at:end])
        at = end
        found = text[at : at + 1]
        if found == '"':
            if offsets is not None:
                offsets.append(at)
            return String(Span(start, at + 1), "".join(parts), offsets)
        if found != "\\":
            raise StringProblem(_unended(found), start if not found else at)
        made, end = _escape(text, at)
        parts.append(made)
        if offsets is not None:
            offsets.extend([at] * len(made))
        at = end


def _unended(found: str) -> str:
    if not found:
        return "This string is not ended by a double quote."
    if found in "\r\n":
        return "A string must end in the line in which it begins; write \\n for a line break."
    return f"A string may not hold the control character U+{ord(found):04X}; write it as \\u{ord(found):04x}."


def _escape(text: str, at: int) -> tuple[str, int]:
    """What an escape stands for, and where it ends. Halves of pairs become U+FFFD, as in Go."""
    letter = text[at + 1 : at + 2]
    if letter in _ESCAPES and letter:
        return _ESCAPES[letter], at + 2
    if letter != "u":
        shown = f"\\{letter}" if letter.isprintable() else "this"
        detail = f"{shown} is no escape of JSON; a backslash itself is written \\\\."
        raise StringProblem(detail, at)
    code = _unit(text, at)
    if not 0xD800 <= code <= 0xDFFF:
        return chr(code), at + 6
    if code <= 0xDBFF and text[at + 6 : at + 8] == "\\u":
        low = _unit(text, at + 6)
        if 0xDC00 <= low <= 0xDFFF:
            return chr(0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)), at + 12
    return _LOST, at + 6


def _unit(text: str, at: int) -> int:
    found = _HEX.match(text, at + 2)
    if found is None:
        raise StringProblem("\\u is followed by four hexadecimal digits.", at)
    return int(found.group(), 16)


_WRITTEN = {
    '"': '\\"',
    "\\": "\\\\",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\b": "\\b",
    "\f": "\\f",
}


def write_string(text: str, also: str = "") -> str:
    """A text as a JSON string: escaped is what must be, and the characters in `also`."""
    return '"' + _must(also).sub(_written, text) + '"'


@functools.cache
def _must(also: str) -> re.Pattern[str]:
    return re.compile('["\\\\\x00-\x1f\ud800-\udfff' + re.escape(also) + "]")


def _written(found: re.Match[str]) -> str:
    character = found.group()
    return _WRITTEN.get(character) or f"\\u{ord(character):04x}"
