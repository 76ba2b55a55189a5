"""The one type that values of several types can all become, as for the branches of a conditional."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxtui.template.hcl.values.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    ListType,
    MapType,
    ObjectType,
    PrimitiveType,
    SetType,
    TupleType,
    object_type,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from oxtui.template.hcl.values.types import Type


def unify(kinds: Sequence[Type]) -> Type | None:
    """The type that all of these convert to without loss, or None if there is none.

    `any` among them makes the result `any`; no types at all make it `any` too.
    """
    if not kinds:
        return DYNAMIC
    first = kinds[0]
    if all(kind == first for kind in kinds[1:]):
        return first
    if any(kind == DYNAMIC for kind in kinds):
        return DYNAMIC
    if all(isinstance(kind, PrimitiveType) for kind in kinds):
        return _primitives(kinds)
    if all(isinstance(kind, ObjectType | MapType) for kind in kinds):
        return _mappings(kinds)
    if all(isinstance(kind, TupleType | ListType | SetType) for kind in kinds):
        return _sequences(kinds)
    return None


def _primitives(kinds: Sequence[Type]) -> Type | None:
    present = set(kinds)
    if STRING in present:
        return STRING
    return None if present == {BOOL, NUMBER} else next(iter(present))


def _mappings(kinds: Sequence[Type]) -> Type | None:
    objects = [kind for kind in kinds if isinstance(kind, ObjectType)]
    names = [name for name, _ in objects[0].attributes] if objects else []
    if len(objects) == len(kinds) and all(
        [name for name, _ in kind.attributes] == names for kind in objects
    ):
        unified: dict[str, Type] = {}
        for name in names:
            part = unify([kind.attribute(name) or DYNAMIC for kind in objects])
            if part is None:
                break
            unified[name] = part
        else:
            return object_type(unified)
    element = unify(_elements(kinds))
    return None if element is None else MapType(element)


def _sequences(kinds: Sequence[Type]) -> Type | None:
    tuples = [kind for kind in kinds if isinstance(kind, TupleType)]
    if len(tuples) == len(kinds) and len({len(kind.elements) for kind in tuples}) == 1:
        columns = [
            unify(column) for column in zip(*(kind.elements for kind in tuples), strict=True)
        ]
        known = [column for column in columns if column is not None]
        if len(known) == len(columns):
            return TupleType(tuple(known))
    element = unify(_elements(kinds))
    if element is None:
        return None
    with_set = any(isinstance(kind, SetType) for kind in kinds)  # a set has no order to give a list
    return SetType(element) if with_set else ListType(element)


def _elements(kinds: Sequence[Type]) -> list[Type]:
    found: list[Type] = []
    for kind in kinds:
        match kind:
            case ListType(element) | SetType(element) | MapType(element):
                found.append(element)
            case TupleType(elements):
                found += elements
            case ObjectType(attributes):
                found += [inner for _, inner in attributes]
            case _:
                continue
    return found
