"""The API's own description of its actions, as JSON schemas for a general validator."""

from __future__ import annotations

import base64
import functools
import json
from datetime import datetime
from importlib import resources
from typing import Any

import jsonschema

from tests.shared import shared

LATER = tuple(
    f"{action}{end}"
    for action in ("ReadConsoleOutput", "RebootVms")
    for end in ("Request", "Response")
)
"""Names that the description of tests has not; they are from the same release of the API's."""
_checker = jsonschema.FormatChecker(())


@_checker.checks("date-time", ValueError)
@_checker.checks("date", ValueError)
def _is_time(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value) is not None


@_checker.checks("byte", ValueError)
def _is_base64(value: object) -> bool:
    return not isinstance(value, str) or base64.b64decode(value, validate=True) is not None


@functools.cache
def schemas() -> dict[str, Any]:
    """All schemas by name."""
    text = shared("cases/outscale/oapi-pruned.json").read_text()
    found: dict[str, Any] = _plain(json.loads(text)["schemas"])
    shipped = json.loads((resources.files("oxtui.rack.outscale.oapi") / "schemas.json").read_text())
    return found | {name: _plain(shipped["schemas"][name]) for name in LATER}


@functools.cache
def validator(name: str) -> Any:
    """What checks values of a schema."""
    whole = {**schemas()[name], "components": {"schemas": schemas()}}
    return jsonschema.Draft202012Validator(whole, format_checker=_checker)


def _plain(schema: Any) -> Any:
    """Turn OpenAPI 3.0's `nullable` into JSON Schema."""
    if isinstance(schema, list):
        return [_plain(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {key: _plain(value) for key, value in schema.items()}
    if plain.pop("nullable", None) is True:
        return {"anyOf": [plain, {"type": "null"}]}
    return plain
