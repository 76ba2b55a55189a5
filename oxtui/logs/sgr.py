"""Select Graphic Rendition (ECMA-48 8.3.117, xterm's colours): the only escape codes that a log keeps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

Color = int | tuple[int, int, int]
"""An index into the terminal's 256 colours, or red, green and blue (0 to 255)."""


@dataclass(frozen=True, slots=True)
class Style:
    """How text is drawn; the default instance is plain text."""

    foreground: Color | None = None
    background: Color | None = None
    bold: bool = False
    dim: bool = False
    italic: bool = False
    underline: bool = False
    reverse: bool = False
    strike: bool = False


PLAIN = Style()

_SWITCHES: dict[int, dict[str, bool]] = {
    1: {"bold": True},
    2: {"dim": True},
    3: {"italic": True},
    4: {"underline": True},
    7: {"reverse": True},
    9: {"strike": True},
    21: {"underline": True},
    22: {"bold": False, "dim": False},
    23: {"italic": False},
    24: {"underline": False},
    27: {"reverse": False},
    29: {"strike": False},
}


def apply(style: Style, parameters: str) -> Style:
    """`style` after the sequence `CSI parameters m`; what is not understood changes nothing."""
    numbers = codes(parameters)
    for code in numbers:
        if code == 0:
            style = PLAIN
        elif code in _SWITCHES:
            style = replace(style, **_SWITCHES[code])
        elif code in (38, 48):
            color = extended_color(numbers)
            if color is not None and code == 38:
                style = replace(style, foreground=color)
            elif color is not None:
                style = replace(style, background=color)
        elif code == 58:  # the colour of an underline, which has numbers of its own
            extended_color(numbers)
        elif 30 <= code <= 37 or 90 <= code <= 97:
            style = replace(style, foreground=code - 30 if code < 90 else code - 82)
        elif 40 <= code <= 47 or 100 <= code <= 107:
            style = replace(style, background=code - 40 if code < 100 else code - 92)
        elif code == 39:
            style = replace(style, foreground=None)
        elif code == 49:
            style = replace(style, background=None)
    return style


def codes(parameters: str) -> Iterator[int]:
    """The numbers in order; `38:2::r:g:b` loses its empty colour space."""
    for group in parameters.split(";"):
        numbers = group.split(":")
        if len(numbers) == 6 and numbers[1] == "2":
            del numbers[2]
        if numbers[0] == "4" and len(numbers) == 2:
            numbers = ["24" if numbers[1] == "0" else "4"]
        for number in numbers:
            # Longer numbers have no meaning, and int() of a very long one is slow.
            yield int(number) if number.isdecimal() and len(number) < 5 else 0 if not number else -1


def extended_color(numbers: Iterator[int]) -> Color | None:
    """The colour behind 38 or 48: `5;index` or `2;red;green;blue`."""
    kind = next(numbers, -1)
    if kind == 5:
        index = next(numbers, -1)
        return index if 0 <= index <= 255 else None
    if kind == 2:
        red, green, blue = next(numbers, -1), next(numbers, -1), next(numbers, -1)
        if all(0 <= part <= 255 for part in (red, green, blue)):
            return red, green, blue
    return None
