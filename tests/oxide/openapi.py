"""The API's own description, to hold our requests and samples against."""

from __future__ import annotations

import json
import re
from typing import Any, cast

from jsonschema import Draft202012Validator

from tests.shared import shared

METHODS = ("get", "put", "post", "delete")


class OpenApi:
    """Operations and schemas of the description."""

    def __init__(self) -> None:
        document = json.loads(shared("oxide-openapi.json").read_text())
        self.document = _plain(document)
        self.operations: dict[str, tuple[str, str, dict[str, Any]]] = {
            operation["operationId"]: (method.upper(), path, operation)
            for path, methods in document["paths"].items()
            for method, operation in methods.items()
            if method in METHODS
        }

    def problems(self, schema: str, value: object) -> list[str]:
        """What is wrong with a value of a named schema, unknown properties included."""
        root = {**self.document, "$ref": f"#/components/schemas/{schema}"}
        checker = Draft202012Validator(root, format_checker=Draft202012Validator.FORMAT_CHECKER)
        return [f"{error.json_path}: {error.message}" for error in checker.iter_errors(value)]

    def request_problems(
        self, operation: str, method: str, path: str, params: dict[str, str], body: object
    ) -> list[str]:
        """What is wrong with a request that claims to be an operation."""
        known_method, template, details = self.operations[operation]
        problems = []
        pattern = re.sub(r"\{\w+\}", "[^/]+", template)
        if method != known_method or not re.fullmatch(pattern, path):
            problems.append(f"{method} {path} is not {known_method} {template}")
        known = {
            parameter["name"]: parameter
            for parameter in details.get("parameters", [])
            if parameter["in"] == "query"
        }
        problems += [f"unknown parameter {name}" for name in params.keys() - known.keys()]
        needed = {name for name, parameter in known.items() if parameter.get("required")}
        problems += [f"missing parameter {name}" for name in needed - params.keys()]
        content = details.get("requestBody", {}).get("content", {}).get("application/json")
        if (content is None) != (body is None):
            problems.append("a body where none belongs, or none where one does")
        if content is not None:
            problems += self.problems(content["schema"]["$ref"].rpartition("/")[2], body)
        return problems


def _plain(node: Any) -> Any:
    """OpenAPI 3.0 as JSON Schema: `nullable` becomes a choice; objects take no unknown keys."""
    if isinstance(node, list):
        return [_plain(item) for item in node]
    if not isinstance(node, dict):
        return node
    plain = {key: _plain(value) for key, value in node.items()}
    if plain.get("type") == "object" and "properties" in plain:
        plain.setdefault("additionalProperties", False)
    if plain.pop("nullable", False):
        return {"anyOf": [plain, {"type": "null"}]}
    return cast("dict[str, Any]", plain)
