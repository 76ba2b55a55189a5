"""Decoding of bodies, queries and path parts, with the control plane's messages.

The words follow serde, which the control plane decodes with: a client that reads these messages
(the console strips their tail) must find the same shape here.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, ValidationError

from oxtui.rack.web import errors, position

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic_core import ErrorDetails

M = TypeVar("M", bound=BaseModel)
Path = tuple[str | int, ...]

_EXPECTED = {
    "string_type": "a string",
    "int_type": "an integer",
    "int_parsing": "an integer",
    "bool_type": "a boolean",
    "list_type": "a sequence",
    "dict_type": "a map",
    "model_type": "a map",
    "model_attributes_type": "a map",
    "greater_than_equal": "an unsigned integer in range",
    "less_than_equal": "an unsigned integer in range",
}


def body(raw: bytes, model: type[M]) -> M:
    """Decode a JSON body; ApiError 400 that names the field and the place."""
    prefix = "unable to parse JSON body: "
    try:
        text = raw.decode()
        document = json.loads(text)
    except UnicodeDecodeError:
        raise errors.bad_request(prefix + "invalid unicode code point at line 1 column 1") from None
    except json.JSONDecodeError as error:
        why = "EOF while parsing a value" if error.pos >= len(error.doc) else "expected value"
        place = f" at line {error.lineno} column {max(error.colno - 1, 0)}"
        raise errors.bad_request(prefix + why + place) from None
    try:
        return model.model_validate_json(text, strict=True)
    except ValidationError as error:
        detail = error.errors(include_url=False)[0]
        steps = _steps_in(document, detail["loc"])
        line, column = position.end_of(text, steps)
        place = f" at line {line} column {column}"
        raise errors.bad_request(prefix + _explain(detail, steps) + place) from None


def query(parameters: Mapping[str, str], model: type[M]) -> M:
    """Decode a query string's parameters; ApiError 400 that names the parameter."""
    try:
        return model.model_validate(dict(parameters))
    except ValidationError as error:
        detail = error.errors(include_url=False)[0]
        why = _explain(detail, detail["loc"])
        raise errors.bad_request(f"unable to parse query string: {why}") from None


def path(parameters: Mapping[str, str], model: type[M]) -> M:
    """Decode the variable parts of a path; ApiError 400."""
    try:
        return model.model_validate(dict(parameters))
    except ValidationError as error:
        why = _explain(error.errors(include_url=False)[0], ())
        raise errors.bad_request(f"bad parameter in URL path: {why}") from None


def form(parameters: Mapping[str, str], model: type[M]) -> M:
    """Decode a form-encoded body; ApiError 400 that names the field."""
    try:
        return model.model_validate(dict(parameters))
    except ValidationError as error:
        detail = error.errors(include_url=False)[0]
        why = _explain(detail, detail["loc"])
        raise errors.bad_request(f"unable to parse URL-encoded body: {why}") from None


def _steps_in(document: object, location: Path) -> Path:
    """Leave out of pydantic's path the steps that name a variant of a tagged union."""
    steps: list[str | int] = []
    for step in location:
        if isinstance(document, dict) and step not in document and document.get("type") == step:
            continue
        steps.append(step)
        if isinstance(document, dict):
            document = document.get(step)
        elif isinstance(document, list) and isinstance(step, int):
            document = document[step]
    return tuple(steps)


def _explain(detail: ErrorDetails, location: Path) -> str:
    """Say in serde's manner what is wrong with a value, after the path that leads to it."""
    kind = detail["type"]
    if kind == "missing":
        return _at(location[:-1]) + f"missing field `{location[-1]}`"
    if kind == "union_tag_not_found":
        return _at(location) + "missing field `type`"
    if kind in ("literal_error", "union_tag_invalid"):
        context = detail.get("ctx", {})
        given = context.get("tag", detail["input"])
        allowed = str(context.get("expected") or context.get("expected_tags", ""))
        return _at(location) + f"unknown variant `{given}`, expected {_variants(allowed)}"
    if kind in _EXPECTED:
        return _at(location) + f"invalid {_given(detail['input'])}, expected {_EXPECTED[kind]}"
    return _at(location) + str(detail["msg"])


def _at(location: Path) -> str:
    text = ""
    for step in location:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else str(step)
    return f"{text}: " if text else ""


def _variants(allowed: str) -> str:
    names = [name.strip(" '") for name in allowed.replace(" or ", ", ").split(",")]
    quoted = [f"`{name}`" for name in names if name]
    if len(quoted) > 2:
        return "one of " + ", ".join(quoted)
    return " or ".join(quoted)


def _given(value: object) -> str:
    if value is None:
        return "type: null"
    if isinstance(value, bool):
        return f"type: boolean `{str(value).lower()}`"
    if isinstance(value, int):
        return f"value: integer `{value}`"
    if isinstance(value, float):
        return f"type: floating point `{value}`"
    if isinstance(value, str):
        return f'type: string "{value}"'
    return "type: sequence" if isinstance(value, list) else "type: map"
