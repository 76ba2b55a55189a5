"""Strings, characters and numbers as Go writes them."""

from __future__ import annotations

import re
from typing import Final

from oxtui.template.legacy.engine.errors import InterpolationError

_ESCAPE = re.compile(
    r"\\(?:(?P<letter>[abfnrtv\\'\"])|x(?P<byte>[0-9a-fA-F]{2})|(?P<octal>[0-7]{3})"
    r"|u(?P<short>[0-9a-fA-F]{4})|U(?P<long>[0-9a-fA-F]{8})|)"
)
_LETTERS: Final = {
    "a": 7, "b": 8, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11, "\\": 92, "'": 39, '"': 34,
}  # fmt: skip
_SMALLEST, _LARGEST = -(1 << 63), (1 << 63) - 1
_DIGITS: Final = 400
"""Of the longest number that is read."""


def read_string(written: str) -> str:
    """The text that a quoted or raw string means. Raises InterpolationError."""
    if written[0] == "`":
        return written[1:-1].replace("\r", "")
    return _unescaped(written[1:-1], '"')


def read_character(written: str) -> int:
    """The code point between single quotes. Raises InterpolationError."""
    text = _unescaped(written[1:-1], "'")
    if len(text) != 1:
        raise InterpolationError(f"{written} is not one character; put text in double quotes")
    return ord(text)


def _unescaped(inner: str, quote: str) -> str:
    if "\\" not in inner:
        return inner

    def meant(found: re.Match[str]) -> bytes:
        letter = found["letter"]
        if letter and (letter not in "'\"" or letter == quote):
            return bytes([_LETTERS[letter]])
        if raw := found["byte"] or found["octal"]:
            code = int(raw, 16 if found["byte"] else 8)
            if code < 256:
                return chr(code).encode() if quote == "'" else bytes([code])
        if raw := found["short"] or found["long"]:
            code = int(raw, 16)
            if code < 0x110000 and not 0xD800 <= code < 0xE000:
                return chr(code).encode()
        at = found.start()
        raise InterpolationError(
            f"{inner[at : at + 2]} is no escape here; double the \\, or use `backquotes`"
        )

    pieces, at = [], 0
    for found in _ESCAPE.finditer(inner):
        pieces += [inner[at : found.start()].encode("utf-8", "surrogatepass"), meant(found)]
        at = found.end()
    pieces.append(inner[at:].encode("utf-8", "surrogatepass"))
    try:
        return b"".join(pieces).decode()
    except UnicodeDecodeError:
        raise InterpolationError("the string's bytes are not UTF-8; use \\u escapes") from None


def read_number(written: str) -> tuple[int | float, int | None]:
    """The number, and the same as an integer if it is whole. Raises InterpolationError."""
    if len(written) > _DIGITS:
        raise InterpolationError("the number has too many digits")
    try:
        return _number(written)
    except (ValueError, OverflowError):
        kind = "complex numbers are not available" if written.endswith("i") else "it is not one"
        raise InterpolationError(
            f"{written} cannot be used as a number: {kind}; put text in quotes"
        ) from None


def _number(written: str) -> tuple[int | float, int | None]:
    digits = written.lstrip("+-")
    prefix = digits[:2].lower()
    if prefix in ("0x", "0o", "0b") and "p" not in digits.lower():
        whole = int(written, 0)
    elif prefix == "0x":
        return _fraction(float.fromhex(written))
    elif "." in digits or "e" in digits.lower():
        return _fraction(float(written))
    elif re.fullmatch(r"0(?:_?[0-7])+", digits):
        whole = int(written, 8)
    else:
        whole = int(written, 10)
        if whole and digits[0] == "0":
            raise ValueError
    if not _SMALLEST <= whole <= _LARGEST:
        raise OverflowError
    return whole, whole


def _fraction(number: float) -> tuple[float, int | None]:
    if number in (float("inf"), float("-inf")):
        raise OverflowError
    whole = number.is_integer() and _SMALLEST <= number <= _LARGEST
    return number, int(number) if whole else None
