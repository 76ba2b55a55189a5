"""Functions on lists, tuples and sets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from oxtui.template.hcl.clusters import cluster_count
from oxtui.template.hcl.functions.spec import ArgumentError, CallError, Function, Parameter
from oxtui.template.hcl.values import number as numbers
from oxtui.template.hcl.values.compare import equal
from oxtui.template.hcl.values.convert import ConversionError, convert
from oxtui.template.hcl.values.sets import distinct
from oxtui.template.hcl.values.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    ListType,
    SetType,
    TupleType,
    friendly,
)
from oxtui.template.hcl.values.unify import unify
from oxtui.template.hcl.values.value import boolean, list_of, number, tuple_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from oxtui.template.hcl.values.value import Value

_LIST = Parameter("list", DYNAMIC, partial=True)
_ANY_LIST = Parameter("list", ListType(DYNAMIC))


def is_sequence(value: Value, *, sets: bool = True) -> bool:
    """Whether a value is a list or tuple, or perhaps a set."""
    kinds = (ListType, TupleType, SetType) if sets else (ListType, TupleType)
    return isinstance(value.type, kinds)


def like(original: Value, items: Sequence[Value]) -> Value:
    """These items in a list if the original is a list, otherwise in a tuple."""
    if isinstance(original.type, ListType):
        return list_of(original.type.element, items)
    return tuple_of(items)


def _position(argument: Value) -> int:
    if not argument.number.is_integer:
        raise CallError("invalid index: a whole number is required")
    return argument.number.truncated()


def _length(arguments: Sequence[Value]) -> Value:
    value = arguments[0]
    if value.type == STRING:
        return number(cluster_count(value.text))
    if isinstance(value.data, tuple | dict):
        return number(len(value.data))
    raise CallError("the argument must be a string, a list, a map or an object")


def _element(arguments: Sequence[Value]) -> Value:
    value = arguments[0]
    if not is_sequence(value, sets=False):
        raise CallError(f"cannot read elements from a {friendly(value.type)}")
    index = _position(arguments[1])
    if index < 0:
        raise CallError("cannot use element function with a negative index")
    if not value.items:
        raise CallError("cannot use element function with an empty list")
    return value.items[index % len(value.items)]


def _index(arguments: Sequence[Value]) -> Value:
    if not is_sequence(arguments[0], sets=False):
        raise CallError("the first argument must be a list or a tuple")
    for position, item in enumerate(arguments[0].items):
        if equal(item, arguments[1]):
            return number(position)
    raise CallError("item not found")


def _contains(arguments: Sequence[Value]) -> Value:
    if not is_sequence(arguments[0]):
        raise CallError("the first argument must be a list, a tuple or a set")
    return boolean(any(equal(item, arguments[1]) for item in arguments[0].items))


def _concat(arguments: Sequence[Value]) -> Value:
    if not arguments:
        raise CallError("at least one argument is required")
    for position, argument in enumerate(arguments):
        if not is_sequence(argument, sets=False):
            detail = f"all arguments must be lists or tuples; got {friendly(argument.type)}"
            raise ArgumentError(position, detail)
    items = [item for argument in arguments for item in argument.items]
    kinds = [a.type.element for a in arguments if isinstance(a.type, ListType)]
    common = unify(kinds) if len(kinds) == len(arguments) else None
    if common is None:
        return tuple_of(items)
    return list_of(common, [convert(item, common) for item in items])


def _flatten(arguments: Sequence[Value]) -> Value:
    if not is_sequence(arguments[0]):
        raise CallError("can only flatten lists, sets and tuples")
    flat: list[Value] = []
    waiting = list(reversed(arguments[0].items))
    while waiting:
        item = waiting.pop()
        if isinstance(item.data, tuple):
            waiting += reversed([inner.marked(item.sensitive) for inner in item.data])
        else:
            flat.append(item)
    return tuple_of(flat)


def _slice(arguments: Sequence[Value]) -> Value:
    value = arguments[0]
    if not is_sequence(value, sets=False):
        raise ArgumentError(0, "a list or a tuple is required")
    bounds = []
    for position in (1, 2):
        bound = arguments[position].number
        if not bound.is_integer:
            raise ArgumentError(position, "a whole number is required")
        bounds.append(bound.truncated())
    start, end = bounds
    if start < 0:
        raise ArgumentError(1, "start index must not be less than zero")
    if start > len(value.items):
        raise ArgumentError(1, "start index must not be greater than the length of the list")
    if end > len(value.items):
        raise ArgumentError(2, "end index must not be greater than the length of the list")
    if start > end:
        raise ArgumentError(1, "start index must not be greater than end index")
    return like(value, value.items[start:end])


def _reverse(arguments: Sequence[Value]) -> Value:
    value = arguments[0]
    if not is_sequence(value):
        raise ArgumentError(0, "can only reverse lists, tuples and sets")
    items = tuple(reversed(value.items))
    if isinstance(value.type, SetType):
        return list_of(value.type.element, items)
    return like(value, items)


def _chunklist(arguments: Sequence[Value]) -> Value:
    value = arguments[0]
    if not arguments[1].number.is_integer:
        raise CallError("the size must be a whole number")
    size = arguments[1].number.truncated()
    if size < 0:
        raise CallError("the size argument must be positive")
    items = value.items
    width = size or max(1, len(items))
    chunks = [like(value, items[at : at + width]) for at in range(0, len(items), width)]
    return list_of(value.type, chunks)


def _coalesce(arguments: Sequence[Value]) -> Value:
    if not arguments:
        raise CallError("at least one argument is required")
    kind = unify([argument.type for argument in arguments])
    if kind is None:
        raise CallError("all arguments must have the same type")
    for argument in arguments:
        if not argument.is_null and argument.data != "":
            return convert(argument, kind)
    raise CallError("no non-null, non-empty-string arguments")


def _coalescelist(arguments: Sequence[Value]) -> Value:
    for position, argument in enumerate(arguments):
        if not argument.is_null and not is_sequence(argument, sets=False):
            raise ArgumentError(position, "a list or a tuple is required")
    for argument in arguments:
        if argument.data:
            return argument
    raise CallError("no non-null, non-empty arguments")


def _compact(arguments: Sequence[Value]) -> Value:
    return list_of(STRING, [item for item in arguments[0].items if item.data])


def _distinct(arguments: Sequence[Value]) -> Value:
    return like(arguments[0], distinct(arguments[0].items))


def _sort(arguments: Sequence[Value]) -> Value:
    if any(item.is_null for item in arguments[0].items):
        raise CallError("given list element is null; a null string cannot be sorted")
    items = sorted(arguments[0].items, key=lambda item: item.text.encode())
    return list_of(STRING, items)


def _sum(arguments: Sequence[Value]) -> Value:
    if not is_sequence(arguments[0]):
        raise ArgumentError(0, "argument must be a list, a set or a tuple")
    if not arguments[0].items:
        raise ArgumentError(0, "cannot sum an empty list")
    total = numbers.from_int(0)
    for item in arguments[0].items:
        try:
            value = convert(item, NUMBER)
        except ConversionError:
            raise ArgumentError(0, "all elements must be numbers") from None
        if value.is_null:
            raise ArgumentError(0, "no element may be null")
        total = total + value.number
    return number(total)


def _alltrue(arguments: Sequence[Value]) -> Value:
    return boolean(all(item.data is True for item in arguments[0].items))


def _anytrue(arguments: Sequence[Value]) -> Value:
    return boolean(any(item.data is True for item in arguments[0].items))


_VALUE = Parameter("value", DYNAMIC)
_BOOLS = Parameter("list", ListType(BOOL))
_STRINGS = Parameter("list", ListType(STRING))

FUNCTIONS: Final = (
    Function("length", (Parameter("value", DYNAMIC, partial=True),), _length, returns=NUMBER),
    Function("element", (_LIST, Parameter("index", NUMBER)), _element),
    Function("index", (Parameter("list", DYNAMIC), _VALUE), _index, returns=NUMBER),
    Function("contains", (Parameter("list", DYNAMIC), _VALUE), _contains, returns=BOOL),
    Function("concat", (), _concat, rest=Parameter("seqs", DYNAMIC, partial=True)),
    Function("flatten", (Parameter("list", DYNAMIC),), _flatten),
    Function(
        "slice", (_LIST, Parameter("start_index", NUMBER), Parameter("end_index", NUMBER)), _slice
    ),
    Function("reverse", (_LIST,), _reverse),
    Function("chunklist", (_ANY_LIST, Parameter("size", NUMBER)), _chunklist),
    Function("coalesce", (), _coalesce, rest=Parameter("vals", DYNAMIC, nullable=True)),
    Function("coalescelist", (), _coalescelist, rest=Parameter("vals", DYNAMIC, nullable=True)),
    Function("compact", (_STRINGS,), _compact, returns=ListType(STRING)),
    Function("distinct", (_ANY_LIST,), _distinct),
    Function("sort", (_STRINGS,), _sort, returns=ListType(STRING)),
    Function("sum", (Parameter("list", DYNAMIC),), _sum, returns=NUMBER),
    Function("alltrue", (_BOOLS,), _alltrue, returns=BOOL),
    Function("anytrue", (_BOOLS,), _anytrue, returns=BOOL),
)
