"""Go's way to describe a time's format: by an example of Mon Jan 2 15:04:05 MST 2006."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from oxtui.template.hcl.functions.dates import day_name, month_name
from oxtui.template.hcl.functions.timestamps import offset_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

_EXAMPLE = re.compile(
    r"January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|002|01|02|03|04|05|06|15|2006|_2006|__2|_2"
    r"|PM|pm|-070000|-07:00:00|-0700|-07:00|-07|Z070000|Z07:00:00|Z0700|Z07:00|Z07"
    r"|[.,](?:0+|9+)(?![0-9])|1|2|3|4|5"
)


def _hour(moment: datetime) -> int:
    return (moment.hour - 1) % 12 + 1


def _zone(moment: datetime, separator: str, *, minutes: bool = True, seconds: bool = False) -> str:
    text = offset_text(moment, separator) if minutes else offset_text(moment, "")[:3]
    return text + (f"{separator}00" if seconds else "")


def _or_z(moment: datetime, text: str) -> str:
    return "Z" if not moment.utcoffset() else text


_FIELDS: Final[dict[str, Callable[[datetime], str]]] = {
    "January": month_name,
    "Jan": lambda t: month_name(t)[:3],
    "Monday": day_name,
    "Mon": lambda t: day_name(t)[:3],
    "MST": lambda t: "UTC" if not t.utcoffset() else offset_text(t, "")[:3],
    "1": lambda t: str(t.month),
    "01": lambda t: f"{t.month:02d}",
    "2": lambda t: str(t.day),
    "02": lambda t: f"{t.day:02d}",
    "_2": lambda t: f"{t.day:2d}",
    "002": lambda t: f"{t.timetuple().tm_yday:03d}",
    "__2": lambda t: f"{t.timetuple().tm_yday:3d}",
    "15": lambda t: f"{t.hour:02d}",
    "3": lambda t: str(_hour(t)),
    "03": lambda t: f"{_hour(t):02d}",
    "4": lambda t: str(t.minute),
    "04": lambda t: f"{t.minute:02d}",
    "5": lambda t: str(t.second),
    "05": lambda t: f"{t.second:02d}",
    "2006": lambda t: f"{t.year:04d}",
    "_2006": lambda t: f"_{t.year:04d}",
    "06": lambda t: f"{t.year % 100:02d}",
    "PM": lambda t: "PM" if t.hour >= 12 else "AM",
    "pm": lambda t: "pm" if t.hour >= 12 else "am",
    "-07": lambda t: _zone(t, "", minutes=False),
    "-0700": lambda t: _zone(t, ""),
    "-07:00": lambda t: _zone(t, ":"),
    "-070000": lambda t: _zone(t, "", seconds=True),
    "-07:00:00": lambda t: _zone(t, ":", seconds=True),
    "Z07": lambda t: _or_z(t, _zone(t, "", minutes=False)),
    "Z0700": lambda t: _or_z(t, _zone(t, "")),
    "Z07:00": lambda t: _or_z(t, _zone(t, ":")),
    "Z070000": lambda t: _or_z(t, _zone(t, "", seconds=True)),
    "Z07:00:00": lambda t: _or_z(t, _zone(t, ":", seconds=True)),
}


def format_go_time(moment: datetime, layout: str) -> str:
    """A moment in the format that a layout shows."""

    def field(found: re.Match[str]) -> str:
        example = found.group()
        known = _FIELDS.get(example)
        return known(moment) if known is not None else _fraction(moment, example)

    return _EXAMPLE.sub(field, layout)


def _fraction(moment: datetime, example: str) -> str:
    digits = f"{moment.microsecond:06d}000"[: len(example) - 1].ljust(len(example) - 1, "0")
    if example[1] == "9":
        digits = digits.rstrip("0")
        return example[0] + digits if digits else ""
    return example[0] + digits
