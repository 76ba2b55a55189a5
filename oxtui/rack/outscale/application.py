"""The ASGI application: limits, signature, schema, action, and the schema of the reply."""

from __future__ import annotations

import asyncio
import json
import logging
import uuid
from typing import TYPE_CHECKING, Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse

from oxtui.rack.outscale import errors, signature
from oxtui.rack.outscale.actions.registry import ACTIONS
from oxtui.rack.outscale.faults import reply as faulty_reply
from oxtui.rack.outscale.leftovers import leftovers
from oxtui.rack.outscale.oapi.schemas import Problem, Schemas
from oxtui.rack.web import connection

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from oxtui.rack.faults import Fault
    from oxtui.rack.outscale.cloud import Cloud

PREFIX = "/api/v1"
LEFTOVERS = "/leftovers"
"""Beside the API, and without a signature: the ids of what the account has."""
METADATA = "/metadata/"
"""Below it, by a VM's id, what the VM's own metadata service says: each VM has an address of its own here."""
_INSTANCE_ID = "/latest/meta-data/instance-id"
_LARGEST_BODY = 2 * 1024 * 1024

_log = logging.getLogger(__name__)


class Application:
    """Serves one account."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._schemas = Schemas()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; a websocket is turned away."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000})
            return
        request = Request(scope, receive)
        if request.method == "GET" and scope["path"] == LEFTOVERS:
            await JSONResponse(leftovers(self._cloud.store))(scope, receive, send)
            return
        if request.method == "GET" and scope["path"].startswith(METADATA):
            await self._metadata(scope["path"])(scope, receive, send)
            return
        request_id = str(uuid.uuid4())
        status = 200
        try:
            body = await self._reply(request, request_id)
        except errors.OapiError as error:
            status, body = error.status, error.body(request_id)
        except ClientDisconnect:
            return
        except ConnectionResetError:
            raise
        except Exception:
            # The client learns the request's id, the log the reason.
            _log.exception("request %s failed", request_id)
            status, body = 500, errors.internal().body(request_id)
        if body is None:
            await _until_gone(receive)
            return
        await JSONResponse(body, status)(scope, receive, send)

    def _metadata(self, path: str) -> PlainTextResponse:
        """The id of a VM, at the path at which the VM itself asks for it."""
        vm_id = path.removeprefix(METADATA).removesuffix(_INSTANCE_ID)
        vm = self._cloud.store.vms.find(id=vm_id)
        if vm is None or vm.state == "terminated" or not path.endswith(_INSTANCE_ID):
            return PlainTextResponse("Not Found", 404)
        return PlainTextResponse(vm.id)

    async def _reply(self, request: Request, request_id: str) -> dict[str, Any] | None:
        """Return the body of the reply; None for a reply that never comes."""
        action = request.url.path.removeprefix(f"{PREFIX}/")
        if request.method != "POST":
            raise errors.OapiError(405, "2", "InvalidAction", "every action is a POST")
        if action not in ACTIONS:
            raise errors.OapiError(404, "5011", "InvalidResource", f"there is no action {action}")
        content = await _read(request)
        faults = self._cloud.faults.of_operation(action)
        reading = action.startswith("Read")
        await asyncio.sleep(self._cloud.latency.read if reading else self._cloud.latency.write)
        if await _struck(faults, request):
            return None
        self._check_signature(request, content)
        body = self._checked(action, content)
        result = {} if body.pop("DryRun", False) else await ACTIONS[action](self._cloud, body)
        if any(fault.effect == "timeout-but-done" for fault in faults):
            return None
        whole = {**result, "ResponseContext": {"RequestId": request_id}}
        problem = self._schemas.problem(f"{action}Response", whole)
        if problem is not None:
            raise AssertionError(f"the reply to {action} breaks the description: {problem}")
        return whole

    def _check_signature(self, request: Request, content: bytes) -> None:
        account = self._cloud.account
        signature.check(
            signature.SignedRequest(
                method=request.method,
                path=request.scope["raw_path"].decode(),
                query=request.url.query,
                headers=request.headers,
                body=content,
            ),
            access_key=account.access_key,
            secret_key=account.secret_key,
            region=account.region,
            now=self._cloud.clock(),
        )

    def _checked(self, action: str, content: bytes) -> dict[str, Any]:
        try:
            body = json.loads(content or b"{}")
        except ValueError:
            raise errors.invalid("4095", "the body is not JSON") from None
        problem = self._schemas.problem(f"{action}Request", body)
        if problem is not None:
            raise _refusal(problem)
        checked: dict[str, Any] = body
        return checked


def _refusal(problem: Problem) -> errors.OapiError:
    match problem.kind:
        case "unknown":
            return errors.unknown_parameter(str(problem))
        case "missing":
            return errors.missing_parameter(str(problem))
        case "type":
            return errors.invalid("4108", str(problem))
        case "value":
            return errors.invalid("4047", str(problem))


async def _read(request: Request) -> bytes:
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > _LARGEST_BODY:
            raise errors.OapiError(413, "4106", "InvalidParameterValue", "the body is too long")
    return bytes(content)


async def _struck(faults: list[Fault], request: Request) -> bool:
    """Apply the faults that come before the work; return whether the connection is broken."""
    for fault in faults:
        if fault.effect == "slow":
            await asyncio.sleep(fault.amount)
        elif fault.effect == "reset":
            connection.reset(request.scope)
            return True
        error = faulty_reply(fault.effect)
        if error is not None:
            raise error
    return False


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue
