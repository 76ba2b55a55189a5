"""Functions on maps and objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from oxtui.template.hcl.functions.spec import ArgumentError, CallError, Function, Parameter
from oxtui.template.hcl.values.convert import ConversionError, convert
from oxtui.template.hcl.values.types import (
    DYNAMIC,
    STRING,
    ListType,
    MapType,
    ObjectType,
    TupleType,
    friendly,
)
from oxtui.template.hcl.values.value import list_of, map_of, object_of, string, tuple_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from oxtui.template.hcl.values.value import Value

_MAP = Parameter("map", DYNAMIC, partial=True)


def _mapping(argument: Value, index: int = 0) -> dict[str, Value]:
    if not isinstance(argument.type, MapType | ObjectType):
        raise ArgumentError(index, "a map or an object is required")
    return argument.mapping


def _keys(arguments: Sequence[Value]) -> Value:
    names = [string(name) for name in _mapping(arguments[0])]
    is_map = isinstance(arguments[0].type, MapType)
    return list_of(STRING, names) if is_map else tuple_of(names)


def _values(arguments: Sequence[Value]) -> Value:
    items = list(_mapping(arguments[0]).values())
    kind = arguments[0].type
    return list_of(kind.element, items) if isinstance(kind, MapType) else tuple_of(items)


def _lookup(arguments: Sequence[Value]) -> Value:
    known, default = _mapping(arguments[0]), arguments[2]
    found = known.get(arguments[1].text)
    kind = arguments[0].type
    if not isinstance(kind, MapType):
        return default if found is None else found
    try:  # also where it is not needed: the type of the result must not hang on a value
        suitable = convert(default, kind.element)
        return suitable if found is None else found
    except ConversionError:
        wanted = friendly(kind.element)
        detail = f"the default must have the same type as the map's elements, which is {wanted}"
        raise ArgumentError(2, detail) from None


def _merge(arguments: Sequence[Value]) -> Value:
    given = [argument for argument in arguments if not argument.is_null]
    merged: dict[str, Value] = {}
    for argument in given:
        if not isinstance(argument.type, MapType | ObjectType):
            raise CallError(f"arguments must be maps or objects, got {friendly(argument.type)}")
        merged.update({k: v.marked(argument.sensitive) for k, v in argument.mapping.items()})
    kinds = {argument.type for argument in given}
    only = kinds.pop() if len(kinds) == 1 else None
    return map_of(only.element, merged) if isinstance(only, MapType) else object_of(merged)


def _zipmap(arguments: Sequence[Value]) -> Value:
    names, items = arguments[0].items, arguments[1]
    if not isinstance(items.type, ListType | TupleType):
        raise ArgumentError(1, "a list or a tuple is required")
    if len(names) != len(items.items):
        counts = f"{len(names)} keys and {len(items.items)} values"
        raise CallError(f"number of keys and values must be equal, there are {counts}")
    if any(name.is_null for name in names):
        raise ArgumentError(0, "no key may be null")
    pairs = {name.text: item for name, item in zip(names, items.items, strict=True)}
    if isinstance(items.type, ListType):
        return map_of(items.type.element, pairs)
    return object_of(pairs)


FUNCTIONS: Final = (
    Function("keys", (_MAP,), _keys),
    Function("values", (_MAP,), _values),
    Function(
        "lookup",
        (_MAP, Parameter("key", STRING), Parameter("default", DYNAMIC, partial=True)),
        _lookup,
    ),
    Function("merge", (), _merge, rest=Parameter("maps", DYNAMIC, nullable=True, partial=True)),
    Function(
        "zipmap",
        (Parameter("keys", ListType(STRING)), Parameter("values", DYNAMIC, partial=True)),
        _zipmap,
    ),
)
