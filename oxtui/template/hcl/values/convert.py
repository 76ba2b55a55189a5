"""Making a value into one of another type, as go-cty's `convert` does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxtui.template.hcl.values import number as numbers
from oxtui.template.hcl.values.number import Number
from oxtui.template.hcl.values.sets import set_of
from oxtui.template.hcl.values.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    ListType,
    MapType,
    ObjectType,
    SetType,
    TupleType,
    friendly,
    has_dynamic,
    is_primitive,
    object_type,
)
from oxtui.template.hcl.values.unify import unify
from oxtui.template.hcl.values.value import (
    Value,
    boolean,
    list_of,
    map_of,
    null,
    number,
    object_of,
    string,
    tuple_of,
    unknown,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from oxtui.template.hcl.values.types import Type


class ConversionError(ValueError):
    """A value cannot become one of the wanted type; `path` leads to the part that cannot."""

    def __init__(self, problem: str, path: str = "") -> None:
        self.problem = problem
        self.path = path
        super().__init__(f"{path.removeprefix('.')}: {problem}" if path else problem)

    def inside(self, step: str) -> ConversionError:
        """The same problem, seen from one level further out."""
        return ConversionError(self.problem, step + self.path)


def convert(value: Value, kind: Type) -> Value:
    """A value as one of another type. Raises ConversionError, and ValueTooLargeError."""
    if kind == DYNAMIC or value.type == kind:
        return value
    if value.is_null:
        return null(_settled(value.type, kind)).marked(value.sensitive)
    if not value.is_known:
        return _convert_unknown(value, kind)
    return _convert_known(value, kind).marked(value.sensitive)


def _convert_unknown(value: Value, kind: Type) -> Value:
    if value.type != DYNAMIC and is_primitive(value.type) and is_primitive(kind):
        if {value.type, kind} == {BOOL, NUMBER}:
            raise _required(kind)
    elif is_primitive(value.type) != is_primitive(kind) and DYNAMIC not in (value.type, kind):
        raise _required(kind)
    return unknown(_settled(value.type, kind)).marked(value.sensitive)


def _settled(_: Type, wanted: Type) -> Type:
    return DYNAMIC if has_dynamic(wanted) else _without_optional(wanted)


def _without_optional(kind: Type) -> Type:
    match kind:
        case ListType(element):
            return ListType(_without_optional(element))
        case SetType(element):
            return SetType(_without_optional(element))
        case MapType(element):
            return MapType(_without_optional(element))
        case TupleType(elements):
            return TupleType(tuple(map(_without_optional, elements)))
        case ObjectType(attributes):
            return object_type({name: _without_optional(inner) for name, inner in attributes})
    return kind


def _convert_known(value: Value, kind: Type) -> Value:
    if is_primitive(kind):
        return _to_primitive(value, kind)
    data = value.data
    match kind:
        case ListType(element) if isinstance(data, tuple):
            items = _unified(_each(data, element), element)
            return list_of(items[0], items[1])
        case SetType(element) if isinstance(data, tuple):
            items = _unified(_each(data, element), element)
            return set_of(items[0], items[1])
        case MapType(element) if isinstance(data, dict):
            values = [_at(inner, element, f'["{name}"]') for name, inner in data.items()]
            common, converted = _unified(values, element)
            return map_of(common, dict(zip(data, converted, strict=True)))
        case TupleType(elements) if isinstance(value.type, TupleType) and isinstance(data, tuple):
            return _to_tuple(data, elements)
        case ObjectType() if isinstance(data, dict):
            return _to_object(data, kind)
    raise _required(kind)


def _required(kind: Type) -> ConversionError:
    article = "" if isinstance(kind, ListType | SetType | MapType) else "a "
    return ConversionError(f"{article}{friendly(kind)} is required")


def _at(value: Value, kind: Type, step: str) -> Value:
    try:
        return convert(value, kind)
    except ConversionError as problem:
        raise problem.inside(step) from None


def _each(items: Sequence[Value], element: Type) -> list[Value]:
    return [_at(item, element, f"[{index}]") for index, item in enumerate(items)]


def _unified(items: list[Value], element: Type) -> tuple[Type, list[Value]]:
    """Elements that share one type: the given one, or where it is open, the one that they unify to."""
    if not has_dynamic(element):
        return _without_optional(element), items
    kinds = [item.type for item in items if not (item.is_null and item.type == DYNAMIC)]
    common = unify(kinds)
    if common is None:
        raise ConversionError("all elements must have the same type")
    if not kinds and items:
        return DYNAMIC, items
    return (common, items) if common == DYNAMIC else (common, _each(items, common))


def _to_tuple(items: Sequence[Value], elements: Sequence[Type]) -> Value:
    if len(items) != len(elements):
        raise ConversionError(
            f"a tuple of {len(elements)} elements is required, not of {len(items)}"
        )
    pairs = zip(items, elements, strict=True)
    return tuple_of([_at(item, kind, f"[{index}]") for index, (item, kind) in enumerate(pairs)])


def _to_object(data: dict[str, Value], kind: ObjectType) -> Value:
    converted: dict[str, Value] = {}
    missing = [
        name for name, _ in kind.attributes if name not in data and name not in kind.optional
    ]
    if missing:
        names = ", ".join(f'"{name}"' for name in missing)
        plural = "s" if len(missing) > 1 else ""
        verb = "are" if plural else "is"
        raise ConversionError(f"attribute{plural} {names} {verb} required")
    for name, inner in kind.attributes:
        if name in data:
            converted[name] = _at(data[name], inner, f".{name}")
        else:
            converted[name] = null(_settled(inner, inner))
    return object_of(converted)


def _to_primitive(value: Value, kind: Type) -> Value:
    data = value.data
    if kind == STRING:
        if isinstance(data, bool):
            return string("true" if data else "false")
        if isinstance(data, Number):
            return string(str(data))
    elif kind == NUMBER and isinstance(data, str):
        try:
            return number(numbers.parse(data))
        except ValueError:
            raise ConversionError("a number is required") from None
    elif kind == BOOL and isinstance(data, str):
        if data in ("true", "1"):
            return boolean(True)
        if data in ("false", "0"):
            return boolean(False)
        hint = f'; write "{data.lower()}"' if data.lower() in ("true", "false") else ""
        raise ConversionError(f"a bool is required{hint}")
    raise _required(kind)
