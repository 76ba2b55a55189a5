"""Device login and access tokens. The OAuth endpoints answer as RFC 8628 says, not as the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, Field

from oxtui.rack.api.silo import IdScan
from oxtui.rack.login import GRANT_SECONDS
from oxtui.rack.web import errors
from oxtui.rack.web.names import Id
from oxtui.rack.web.operation import Operation, Reply

if TYPE_CHECKING:
    from collections.abc import Iterable

    from oxtui.rack.rack import Rack
    from oxtui.rack.store.records import Token
    from oxtui.rack.web.operation import Call

_GRANT_TYPE = "urn:ietf:params:oauth:grant-type:device_code"


class DeviceAuthRequest(BaseModel):
    """The form that begins a login."""

    client_id: Id
    ttl_seconds: Annotated[int, Field(ge=1, le=2**32 - 1)] | None = None


class DeviceTokenRequest(BaseModel):
    """The form that asks for the token."""

    grant_type: str
    device_code: str
    client_id: Id


class DeviceConfirm(BaseModel):
    """The code that the user saw on the device."""

    user_code: str


class TokenApi:
    """Operations on logins and tokens."""

    def __init__(self, rack: Rack) -> None:
        self._rack = rack

    def operations(self) -> Iterable[Operation]:
        """Return the operations."""
        tokens = "/v1/me/access-tokens"
        return (
            Operation(
                "device_auth_request", "POST", "/device/auth", self.request, needs_login=False
            ),
            Operation(
                "device_access_token", "POST", "/device/token", self.collect, needs_login=False
            ),
            Operation("device_auth_confirm", "POST", "/device/confirm", self.confirm, status=204),
            Operation("current_user_access_token_list", "GET", tokens, self.list),
            Operation(
                "current_user_access_token_delete",
                "DELETE",
                tokens + "/{token_id}",
                self.delete,
                status=204,
            ),
        )

    async def request(self, call: Call) -> dict[str, Any]:
        """Begin a device's login."""
        form = call.form(DeviceAuthRequest)
        grant = self._rack.login.request(form.client_id, form.ttl_seconds)
        return {
            "device_code": grant.device_code,
            "user_code": grant.user_code,
            "verification_uri": f"{call.base_url}/device/verify",
            "expires_in": GRANT_SECONDS,
        }

    async def collect(self, call: Call) -> dict[str, Any] | Reply:
        """Hand the token out once the user has confirmed."""
        form = call.form(DeviceTokenRequest)
        if form.grant_type != _GRANT_TYPE:
            return Reply(400, {"error": "unsupported_grant_type"})
        collected = self._rack.login.collect(form.device_code, form.client_id)
        if collected is None:
            return Reply(400, {"error": "authorization_pending"})
        token, secret = collected
        return {
            "access_token": secret,
            "token_type": "bearer",
            "token_id": token.id,
            "time_expires": token.time_expires,
        }

    async def confirm(self, call: Call) -> None:
        """Let the device of a code in."""
        request = call.body(DeviceConfirm)
        self._rack.login.confirm(request.user_code, call.token)

    async def list(self, call: Call) -> dict[str, Any]:
        """List the user's tokens; never their secrets."""
        _, page = call.scan(IdScan)
        return page.of(self._rack.store.tokens, _view)

    async def delete(self, call: Call) -> None:
        """Revoke a token."""
        identifier = call.id("token_id")
        if self._rack.store.tokens.find(id=identifier) is None:
            raise errors.not_found_id("device-access-token", identifier)
        self._rack.store.tokens.delete(id=identifier)


def _view(token: Token) -> dict[str, Any]:
    return {
        "id": token.id,
        "time_created": token.time_created,
        "time_expires": token.time_expires,
    }
