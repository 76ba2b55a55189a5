"""Events that somebody else wrote: every field is of the type that it is declared with, or the event is refused."""

from __future__ import annotations

import dataclasses
import json
import math
import types
from collections.abc import Mapping
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from oxtui.component.event_records import EVENT_TYPES, from_record
from oxtui.component.events import Event, Failure, OutputGrown

_LATEST = 10_000_000_000.0
"""Unix seconds, in the year 2286."""
_LARGEST = 1 << 53


class Unknown(Exception):
    """A newer oxtui wrote this: it is passed over."""


class Wrong(Exception):
    """This is no event; the text says why."""


def event_of(line: bytes) -> Event:
    """The event of a line of JSON.

    Raises:
        Unknown: its type, or one of its words, is not known here.
        Wrong: it is not an event.
    """
    try:
        values = json.loads(line, parse_constant=_no_number)
    except (ValueError, RecursionError) as problem:
        raise Wrong("it is no JSON") from problem
    if not isinstance(values, dict) or not isinstance(values.get("type"), str):
        raise Wrong("it has no type")
    kind = EVENT_TYPES.get(values["type"])
    if kind is None:
        raise Unknown(values["type"])
    _check_fields(values, kind)
    event = from_record(values)
    if not 0 <= event.time <= _LATEST:
        raise Wrong("its time is none")
    if isinstance(event, OutputGrown) and min(event.lines, event.size) < 0:
        raise Wrong("its output is smaller than nothing")
    return event


def _no_number(text: str) -> float:
    raise ValueError(text)


@cache
def _fields(kind: type) -> dict[str, tuple[Any, bool]]:
    """Type of each field, and whether it has to be there."""
    hints = get_type_hints(kind)
    return {
        field.name: (
            hints[field.name],
            field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING,
        )
        for field in dataclasses.fields(kind)
    }


def _check_fields(values: Mapping[str, Any], kind: type) -> None:
    for name, (hint, needed) in _fields(kind).items():
        if name in values:
            _check(values[name], hint, f"{kind.__name__}.{name}")
        elif needed:
            raise Wrong(f"{kind.__name__} has no {name}")
    if kind is Failure and values.get("line") is not None:
        source = values.get("line_source")
        if source not in ("bash", "message"):
            raise Unknown(str(source))


def _check(value: Any, hint: Any, place: str) -> None:
    origin, arguments = get_origin(hint), get_args(hint)
    if hint is Any:
        return
    if origin in (Union, types.UnionType):
        if value is None and type(None) in arguments:
            return
        rest = [each for each in arguments if each is not type(None)]
        _check(value, rest[0], place)
    elif origin is Literal:
        _check(value, str, place)
        if value not in arguments:
            raise Unknown(value)
    elif origin is tuple:
        _check_tuple(value, arguments, place)
    elif dataclasses.is_dataclass(hint):
        if not isinstance(value, dict):
            raise Wrong(f"{place} is not a record")
        _check_fields(value, hint)  # type: ignore[arg-type]
    elif origin is not None:
        if not isinstance(value, dict):
            raise Wrong(f"{place} is not a mapping")
    elif not _is(value, hint):
        raise Wrong(f"{place} is no {hint.__name__}")


def _check_tuple(value: Any, arguments: tuple[Any, ...], place: str) -> None:
    if not isinstance(value, list):
        raise Wrong(f"{place} is not a list")
    if arguments[-1:] == (Ellipsis,):
        for item in value:
            _check(item, arguments[0], place)
    elif len(value) != len(arguments):
        raise Wrong(f"{place} has not {len(arguments)} parts")
    else:
        for item, hint in zip(value, arguments, strict=True):
            _check(item, hint, place)


def _is(value: Any, hint: Any) -> bool:
    if hint is bool:
        return isinstance(value, bool)
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _LARGEST
    if hint is float:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        return number and abs(value) <= _LARGEST and math.isfinite(value)
    if hint is str:
        return isinstance(value, str) and not any("\ud800" <= c <= "\udfff" for c in value)
    return False
