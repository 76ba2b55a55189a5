"""Checks every request and reply against the OpenAPI description of the Oxide API."""

from __future__ import annotations

import contextlib
import functools
import ipaddress
import json
import re
import uuid
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import httpx
import jsonschema
import pytest

from tests.shared import shared

_checker = jsonschema.FormatChecker(())


@_checker.checks("uuid", ValueError)
def _is_uuid(value: object) -> bool:
    return not isinstance(value, str) or str(uuid.UUID(value)) == value.lower()


@_checker.checks("date-time", ValueError)
def _is_date_time(value: object) -> bool:
    return not isinstance(value, str) or (
        value.endswith("Z") and datetime.fromisoformat(value) is not None
    )


@_checker.checks("ip", ValueError)
@_checker.checks("ipv4", ValueError)
@_checker.checks("ipv6", ValueError)
def _is_ip(value: object) -> bool:
    return not isinstance(value, str) or ipaddress.ip_address(value) is not None


class Description:
    """The OpenAPI description, as JSON schemas."""

    def __init__(self) -> None:
        document = json.loads(shared("oxide-openapi.json").read_text())
        self._components = _plain(document["components"]["schemas"], closed=False)
        self._closed = _plain(document["components"]["schemas"], closed=True)
        self._operations: list[tuple[str, re.Pattern[str], dict[str, Any]]] = []
        for path, methods in document["paths"].items():
            pattern = re.compile(re.sub(r"\{\w+\}", "[^/]+", path))
            self._operations += [
                (method.upper(), pattern, operation)
                for method, operation in methods.items()
                if method in ("get", "put", "post", "delete")
            ]

    def operation(self, method: str, path: str) -> dict[str, Any] | None:
        """Return the operation of a request; literal paths come before templates."""
        found = [
            (pattern, operation)
            for verb, pattern, operation in self._operations
            if verb == method and pattern.fullmatch(path)
        ]
        found.sort(key=lambda item: item[0].pattern.count("[^/]+"))
        return found[0][1] if found else None

    def check(self, schema: dict[str, Any], value: Any, *, closed: bool) -> None:
        """Raise jsonschema.ValidationError unless the value is of the schema."""
        self._validator(json.dumps(schema), closed).validate(value)

    @functools.cache  # noqa: B019 (one description lives as long as the tests)
    def _validator(self, schema: str, closed: bool) -> Any:
        whole = {
            **_plain(json.loads(schema), closed=closed),
            "components": {"schemas": self._closed if closed else self._components},
        }
        return jsonschema.Draft202012Validator(whole, format_checker=_checker)


def _plain(schema: Any, *, closed: bool) -> Any:
    """Turn OpenAPI 3.0's dialect into JSON Schema; `closed` forbids fields it does not name."""
    if isinstance(schema, list):
        return [_plain(item, closed=closed) for item in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {key: _plain(value, closed=closed) for key, value in schema.items()}
    if plain.get("type") == "object" and "properties" in plain and closed:
        plain.setdefault("additionalProperties", False)
    if isinstance(plain.pop("nullable", None), bool):
        return {"anyOf": [plain, {"type": "null"}]}
    return plain


@functools.cache
def description() -> Description:
    """Return the description, read once."""
    return Description()


class CheckedTransport(httpx.AsyncBaseTransport):
    """Passes requests on and fails the test where one side breaks the description.

    What the rack accepts must be a valid request, and what it replies must be a valid reply, with
    no field that the description does not name.
    """

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self.inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        content = await request.aread()
        response = await self.inner.handle_async_request(request)
        await response.aread()
        check(request, content, response)
        return response

    async def aclose(self) -> None:
        await self.inner.aclose()


def check(request: httpx.Request, content: bytes, response: httpx.Response) -> None:
    """Raise unless a request with this content and its reply are as described."""
    # Dropshot reads past empty parts of a path.
    path = "/" + "/".join(part for part in request.url.path.split("/") if part)
    operation = description().operation(request.method, path)
    if operation is None:
        assert response.status_code in (400, 401, 404, 405), request.url
        check_error(response)
        return
    if response.is_success and content:
        _check_request(operation, content)
    if response.is_success:
        _check_parameters(operation, request.url.params)
    _check_reply(operation, response)


@contextlib.contextmanager
def checked_traffic() -> Iterator[Counter[str]]:
    """Check what every client of this process sends to a rack and gets; counts the operations."""
    seen: Counter[str] = Counter()
    plain = httpx.AsyncHTTPTransport.handle_async_request

    async def handle(transport: httpx.AsyncHTTPTransport, request: httpx.Request) -> httpx.Response:
        content = await request.aread()
        response = await plain(transport, request)
        await response.aread()
        check(request, content, response)
        path = request.url.path
        operation = description().operation(request.method, path)
        seen[str(operation["operationId"]) if operation else f"{request.method} {path}"] += 1
        return response

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", handle)
        yield seen


def check_error(response: httpx.Response) -> None:
    """Raise unless the reply is an error of the API, with its request id in both places."""
    body = response.json()
    description().check({"$ref": "#/components/schemas/Error"}, body, closed=True)
    assert body["request_id"] == response.headers["x-request-id"]


def _check_request(operation: dict[str, Any], content: bytes) -> None:
    for media_type, body in operation["requestBody"]["content"].items():
        if media_type == "application/json":
            description().check(body["schema"], json.loads(content), closed=False)


def _check_parameters(operation: dict[str, Any], parameters: httpx.QueryParams) -> None:
    known = {p["name"]: p for p in operation.get("parameters", ()) if p["in"] == "query"}
    for name, value in parameters.items():
        assert name in known, f"{operation['operationId']} has no query parameter {name}"
        schema = known[name]["schema"]
        typed = int(value) if schema.get("type") == "integer" else value
        description().check(schema, typed, closed=False)
    missing = [name for name, p in known.items() if p.get("required") and name not in parameters]
    assert not missing, f"{operation['operationId']} was accepted without {missing}"


def _check_reply(operation: dict[str, Any], response: httpx.Response) -> None:
    responses = operation["responses"]
    if "default" in responses:  # the device login, whose bodies RFC 8628 describes
        return
    assert response.headers["x-request-id"]
    if response.is_error:
        check_error(response)
        return
    assert str(response.status_code) in responses, (operation["operationId"], response.status_code)
    content = responses[str(response.status_code)].get("content")
    if content is None:
        assert response.content == b""
        return
    assert response.headers["content-type"] == "application/json"
    description().check(content["application/json"]["schema"], response.json(), closed=True)
