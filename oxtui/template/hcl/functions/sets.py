"""Functions on sets; lists and tuples are taken as sets."""

from __future__ import annotations

from itertools import product
from math import prod
from typing import TYPE_CHECKING, Final

from oxtui.template.hcl.functions.spec import ArgumentError, CallError, Function, Parameter
from oxtui.template.hcl.values.convert import convert
from oxtui.template.hcl.values.sets import identity, set_of
from oxtui.template.hcl.values.types import DYNAMIC, ListType, SetType, TupleType
from oxtui.template.hcl.values.unify import unify
from oxtui.template.hcl.values.value import MAX_SIZE, ValueTooLargeError, list_of, tuple_of

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    from oxtui.template.hcl.values.types import Type
    from oxtui.template.hcl.values.value import Value

_SET = SetType(DYNAMIC)


def _element(value: Value) -> Type:
    return value.type.element if isinstance(value.type, SetType | ListType) else DYNAMIC


def _unified(arguments: Sequence[Value]) -> tuple[Type, list[dict[Hashable, Value]]]:
    """The common element type, and the elements of each set by identity."""
    kinds = [_element(argument) for argument in arguments if argument.items]
    common = unify(kinds or [_element(argument) for argument in arguments])
    if common is None:
        raise CallError("all sets must have elements of one type")
    made = []
    for argument in arguments:
        items = [convert(item, common) for item in argument.items]
        made.append({identity(item): item for item in items})
    return common, made


def _combined(
    combine: Callable[[list[dict[Hashable, Value]]], dict[Hashable, Value]],
) -> Callable[[Sequence[Value]], Value]:
    def implementation(arguments: Sequence[Value]) -> Value:
        kind, sets = _unified(arguments)
        return set_of(kind, combine(sets).values())

    return implementation


def _union(sets: list[dict[Hashable, Value]]) -> dict[Hashable, Value]:
    return {key: item for one in sets for key, item in one.items()}


def _intersection(sets: list[dict[Hashable, Value]]) -> dict[Hashable, Value]:
    return {key: item for key, item in sets[0].items() if all(key in one for one in sets)}


def _setproduct(arguments: Sequence[Value]) -> Value:
    if len(arguments) < 2:
        raise CallError("at least two arguments are required")
    columns: list[list[Value]] = []
    kinds: list[Type] = []
    for position, argument in enumerate(arguments):
        if not isinstance(argument.type, ListType | SetType | TupleType):
            raise ArgumentError(position, "a set or a list is required")
        kind = _element(argument)
        if isinstance(argument.type, TupleType):
            common = unify(argument.type.elements)
            if common is None:
                raise ArgumentError(position, "all elements must be of the same type")
            kind = common
        kinds.append(kind)
        columns.append([convert(item, kind) for item in argument.items])
    if prod(map(len, columns)) * len(columns) > MAX_SIZE:
        raise ValueTooLargeError
    rows = [tuple_of(row) for row in product(*columns)]
    row_type = TupleType(tuple(kinds))
    if any(isinstance(argument.type, SetType) for argument in arguments):
        return set_of(row_type, rows)
    return list_of(row_type, rows)


_FIRST = Parameter("first_set", _SET)
_OTHERS = Parameter("other_sets", _SET)

FUNCTIONS: Final = (
    Function("setunion", (_FIRST,), _combined(_union), rest=_OTHERS),
    Function("setintersection", (_FIRST,), _combined(_intersection), rest=_OTHERS),
    Function("setproduct", (), _setproduct, rest=Parameter("sets", DYNAMIC)),
)
