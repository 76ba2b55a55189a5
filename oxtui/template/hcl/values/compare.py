"""When two values are equal, as `==` has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxtui.template.hcl.values.value import is_wholly_known

if TYPE_CHECKING:
    from oxtui.template.hcl.values.value import Value


def same(left: Value, right: Value) -> bool:
    """Whether two wholly known values have the same type and the same data, all the way down.

    Nulls are the same whatever their type, as HCL's `==` has it.
    """
    if left.data is None or right.data is None:
        return left.data is None and right.data is None
    if left is right:
        return True
    if isinstance(left.data, tuple) and isinstance(right.data, tuple):
        if type(left.type) is not type(right.type) or len(left.data) != len(right.data):
            return False
        return all(same(a, b) for a, b in zip(left.data, right.data, strict=True))
    if isinstance(left.data, dict) and isinstance(right.data, dict):
        if type(left.type) is not type(right.type) or left.data.keys() != right.data.keys():
            return False
        return all(same(inner, right.data[name]) for name, inner in left.data.items())
    return left.type == right.type and left.data == right.data


def equal(left: Value, right: Value) -> bool | None:
    """Whether two values are equal by HCL's `==`; None if that cannot be known yet."""
    if left.data is not None and right.data is not None and _shapes_differ(left, right):
        return False
    if left.data is None and right.is_known:
        return right.data is None
    if right.data is None and left.is_known:
        return False
    if not (is_wholly_known(left) and is_wholly_known(right)):
        return None
    return left.type == right.type and same(left, right)


def _shapes_differ(left: Value, right: Value) -> bool:
    """Whether the types alone say that two known values differ."""
    return left.is_known and right.is_known and type(left.data) is not type(right.data)
