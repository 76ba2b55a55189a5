"""How a cell is drawn, and what Select Graphic Rendition (CSI … m) makes of it."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from oxtui.logs.sgr import Color, codes, extended_color


class Look(NamedTuple):
    """How a cell is drawn; colours are None for the terminal's own."""

    fg: Color | None = None
    bg: Color | None = None
    bold: bool = False
    dim: bool = False
    italic: bool = False
    underline: bool = False
    blink: bool = False
    reverse: bool = False
    conceal: bool = False
    strike: bool = False
    overline: bool = False


PLAIN = Look()
"""Rows compare with it by identity, so no other instance may equal it."""

SWITCHES = {
    1: "bold", 2: "dim", 3: "italic", 4: "underline", 5: "blink", 6: "blink", 7: "reverse",
    8: "conceal", 9: "strike", 21: "underline", 53: "overline",
}  # fmt: skip
_OFF = {
    22: ("bold", "dim"), 23: ("italic",), 24: ("underline",), 25: ("blink",), 27: ("reverse",),
    28: ("conceal",), 29: ("strike",), 55: ("overline",),
}  # fmt: skip


@lru_cache(maxsize=4096)
def apply(look: Look, parameters: str) -> Look:
    """`look` after `CSI parameters m`; what is not understood changes nothing."""
    fields = look._asdict()
    numbers = codes(parameters)
    for code in numbers:
        if code == 0:
            fields = PLAIN._asdict()
        elif code in SWITCHES:
            fields[SWITCHES[code]] = True
        elif code in _OFF:
            fields.update(dict.fromkeys(_OFF[code], False))
        elif code in (38, 48, 58):
            color = extended_color(numbers)
            if color is not None and code != 58:  # underlines have the text's colour
                fields["fg" if code == 38 else "bg"] = color
        elif 30 <= code <= 37 or 90 <= code <= 97:
            fields["fg"] = code - 30 if code < 90 else code - 82
        elif 40 <= code <= 47 or 100 <= code <= 107:
            fields["bg"] = code - 40 if code < 100 else code - 92
        elif code == 39:
            fields["fg"] = None
        elif code == 49:
            fields["bg"] = None
    return _one(Look(**fields))


@lru_cache(maxsize=512)
def blank(look: Look) -> Look:
    """How cells look that are erased while `look` is set: its background stays (BCE)."""
    return _one(Look(bg=look.bg))


def sgr(look: Look) -> str:
    """The sequence that sets exactly this look."""
    if look is PLAIN:
        return "\x1b[0m"
    parts = ["0"]
    parts += [
        str(code) for code, name in SWITCHES.items() if code not in (6, 21) and getattr(look, name)
    ]
    for color, base in ((look.fg, 30), (look.bg, 40)):
        if isinstance(color, tuple):
            parts.append(f"{base + 8};2;{color[0]};{color[1]};{color[2]}")
        elif color is not None:
            parts.append(str(base + color) if color < 8 else f"{base + 8};5;{color}")
    return f"\x1b[{';'.join(parts)}m"


def _one(look: Look) -> Look:
    return PLAIN if look == PLAIN else look
