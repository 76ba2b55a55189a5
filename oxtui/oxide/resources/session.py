"""The user of the token, the quota and the tokens."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TypeVar

from oxtui.oxide.calls import Call
from oxtui.oxide.channel import Channel
from oxtui.oxide.models.base import Model
from oxtui.oxide.models.session import (
    AccessToken,
    AuthSettings,
    CurrentUser,
    Group,
    Ping,
    Policy,
    Utilization,
)
from oxtui.oxide.names import segment
from oxtui.oxide.paging import WHOLE, items, pages
from oxtui.oxide.settle import Change, settle
from oxtui.oxide.timing import Kind

ModelT = TypeVar("ModelT", bound=Model)


class Session:
    """Calls about who is connected."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    async def ping(self) -> Ping:
        """Whether the rack answers; needs no valid token."""
        return await self._get(Ping, "ping", "reach", "the rack", "/v1/ping")

    async def me(self) -> CurrentUser:
        """The user and silo of the token.

        Raises:
            Unauthorized: The token is not accepted.
        """
        return await self._get(CurrentUser, "current_user_view", "read", "the user", "/v1/me")

    async def utilization(self) -> Utilization:
        """The quota of the silo and what is used of it."""
        path = "/v1/utilization"
        return await self._get(Utilization, "utilization_view", "read", "the quota", path)

    async def policy(self) -> Policy:
        """The roles given on the silo itself."""
        return await self._get(Policy, "policy_view", "read", "the silo's roles", "/v1/policy")

    async def auth_settings(self) -> AuthSettings:
        """How long tokens of the silo may live."""
        return await self._get(
            AuthSettings,
            "auth_settings_view",
            "read",
            "the silo's login settings",
            "/v1/auth-settings",
        )

    def groups(self) -> AsyncIterator[Group]:
        """The groups of the user, through which roles may come."""
        call = Call("current_user_groups", "list", "the user's groups", "GET", "/v1/me/groups")
        return items(pages(self._channel, call, Group, WHOLE))

    def access_tokens(self) -> AsyncIterator[AccessToken]:
        """The tokens of the user, without their secrets."""
        call = Call(
            "current_user_access_token_list", "list", "the tokens", "GET", "/v1/me/access-tokens"
        )
        return items(pages(self._channel, call, AccessToken, WHOLE))

    async def revoke_token(self, token_id: str) -> None:
        """Make a token useless, perhaps the one in use."""
        call = Call(
            "current_user_access_token_delete",
            "revoke",
            f"token {token_id}",
            "DELETE",
            f"/v1/me/access-tokens/{segment('token', token_id)}",
            Kind.DELETE,
        )

        async def send(attempt: int) -> bool:
            await self._channel.attempt(call, attempt)
            return True

        async def look() -> bool | None:
            return None if token_id in {token.id async for token in self.access_tokens()} else True

        await settle(Change(call.action, send, look), self._channel.timing)

    async def _get(
        self, model: type[ModelT], operation: str, verb: str, subject: str, path: str
    ) -> ModelT:
        call = Call(operation, verb, subject, "GET", path)
        return self._channel.decode(model, await self._channel.fetch(call), call)
