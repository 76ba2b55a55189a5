"""Go's own functions, except `and` and `or`, which do not evaluate all that they are given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, NoReturn, TypeAlias

from oxtui.template.legacy.engine import quoting
from oxtui.template.legacy.engine.errors import InterpolationError
from oxtui.template.legacy.engine.limits import PRINTED
from oxtui.template.legacy.engine.printf import printf
from oxtui.template.legacy.engine.values import (
    Value,
    as_text,
    is_list,
    is_true,
    size,
    spread,
    type_name,
)

Kind: TypeAlias = Literal["string", "int", "any"]


@dataclass(frozen=True, slots=True)
class Function:
    """A function and the types of what it takes; `rest` is that of any number more.

    It raises InterpolationError, or ValueError or OSError with a text that says the problem.
    """

    call: Callable[..., Value]
    takes: tuple[Kind, ...] = ()
    rest: Kind | None = None
    cost: Callable[..., int] | None = None
    """Of a call, in characters, beside those of the strings that it takes and gives."""


SHORT_CIRCUIT: Final = {"and": False, "or": True}
"""Functions that stop at the first argument of this truth."""


def _fail(problem: str) -> NoReturn:
    raise InterpolationError(problem)


def _position(index: Value, size: int) -> int:
    if not isinstance(index, int) or isinstance(index, bool):
        _fail(f"cannot index with {type_name(index)}; use a number")
    if not 0 <= index <= size:
        _fail(f"index {index} is out of range; there are {size}")
    return index


def _index(item: Value, *indexes: Value) -> Value:
    if item is None:
        _fail("there is nothing to index; the value is missing")
    for index in indexes:
        if isinstance(item, Mapping):
            if not isinstance(index, str):
                _fail(f"a map is indexed with a string, not {type_name(index)}")
            item = item.get(index)
        elif isinstance(item, str) or is_list(item):
            inner = item.encode("utf-8", "surrogatepass") if isinstance(item, str) else item
            at = _position(index, len(inner))
            if at == len(inner):
                _fail(f"index {at} is out of range; there are {len(inner)}")
            item = inner[at]
        else:
            _fail(f"a value of type {type_name(item)} cannot be indexed")
    return item


def _slice(item: Value, *indexes: Value) -> Value:
    if not (isinstance(item, str) or is_list(item)):
        _fail(f"a value of type {type_name(item)} cannot be sliced; use a string or a list")
    if len(indexes) > (2 if isinstance(item, str) else 3):
        _fail("too many indexes; give a start and an end")
    inner = item.encode("utf-8", "surrogatepass") if isinstance(item, str) else item
    places = [_position(index, len(inner)) for index in indexes]
    start, end = [*places[:2], *(0, len(inner))[len(places[:2]) :]]
    if start > end or (len(places) == 3 and end > places[2]):
        _fail("the indexes go backwards; give the lower one first")
    cut = inner[start:end]
    if not isinstance(cut, bytes):
        return cut
    try:
        return cut.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        _fail("it cuts a character in two; positions count bytes of UTF-8")


def _len(item: Value) -> int:
    if isinstance(item, str):
        return len(item.encode("utf-8", "surrogatepass"))
    if not (isinstance(item, Mapping) or is_list(item)):
        _fail(f"a value of type {type_name(item)} has no length; use a string, a list or a map")
    return len(item)


def _basic(value: Value) -> str:
    return type_name(value) if isinstance(value, str | bool | int | float) else ""


def _incomparable(one: Value, other: Value) -> NoReturn:
    _fail(
        f"{type_name(one)} and {type_name(other)} cannot be compared; "
        "write both alike, numbers without quotes"
    )


def _eq(one: Value, *others: Value) -> bool:
    if not others:
        _fail("there is nothing to compare with; give a second value")
    for other in others:
        if one is None or other is None:
            if one is other:
                return True
        elif not _basic(one) or _basic(one) != _basic(other):
            _incomparable(one, other)
        elif one == other:
            return True
    return False


def _lt(one: Value, other: Value) -> bool:
    kind = _basic(one)
    if not kind or kind == "bool" or kind != _basic(other):
        _incomparable(one, other)
    return bool(one < other)


def _le(one: Value, other: Value) -> bool:
    return _lt(one, other) or _eq(one, other)


def _printed(values: tuple[Value, ...]) -> str:
    if len(values) == 1 and isinstance(values[0], str):
        return values[0]
    return spread([as_text(value) if value is None else value for value in values])


def _call(*_: Value) -> NoReturn:
    _fail("no value here is a function; call the function by its name alone")


def _cost(*values: Value) -> int:
    return PRINTED * sum(map(size, values))


def _printf_cost(layout: str, *values: Value) -> int:
    verbs = layout.count("%")
    return PRINTED * verbs + _cost(*values) * min(verbs, len(values) + layout.count("["))


def _printing(call: Callable[..., str]) -> Function:
    return Function(call, rest="any", cost=_cost)


_ANY: Final = ("any", "any")

BUILTINS: Final[Mapping[str, Function]] = {
    "call": Function(_call, ("any",), "any"),
    "eq": Function(_eq, ("any",), "any"),
    "ge": Function(lambda one, other: not _lt(one, other), _ANY),
    "gt": Function(lambda one, other: not _le(one, other), _ANY),
    "html": _printing(lambda *values: quoting.html(_printed(values))),
    "index": Function(_index, ("any",), "any"),
    "js": _printing(lambda *values: quoting.javascript(_printed(values))),
    "le": Function(_le, _ANY),
    "len": Function(_len, ("any",)),
    "lt": Function(_lt, _ANY),
    "ne": Function(lambda one, other: not _eq(one, other), _ANY),
    "not": Function(lambda value: not is_true(value), ("any",)),
    "print": _printing(lambda *values: spread(values)),
    "printf": Function(printf, ("string",), "any", _printf_cost),
    "println": _printing(lambda *values: spread(values, line=True)),
    "slice": Function(_slice, ("any",), "any"),
    "urlquery": _printing(lambda *values: quoting.query(_printed(values))),
}
