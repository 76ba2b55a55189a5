"""HCL values for those who decode options and resolve data sources."""

from __future__ import annotations

from oxtui.template.hcl.values.python import (
    NotKnownError,
    PythonInput,
    PythonValue,
    from_python,
    to_python,
)
from oxtui.template.hcl.values.value import (
    Value,
    is_sensitive,
    null,
    string,
    unknown,
)
from oxtui.template.hcl.values.value import is_wholly_known as is_known

__all__ = [
    "NotKnownError",
    "PythonInput",
    "PythonValue",
    "Value",
    "from_python",
    "is_known",
    "is_sensitive",
    "null",
    "string",
    "to_python",
    "unknown",
]
