"""Sets: no duplicates, and always the same order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from oxtui.template.hcl.values.number import Number
from oxtui.template.hcl.values.types import SetType, spell
from oxtui.template.hcl.values.value import UNKNOWN, Value, collection, is_wholly_known

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from oxtui.template.hcl.values.types import Type


def set_of(element: Type, items: Iterable[Value]) -> Value:
    """A set; the values must have the element type already. Duplicates go, the rest is sorted."""
    kept = distinct(items)
    kept.sort(key=_order)
    return collection(SetType(element), tuple(kept))


def distinct(items: Iterable[Value]) -> list[Value]:
    """Values of one type without duplicates, each where it came first; unknown ones at the end."""
    kept: dict[Hashable, Value] = {}
    unknown: list[Value] = []
    for item in items:
        if is_wholly_known(item):
            kept.setdefault(identity(item), item)
        else:
            unknown.append(item)
    return [*kept.values(), *unknown]


def identity(value: Value) -> Hashable:
    """Something that is equal for equal known values and for no others."""
    data = value.data
    if isinstance(data, tuple):
        return spell(value.type), tuple(map(identity, data))
    if isinstance(data, dict):
        return spell(value.type), tuple((name, identity(inner)) for name, inner in data.items())
    return type(data).__name__, data


def _order(value: Value) -> tuple[int, Any]:
    data = value.data
    if data is None or data is UNKNOWN:
        return 9, ""
    if isinstance(data, bool):
        return 0, data
    if isinstance(data, str):
        return 1, data
    if isinstance(data, Number):
        return 2, data
    return 3, _text(value)


def _text(value: Value) -> str:
    """A text that orders compound elements as Packer does: by the text of what they hold, numbers too."""
    data = value.data
    if isinstance(data, tuple):
        return "[" + "".join(f"{_text(inner)};" for inner in data) + "]"
    if isinstance(data, dict):
        return "{" + "".join(f"{name}:{_text(inner)};" for name, inner in data.items()) + "}"
    if isinstance(data, str):
        return f'"{data}"'
    if isinstance(data, Number):
        return f"{data.to_float():.10g}"
    return "~" if data is None or data is UNKNOWN else str(data)
