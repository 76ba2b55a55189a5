"""Reaching into a value: by index, by name, and over all elements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxtui.template.hcl.suggest import did_you_mean
from oxtui.template.hcl.values.convert import ConversionError, convert
from oxtui.template.hcl.values.types import (
    DYNAMIC,
    NUMBER,
    STRING,
    ListType,
    MapType,
    ObjectType,
    SetType,
    TupleType,
    friendly,
)
from oxtui.template.hcl.values.value import unknown

if TYPE_CHECKING:
    from oxtui.template.hcl.values.types import PrimitiveType
    from oxtui.template.hcl.values.value import Value

_NOT_THERE = "The given key does not identify an element in this collection value"


class AccessError(ValueError):
    """There is nothing at that place. `code` is the error's class, `summary` its headline."""

    def __init__(self, code: str, summary: str, detail: str) -> None:
        self.code = code
        self.summary = summary
        super().__init__(detail)


def attribute(value: Value, name: str) -> Value:
    """What `.name` gives. Raises AccessError."""
    if value.is_null:
        summary = "Attempt to get attribute from null value"
        detail = "This value is null, so it does not have any attributes."
        raise AccessError("attribute", summary, detail)
    kind = value.type
    if kind == DYNAMIC:
        return unknown().marked(value.sensitive)
    if isinstance(kind, ObjectType):
        found = value.data.get(name) if isinstance(value.data, dict) else None
        inner = kind.attribute(name) if not value.is_known else None
        if found is None and inner is not None:
            found = unknown(inner)
        if found is not None:
            return found.marked(value.sensitive)
        hint = did_you_mean(name, (known for known, _ in kind.attributes))
        detail = f'This object does not have an attribute named "{name}".{hint}'
    elif isinstance(kind, MapType):
        if not value.is_known:
            return unknown(kind.element).marked(value.sensitive)
        if name in value.mapping:
            return value.mapping[name].marked(value.sensitive)
        hint = did_you_mean(name, value.mapping)
        detail = f'This map does not have an element with the key "{name}".{hint}'
        raise AccessError("attribute", "Missing map element", detail)
    elif isinstance(kind, ListType | SetType | TupleType):
        detail = (
            f"This value is a {friendly(kind)}, which has no attributes. For one element write an index "
            'such as "[0]", for all elements "[*]".'
        )
    else:
        detail = f"A {friendly(kind)} does not have any attributes."
    raise AccessError("attribute", "Unsupported attribute", detail)


_DECLARED = {"var": ("variable", "variable"), "local": ("local", "locals")}


def undeclared(root: str, value: Value, name: str) -> str:
    """Why `var.name` or `local.name` gives nothing; empty if it gives something, or is neither."""
    if root not in _DECLARED or not isinstance(value.type, ObjectType):
        return ""
    if value.type.attribute(name) is not None:
        return ""
    what, block = _DECLARED[root]
    hint = did_you_mean(name, (known for known, _ in value.type.attributes))
    return f'No {what} "{name}" is declared.{hint or f" Declare it in a {block} block."}'


def index(value: Value, key: Value) -> Value:
    """What `[key]` gives. Raises AccessError."""
    if value.is_null:
        detail = "This value is null, so it does not have any indices."
        raise AccessError("index", "Attempt to index null value", detail)
    if key.is_null:
        raise AccessError("index", "Invalid index", "Can't use a null value as an indexing key.")
    sensitive = value.sensitive or key.sensitive
    kind = value.type
    if kind == DYNAMIC or (key.type == DYNAMIC and not key.is_known):
        return unknown().marked(sensitive)
    if isinstance(kind, ListType | TupleType):
        return _by_position(value, key).marked(sensitive)
    if isinstance(kind, MapType | ObjectType):
        return _by_name(value, key).marked(sensitive)
    if isinstance(kind, SetType):
        detail = (
            "The elements of a set have no order and no keys; use a list where one must be chosen."
        )
        raise AccessError("index", "Invalid index", detail)
    detail = f"A {friendly(kind)} does not have any indices."
    raise AccessError("index", "Invalid index", detail)


def _by_position(value: Value, key: Value) -> Value:
    wanted = _key(key, NUMBER)
    element = value.type.element if isinstance(value.type, ListType) else DYNAMIC
    if not value.is_known or not wanted.is_known:
        return unknown(element)
    items = value.items
    if not wanted.number.is_integer:
        detail = f"{_NOT_THERE}: a whole number is required."
    elif wanted.number.mantissa < 0:
        detail = f"{_NOT_THERE}: a negative number is not an index."
    elif (position := wanted.number.truncated()) < len(items):
        return items[position]
    else:
        detail = f"{_NOT_THERE}: it has {len(items)} elements, counted from 0."
    raise AccessError("index", "Invalid index", detail)


def _by_name(value: Value, key: Value) -> Value:
    wanted = _key(key, STRING)
    if not wanted.is_known or not value.is_known:
        kind = value.type
        if isinstance(kind, MapType):
            return unknown(kind.element)
        if isinstance(kind, ObjectType) and wanted.is_known:
            inner = kind.attribute(wanted.text)
            if inner is not None:
                return unknown(inner)
        return unknown()
    found = value.mapping.get(wanted.text)
    if found is not None:
        return found
    detail = _NOT_THERE + "." + did_you_mean(wanted.text, value.mapping)
    raise AccessError("index", "Invalid index", detail)


def _key(key: Value, kind: PrimitiveType) -> Value:
    try:
        return convert(key, kind)
    except ConversionError as problem:
        raise AccessError("index", "Invalid index", f"{_NOT_THERE}: {problem}.") from None
