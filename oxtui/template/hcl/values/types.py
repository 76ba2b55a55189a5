"""The types of values, as in go-cty: three primitives, collections of one type, structures of several."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class PrimitiveType:
    """`string`, `number` or `bool`; also `any`, the type that is not known yet."""

    name: str


@dataclass(frozen=True, slots=True)
class ListType:
    """`list(element)`: ordered, all of one type."""

    element: Type


@dataclass(frozen=True, slots=True)
class SetType:
    """`set(element)`: no order, no duplicates."""

    element: Type


@dataclass(frozen=True, slots=True)
class MapType:
    """`map(element)`: values of one type by name."""

    element: Type


@dataclass(frozen=True, slots=True)
class TupleType:
    """`tuple([a, b])`: a fixed number of values, each with a type of its own."""

    elements: tuple[Type, ...]


@dataclass(frozen=True, slots=True)
class ObjectType:
    """`object({a = b})`: named values, each with a type. Attributes are sorted by name.

    `optional` names those that a value may lack when it is converted to this type.
    """

    attributes: tuple[tuple[str, Type], ...]
    optional: frozenset[str] = frozenset()

    def attribute(self, name: str) -> Type | None:
        """The type of an attribute, or None if there is no such attribute."""
        return next((kind for known, kind in self.attributes if known == name), None)


Type: TypeAlias = PrimitiveType | ListType | SetType | MapType | TupleType | ObjectType

STRING: Final = PrimitiveType("string")
NUMBER: Final = PrimitiveType("number")
BOOL: Final = PrimitiveType("bool")
DYNAMIC: Final = PrimitiveType("any")


def object_type(
    attributes: Mapping[str, Type], optional: frozenset[str] = frozenset()
) -> ObjectType:
    """An object type of these attributes."""
    return ObjectType(tuple(sorted(attributes.items())), optional)


def is_primitive(kind: Type) -> bool:
    """Whether a type is string, number or bool."""
    return isinstance(kind, PrimitiveType) and kind != DYNAMIC


def element_type(kind: Type) -> Type | None:
    """The type of each element of a list, set or map; None for every other type."""
    return kind.element if isinstance(kind, ListType | SetType | MapType) else None


def has_dynamic(kind: Type) -> bool:
    """Whether a part of a type is not known."""
    match kind:
        case PrimitiveType():
            return kind == DYNAMIC
        case ListType(element) | SetType(element) | MapType(element):
            return has_dynamic(element)
        case TupleType(elements):
            return any(map(has_dynamic, elements))
        case ObjectType(attributes):
            return any(has_dynamic(inner) for _, inner in attributes)


def spell(kind: Type) -> str:
    """A type as it is written in a type constraint: `map(list(string))`."""
    match kind:
        case PrimitiveType(name):
            return name
        case ListType(element):
            return f"list({spell(element)})"
        case SetType(element):
            return f"set({spell(element)})"
        case MapType(element):
            return f"map({spell(element)})"
        case TupleType(elements):
            return f"tuple([{','.join(map(spell, elements))}])"
        case ObjectType(attributes, optional):
            parts = (_spell_attribute(name, inner, name in optional) for name, inner in attributes)
            return f"object({{{','.join(parts)}}})"


def _spell_attribute(name: str, kind: Type, optional: bool) -> str:
    bare = name.replace("-", "_").isidentifier() and not name.startswith("-")
    label = name if bare else '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"{label}={f'optional({spell(kind)})' if optional else spell(kind)}"


def friendly(kind: Type) -> str:
    """A type as a message names it: `list of string`."""
    match kind:
        case PrimitiveType(name):
            return "dynamic" if name == "any" else name
        case ListType(element):
            return f"list of {friendly(element)}"
        case SetType(element):
            return f"set of {friendly(element)}"
        case MapType(element):
            return f"map of {friendly(element)}"
        case TupleType():
            return "tuple"
        case ObjectType():
            return "object"
