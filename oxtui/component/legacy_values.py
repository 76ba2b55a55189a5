"""Values of legacy JSON templates as options: rendered, and taken as loosely as Packer takes them (packer.md 2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxtui.template.hcl.values.types import BOOL, NUMBER, STRING
from oxtui.template.hcl.values.value import boolean, string, tuple_of
from oxtui.template.legacy.rendered import rendered_value

if TYPE_CHECKING:
    from oxtui.component.options import OptionSpec
    from oxtui.template.hcl.values.value import Value
    from oxtui.template.legacy.interpolate import Interpolation

_TRUE = frozenset(("1", "t", "T", "TRUE", "true", "True"))
_FALSE = frozenset(("", "0", "f", "F", "FALSE", "false", "False"))


def legacy_value(value: Value, spec: OptionSpec, interpolation: Interpolation) -> Value:
    """The value that an option gets. Raises InterpolationError.

    An option that is a template itself is rendered by its component, and here only read, so that a
    mistake is told before anything runs; in every other each `{{ }}` is evaluated.
    """
    rendered = rendered_value(value, interpolation.check if spec.template else interpolation.render)
    return _weakened(value if spec.template else rendered, spec.type)


def _weakened(value: Value, kind: str) -> Value:
    """Strings for numbers, bools and lists, numbers for bools, one for a list of one."""
    if value.is_null or not value.is_known:
        return value
    if kind == "bool":
        if value.type == NUMBER:
            return boolean(value.number.mantissa != 0)
        if value.type == STRING and value.text in _TRUE | _FALSE:
            return boolean(value.text in _TRUE)
    elif kind == "list":
        if value.type == STRING:
            parts = value.text.split(",") if value.text else []
            return tuple_of([string(part) for part in parts])
        if value.type in (NUMBER, BOOL):
            return tuple_of([_weakened(value, "string")])
        if isinstance(value.data, tuple):
            return tuple_of([_weakened(item, "string") for item in value.data])
    elif kind == "map" and isinstance(value.data, dict):
        return value
    elif value.type == BOOL:
        return string("1" if value.truth else "0")
    return value
