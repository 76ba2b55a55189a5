"""Functions on dates and times."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from oxtui.template.hcl.functions.durations import parse_duration
from oxtui.template.hcl.functions.spec import ArgumentError, CallError, Function, Parameter
from oxtui.template.hcl.functions.timestamps import offset_text, parse_timestamp, write_timestamp
from oxtui.template.hcl.values.types import DYNAMIC, NUMBER, STRING
from oxtui.template.hcl.values.value import number, object_of, string

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from oxtui.template.hcl.values.value import Value

_TOKEN = re.compile(r"'(?:[^']|'')*'|'.*|([A-Za-z])\1*|[^A-Za-z']+", re.DOTALL)
_FIRST_HALF = ("January", "February", "March", "April", "May", "June")
_SECOND_HALF = ("July", "August", "September", "October", "November", "December")
_MONTHS = (*_FIRST_HALF, *_SECOND_HALF)
_DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_LOOSE = re.compile(r"(\d{4}-\d\d-\d\d)[T ](.*)", re.ASCII | re.DOTALL)


def month_name(moment: datetime) -> str:
    """The English name of the month."""
    return _MONTHS[moment.month - 1]


def day_name(moment: datetime) -> str:
    """The English name of the day of the week."""
    return _DAYS[moment.isoweekday() % 7]


_FIELDS: Final[dict[str, Callable[[datetime], str]]] = {
    "YYYY": lambda t: f"{t.year:04d}",
    "YY": lambda t: f"{t.year % 100:02d}",
    "MMMM": month_name,
    "MMM": lambda t: month_name(t)[:3],
    "MM": lambda t: f"{t.month:02d}",
    "M": lambda t: str(t.month),
    "DD": lambda t: f"{t.day:02d}",
    "D": lambda t: str(t.day),
    "EEEE": day_name,
    "EEE": lambda t: day_name(t)[:3],
    "hh": lambda t: f"{t.hour:02d}",
    "h": lambda t: str(t.hour),
    "HH": lambda t: f"{(t.hour - 1) % 12 + 1:02d}",
    "H": lambda t: str((t.hour - 1) % 12 + 1),
    "mm": lambda t: f"{t.minute:02d}",
    "m": lambda t: str(t.minute),
    "ss": lambda t: f"{t.second:02d}",
    "s": lambda t: str(t.second),
    "AA": lambda t: "PM" if t.hour >= 12 else "AM",
    "aa": lambda t: "pm" if t.hour >= 12 else "am",
    "ZZZZZ": offset_text,
    "ZZZZ": lambda t: offset_text(t, ""),
    "ZZZ": lambda t: "UTC" if offset_text(t, "")[1:] == "0000" else offset_text(t, ""),
    "Z": lambda t: "Z" if offset_text(t)[1:] == "00:00" else offset_text(t),
}


def _moment(argument: Value, index: int) -> datetime:
    try:
        return parse_timestamp(argument.text)
    except ValueError as problem:
        raise ArgumentError(index, str(problem)) from None


def _formatdate(arguments: Sequence[Value]) -> Value:
    moment = _moment(arguments[1], 1)
    pieces: list[str] = []
    for found in _TOKEN.finditer(arguments[0].text):
        token = found.group()
        if token.startswith("'"):
            if len(token) < 2 or not token.endswith("'"):
                raise ArgumentError(0, "unterminated literal: a closing ' is missing")
            pieces.append(token[1:-1].replace("''", "'"))
        elif found.group(1):
            field = _FIELDS.get(token)
            if field is None:
                detail = (
                    f'invalid date format verb "{token[:10]}"; put literal letters in single quotes'
                )
                raise ArgumentError(0, detail)
            pieces.append(field(moment))
        else:
            pieces.append(token)
    return string("".join(pieces))


def _timeadd(arguments: Sequence[Value]) -> Value:
    try:
        moment = parse_timestamp(arguments[0].text)
        nanoseconds = parse_duration(arguments[1].text)
        later = moment + timedelta(microseconds=nanoseconds // 1000)
    except (ValueError, OverflowError) as problem:
        raise CallError(str(problem)) from None
    return string(write_timestamp(later))


def _timestamp(_: Sequence[Value]) -> Value:
    return string(write_timestamp(datetime.now(UTC)))


def _parts(moment: datetime) -> dict[str, Value]:
    iso = moment.isocalendar()
    return {
        "year": number(moment.year),
        "month": number(moment.month),
        "month_name": string(month_name(moment)),
        "day": number(moment.day),
        "hour": number(moment.hour),
        "minute": number(moment.minute),
        "second": number(moment.second),
        "weekday": number(moment.isoweekday() % 7),
        "weekday_name": string(day_name(moment)),
        "year_day": number(moment.timetuple().tm_yday),
        "iso_year": number(iso.year),
        "iso_week": number(iso.week),
    }


def _rfc3339_parse(arguments: Sequence[Value]) -> Value:
    loose = _LOOSE.fullmatch(arguments[0].text)
    try:
        moment = parse_timestamp(arguments[0].text if loose is None else "T".join(loose.groups()))
    except ValueError as problem:
        raise CallError(str(problem)) from None
    return object_of({**_parts(moment), "unix": number(int(moment.timestamp()))})


def _unix_timestamp_parse(arguments: Sequence[Value]) -> Value:
    seconds = arguments[0].number
    if not seconds.is_integer:
        raise CallError("a whole number of seconds is required")
    try:
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds.truncated())
    except OverflowError:
        raise CallError("the time is too far away") from None
    return object_of({**_parts(moment), "rfc3339": string(write_timestamp(moment))})


_TIME = Parameter("timestamp", STRING)

FUNCTIONS: Final = (
    Function("timestamp", (), _timestamp, returns=STRING),
    Function(
        "formatdate",
        (Parameter("format", STRING), Parameter("time", STRING)),
        _formatdate,
        returns=STRING,
    ),
    Function("timeadd", (_TIME, Parameter("duration", STRING)), _timeadd, returns=STRING),
    Function("rfc3339_parse", (_TIME,), _rfc3339_parse, returns=DYNAMIC),
    Function("unix_timestamp_parse", (Parameter("unix_timestamp", NUMBER),), _unix_timestamp_parse),
)
