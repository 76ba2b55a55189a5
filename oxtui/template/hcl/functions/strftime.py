"""C's way to describe a time's format, with the conversions that Packer's `legacy_strftime` knows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from oxtui.template.hcl.functions.dates import day_name, month_name
from oxtui.template.hcl.functions.timestamps import offset_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

_CONVERSION = re.compile(r"%(.)", re.DOTALL)
_COMPOSED: Final = {
    "c": "%v %X",
    "D": "%m/%d/%y",
    "F": "%Y-%m-%d",
    "R": "%H:%M",
    "r": "%I:%M:%S %p",
    "T": "%H:%M:%S",
    "v": "%e-%b-%Y",
    "X": "%H:%M:%S",
    "x": "%m/%d/%y",
    "h": "%b",
}
_FIELDS: Final[dict[str, Callable[[datetime], str]]] = {
    "A": day_name,
    "a": lambda t: day_name(t)[:3],
    "B": month_name,
    "b": lambda t: month_name(t)[:3],
    "C": lambda t: f"{t.year // 100:02d}",
    "d": lambda t: f"{t.day:02d}",
    "e": lambda t: f"{t.day:2d}",
    "H": lambda t: f"{t.hour:02d}",
    "I": lambda t: f"{(t.hour - 1) % 12 + 1:02d}",
    "j": lambda t: f"{t.timetuple().tm_yday:03d}",
    "k": lambda t: f"{t.hour:2d}",
    "l": lambda t: f"{(t.hour - 1) % 12 + 1:2d}",
    "M": lambda t: f"{t.minute:02d}",
    "m": lambda t: f"{t.month:02d}",
    "n": lambda _: "\n",
    "p": lambda t: "PM" if t.hour >= 12 else "AM",
    "S": lambda t: f"{t.second:02d}",
    "t": lambda _: "\t",
    "U": lambda t: t.strftime("%U"),
    "u": lambda t: str(t.isoweekday()),
    "V": lambda t: f"{t.isocalendar().week:02d}",
    "W": lambda t: t.strftime("%W"),
    "w": lambda t: str(t.isoweekday() % 7),
    "Y": lambda t: f"{t.year:04d}",
    "y": lambda t: f"{t.year % 100:02d}",
    "Z": lambda t: "UTC" if not t.utcoffset() else offset_text(t, ""),
    "z": lambda t: offset_text(t, ""),
    "%": lambda _: "%",
}


def format_c_time(moment: datetime, layout: str) -> str:
    """A moment in the format that a layout describes. Raises ValueError for an unknown conversion."""
    if layout.replace("%%", "").endswith("%"):
        raise ValueError("the format ends with a lone %")

    def field(found: re.Match[str]) -> str:
        letter = found.group(1)
        if letter in _COMPOSED:
            return _CONVERSION.sub(field, _COMPOSED[letter])
        if letter not in _FIELDS:
            raise ValueError(f'unknown time format conversion "%{letter}"')
        return _FIELDS[letter](moment)

    return _CONVERSION.sub(field, layout)
