"""Checks values against the schemas of the API: the part of OpenAPI 3.0 that they use.

The schemas come with the rack, under their own licence, so that every request and every reply is
checked wherever the rack runs. The dialect is small; a general validator would be a dependency of
its own for the sake of these few rules, and could not tell the API's error codes apart.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from typing import Any, Literal

Kind = Literal["unknown", "missing", "type", "value"]

_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """How a value differs from its schema; `path` leads to the place, as in `Filters.VmIds[0]`."""

    kind: Kind
    path: str
    text: str

    def __str__(self) -> str:
        return f"{self.path or 'the body'} {self.text}"


class Schemas:
    """The schemas by name; those of an action are `<Action>Request` and `<Action>Response`."""

    def __init__(self) -> None:
        text = (resources.files(__package__) / "schemas.json").read_text()
        self._schemas: dict[str, dict[str, Any]] = json.loads(text)["schemas"]

    @property
    def actions(self) -> frozenset[str]:
        """The actions that have schemas."""
        names = (name for name in self._schemas if name.endswith("Request"))
        return frozenset(name.removesuffix("Request") for name in names)

    def problem(self, name: str, value: object) -> Problem | None:
        """Return what is wrong with a value for the schema of that name, or None."""
        return self._problem(self._schemas[name], value, "")

    def _problem(self, schema: dict[str, Any], value: Any, path: str) -> Problem | None:
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            return self._problem(self._schemas[name], value, path)
        if "oneOf" in schema:
            found = [self._problem(option, value, path) for option in schema["oneOf"]]
            return found[0] if all(found) else None
        if value is None and schema.get("nullable"):
            return None
        expected = schema.get("type")
        if expected is not None and not _is(value, expected):
            return Problem("type", path, f"must be of type {expected}")
        if "enum" in schema and value not in schema["enum"]:
            return Problem("value", path, f"must be one of {', '.join(schema['enum'])}")
        if isinstance(value, str):
            return _of_text(schema, value, path)
        if isinstance(value, list):
            places = (
                self._problem(schema["items"], item, f"{path}[{number}]")
                for number, item in enumerate(value)
            )
            return next(filter(None, places), None)
        return self._of_object(schema, value, path) if isinstance(value, dict) else None

    def _of_object(
        self, schema: dict[str, Any], value: dict[str, Any], path: str
    ) -> Problem | None:
        known: dict[str, Any] = schema.get("properties", {})
        for name, item in value.items():
            place = f"{path}.{name}" if path else name
            if name in known:
                problem = self._problem(known[name], item, place)
                if problem is not None:
                    return problem
            elif schema.get("additionalProperties") is False:
                return Problem("unknown", place, "is no parameter of this action")
        for name in schema.get("required", ()):
            if name not in value:
                return Problem("missing", f"{path}.{name}" if path else name, "is required")
        return None


def _is(value: object, expected: str) -> bool:
    if isinstance(value, bool):
        return expected == "boolean"
    return isinstance(value, _TYPES[expected])


def _of_text(schema: dict[str, Any], value: str, path: str) -> Problem | None:
    pattern = schema.get("pattern")
    if pattern is not None and not re.search(pattern, value):
        return Problem("value", path, f"must match {pattern}")
    wanted = schema.get("format")
    try:
        if wanted in ("date", "date-time"):
            datetime.fromisoformat(value)
        elif wanted == "byte":
            base64.b64decode(value, validate=True)
    except (ValueError, binascii.Error):
        return Problem("value", path, f"must be a {wanted}")
    return None
