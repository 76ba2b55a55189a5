"""One value: its type, its data, and whether it must not be shown.

Data by type: str, Number and bool for primitives; a tuple of values for lists, tuples and sets (sets
sorted, without duplicates); a dict of values, sorted by name, for maps and objects; None for null;
UNKNOWN for what is not known yet. Values never change.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, Final, TypeAlias

from oxtui.template.hcl.values import number as numbers
from oxtui.template.hcl.values.number import Number
from oxtui.template.hcl.values.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    ListType,
    MapType,
    TupleType,
    object_type,
    spell,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from oxtui.template.hcl.values.types import Type

MAX_SIZE: Final = 1 << 19  # values inside of values, a string counting one for each 64 characters
MAX_DEPTH: Final = 100  # of lists and objects in each other
_STRING_UNIT: Final = 64


class ValueTooLargeError(ValueError):
    """A value would not fit in a sane amount of memory; templates can double a value line by line."""

    def __init__(self, problem: str = "the value would be too large to hold") -> None:
        super().__init__(problem)


class Unknown(Enum):
    """The type of UNKNOWN."""

    UNKNOWN = "unknown"


UNKNOWN: Final = Unknown.UNKNOWN
Data: TypeAlias = "str | Number | bool | tuple[Value, ...] | dict[str, Value] | Unknown | None"


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Value:
    """A value of HCL. `sensitive` marks what no screen or log shows.

    `size` counts the values inside, `depth` how many levels of them there are.
    """

    type: Type
    data: Data
    sensitive: bool = False
    size: int = 1
    depth: int = 0

    @property
    def is_null(self) -> bool:
        """Whether there is no value."""
        return self.data is None

    @property
    def is_known(self) -> bool:
        """Whether the value itself is known; its elements need not be."""
        return self.data is not UNKNOWN

    @property
    def text(self) -> str:
        """The data of a known string. Raises TypeError for anything else."""
        if not isinstance(self.data, str):
            raise TypeError(f"a {spell(self.type)} was used as a string")
        return self.data

    @property
    def number(self) -> Number:
        """The data of a known number. Raises TypeError for anything else."""
        if not isinstance(self.data, Number):
            raise TypeError(f"a {spell(self.type)} was used as a number")
        return self.data

    @property
    def truth(self) -> bool:
        """The data of a known bool. Raises TypeError for anything else."""
        if not isinstance(self.data, bool):
            raise TypeError(f"a {spell(self.type)} was used as a bool")
        return self.data

    @property
    def items(self) -> tuple[Value, ...]:
        """The elements of a known list, tuple or set. Raises TypeError for anything else."""
        if not isinstance(self.data, tuple):
            raise TypeError(f"a {spell(self.type)} was used as a sequence")
        return self.data

    @property
    def mapping(self) -> dict[str, Value]:
        """The elements of a known map or object by name. Raises TypeError for anything else."""
        if not isinstance(self.data, dict):
            raise TypeError(f"a {spell(self.type)} was used as a mapping")
        return self.data

    def children(self) -> Iterable[Value]:
        """The values right inside of this one."""
        if isinstance(self.data, tuple):
            return self.data
        return self.data.values() if isinstance(self.data, dict) else ()

    def marked(self, sensitive: bool = True) -> Value:
        """The same value, not to be shown if `sensitive`; a mark is never taken away."""
        return replace(self, sensitive=True) if sensitive and not self.sensitive else self

    def secret_texts(self) -> set[str]:
        """What must be hidden of this value: strings and numbers that are sensitive, or in what is."""
        if not self.sensitive:
            return {text for child in self.children() for text in child.secret_texts()}
        if isinstance(self.data, str | Number):
            return {str(self.data)}
        return {text for child in self.children() for text in child.marked().secret_texts()}

    def __repr__(self) -> str:
        if self.sensitive:
            return f"Value({spell(self.type)}, sensitive)"
        shown = f"{len(self.data)} elements" if isinstance(self.data, tuple | dict) else self.data
        return f"Value({spell(self.type)}, {shown!r})"


def is_wholly_known(value: Value) -> bool:
    """Whether a value and all inside of it are known."""
    return value.is_known and all(map(is_wholly_known, value.children()))


def is_sensitive(value: Value) -> bool:
    """Whether a value, or anything inside of it, must not be shown."""
    return value.sensitive or any(map(is_sensitive, value.children()))


def collection(kind: Type, data: tuple[Value, ...] | dict[str, Value]) -> Value:
    """A list, set, tuple, map or object of these parts. Raises ValueTooLargeError."""
    size, depth = 1, 0
    for part in data.values() if isinstance(data, dict) else data:
        size += part.size
        depth = max(depth, part.depth)
    if size > MAX_SIZE:
        raise ValueTooLargeError
    if depth >= MAX_DEPTH:
        raise ValueTooLargeError(f"lists and objects are nested more than {MAX_DEPTH} deep")
    return Value(kind, data, size=size, depth=depth + 1)


def string(text: str) -> Value:
    """A string, in Unicode's composed form as all strings of HCL. Raises ValueTooLargeError."""
    size = 1 + len(text) // _STRING_UNIT
    if size > MAX_SIZE:
        raise ValueTooLargeError
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return Value(STRING, text, size=size)


def number(value: Number | int) -> Value:
    """A number; a Python int is exact and has the precision of a count."""
    made = numbers.from_int(value) if isinstance(value, int) else value
    return Value(NUMBER, made)


def boolean(value: bool) -> Value:
    """True or false."""
    return Value(BOOL, value)


def null(kind: Type = DYNAMIC) -> Value:
    """No value, of a type."""
    return Value(kind, None)


def unknown(kind: Type = DYNAMIC) -> Value:
    """A value that is not known yet, of a type."""
    return Value(kind, UNKNOWN)


def tuple_of(items: Sequence[Value]) -> Value:
    """A tuple of these values."""
    return collection(TupleType(tuple(item.type for item in items)), tuple(items))


def object_of(attributes: Mapping[str, Value]) -> Value:
    """An object with these attributes."""
    kind = object_type({name: value.type for name, value in attributes.items()})
    return collection(kind, dict(sorted(attributes.items())))


def namespace(attributes: Mapping[str, Value]) -> Value:
    """An object that only groups names, such as `var`: what is in it was measured already."""
    kind = object_type({name: value.type for name, value in attributes.items()})
    return Value(kind, dict(sorted(attributes.items())))


def list_of(element: Type, items: Sequence[Value]) -> Value:
    """A list; the values must have the element type already."""
    return collection(ListType(element), tuple(items))


def map_of(element: Type, items: Mapping[str, Value]) -> Value:
    """A map; the values must have the element type already."""
    return collection(MapType(element), dict(sorted(items.items())))


TRUE: Final = boolean(True)
FALSE: Final = boolean(False)
