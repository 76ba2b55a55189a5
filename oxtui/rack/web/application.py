"""The ASGI application: from a request to an operation, and from what it returns to a reply."""

from __future__ import annotations

import asyncio
import json
import logging
import uuid
from importlib import resources
from typing import TYPE_CHECKING, Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, Router, WebSocketRoute

from oxtui.rack.web import connection, errors, version
from oxtui.rack.web.operation import Call, Operation, Reply, StreamHandler

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from starlette.types import Receive, Scope, Send

    from oxtui.rack.faults import Fault, Faults
    from oxtui.rack.latency import Latency
    from oxtui.rack.login import Login
    from oxtui.rack.store.records import Token

_log = logging.getLogger(__name__)


class Application:
    """Routes requests as Dropshot does: request id, version, route, login, faults, handler."""

    def __init__(
        self,
        operations: Iterable[Operation],
        streams: Mapping[str, StreamHandler],
        *,
        login: Login,
        faults: Faults,
        latency: Latency,
    ) -> None:
        paths: dict[str, dict[str, Operation]] = {}
        for operation in operations:
            paths.setdefault(operation.path, {})[operation.method] = operation
        routes: list[BaseRoute] = [
            Route(path, _Path(methods, login, faults, latency)) for path, methods in paths.items()
        ]
        routes += [WebSocketRoute(path, stream) for path, stream in streams.items()]
        routes.append(Route("/device/verify", _verify_page))
        self._router = Router(routes, redirect_slashes=False, default=_no_such_route)
        self._api_version = faults.api_version

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or one websocket."""
        scope["path"] = "/" + "/".join(part for part in scope["path"].split("/") if part)
        if scope["type"] == "websocket":
            await self._router(scope, receive, send)
            return
        request_id = str(uuid.uuid4())
        scope.setdefault("state", {})["request_id"] = request_id
        try:
            version.check(Request(scope).headers.get("api-version"), self._api_version)
            await self._router(scope, receive, send)
            return
        except errors.ApiError as failure:
            error = failure
        except ClientDisconnect:
            return
        except ConnectionResetError:
            raise
        except Exception:
            # Like the control plane: the client learns the request's id, the log the reason.
            _log.exception("request %s failed", request_id)
            error = errors.internal()
        reply = _response(error.status, error.body(request_id), request_id)
        reply.headers.update(error.headers)
        await reply(scope, receive, send)


class _Path:
    """All operations on one path."""

    def __init__(
        self, methods: dict[str, Operation], login: Login, faults: Faults, latency: Latency
    ) -> None:
        self._methods = methods
        self._login = login
        self._faults = faults
        self._latency = latency

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        operation = self._methods.get(request.method)
        if operation is None:
            allow = {"allow": ", ".join(sorted(self._methods))}
            raise errors.ApiError(405, "Method Not Allowed", headers=allow)
        token = self._token(operation, request)
        # Read before anything takes time: a client that gives up then does not stop the work.
        content = await _read(request, operation.body_limit)
        faults = self._faults.of_operation(operation.id)
        await asyncio.sleep(self._latency.read if request.method == "GET" else self._latency.write)
        if await _struck_before(faults, scope):
            await _until_gone(receive)
            return
        result = await operation.handle(Call(request, content, token))
        if any(fault.effect == "timeout-but-done" for fault in faults):
            await _until_gone(receive)
            return
        if not isinstance(result, Reply):
            result = Reply(operation.status, result)
        reply = _response(result.status, result.body, scope["state"]["request_id"])
        await reply(scope, receive, send)

    def _token(self, operation: Operation, request: Request) -> Token | None:
        if not operation.needs_login:
            return None
        return self._login.check(request.headers.get("authorization"))


async def _read(request: Request, limit: int) -> bytes:
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > limit:
            raise errors.bad_request(f"request body exceeded maximum size of {limit} bytes")
    return bytes(content)


async def _struck_before(faults: list[Fault], scope: Scope) -> bool:
    """Apply the faults that come before the work; return whether the connection is broken."""
    for fault in faults:
        if fault.effect == "slow":
            await asyncio.sleep(fault.amount)
        elif fault.effect == "reset":
            connection.reset(scope)
            return True
        elif fault.effect.isdecimal():
            raise errors.of_status(int(fault.effect))
    return False


async def _verify_page(request: Request) -> Response:
    """Show what the console shows at this address, so that a device can be let in by hand."""
    page = resources.files(__package__) / "device_verify.html"
    return Response(page.read_bytes(), media_type="text/html")


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue


async def _no_such_route(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1000})
        return
    raise errors.ApiError(404, "Not Found")


def _response(status: int, body: dict[str, Any] | None, request_id: str) -> Response:
    headers = {"x-request-id": request_id}
    if body is None:
        return Response(status_code=status, headers=headers)
    text = json.dumps(body, separators=(",", ":"), ensure_ascii=False)
    return Response(text.encode(), status, headers, media_type="application/json")
