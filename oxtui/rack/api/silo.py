"""Ping, the user, the silo's policy, settings and utilization."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, Field

from oxtui.rack.login import MAX_TTL_SETTING
from oxtui.rack.rack import SILO_ID, SILO_NAME, TIME_FOUNDED, USER_ID, USER_NAME
from oxtui.rack.web.operation import Operation
from oxtui.rack.web.paging import Scan

if TYPE_CHECKING:
    from collections.abc import Iterable

    from oxtui.rack.rack import Rack
    from oxtui.rack.web.operation import Call


class IdScan(Scan):
    """The query of a list that sorts by id only."""

    sort_by: Literal["id_ascending"] = "id_ascending"


class AuthSettings(BaseModel):
    """The body of a change of the silo's settings."""

    device_token_max_ttl_seconds: Annotated[int, Field(ge=1, le=2**32 - 1)] | None


class SiloApi:
    """Operations on the silo as a whole."""

    def __init__(self, rack: Rack) -> None:
        self._rack = rack

    def operations(self) -> Iterable[Operation]:
        """Return the operations."""
        return (
            Operation("ping", "GET", "/v1/ping", self.ping, needs_login=False),
            Operation("current_user_view", "GET", "/v1/me", self.me),
            Operation("current_user_groups", "GET", "/v1/me/groups", self.groups),
            Operation("utilization_view", "GET", "/v1/utilization", self.utilization),
            Operation("policy_view", "GET", "/v1/policy", self.policy),
            Operation("auth_settings_view", "GET", "/v1/auth-settings", self.auth_settings),
            Operation(
                "auth_settings_update", "PUT", "/v1/auth-settings", self.update_auth_settings
            ),
        )

    async def ping(self, call: Call) -> dict[str, Any]:
        """Say that the rack is there."""
        return {"status": "ok"}

    async def me(self, call: Call) -> dict[str, Any]:
        """Show the user and the silo."""
        founded = self._rack.setting(TIME_FOUNDED)
        return {
            "id": self._rack.setting(USER_ID),
            "display_name": self._rack.setting(USER_NAME),
            "silo_id": self._rack.setting(SILO_ID),
            "silo_name": self._rack.setting(SILO_NAME),
            "fleet_viewer": False,
            "silo_admin": True,
            "time_created": founded,
            "time_modified": founded,
        }

    async def groups(self, call: Call) -> dict[str, Any]:
        """List the user's groups: there are none."""
        _, page = call.scan(IdScan)
        return page.render([])

    async def utilization(self, call: Call) -> dict[str, Any]:
        """Show quotas and their use."""
        quota = self._rack.quota
        return {"capacity": quota.capacity().view(), "provisioned": quota.provisioned().view()}

    async def policy(self, call: Call) -> dict[str, Any]:
        """Show who may do what in the silo."""
        return {
            "role_assignments": [
                {
                    "identity_type": "silo_user",
                    "identity_id": self._rack.setting(USER_ID),
                    "role_name": "admin",
                }
            ]
        }

    async def auth_settings(self, call: Call) -> dict[str, Any]:
        """Show the longest life of a token."""
        seconds = self._rack.store.setting(MAX_TTL_SETTING)
        return {
            "silo_id": self._rack.setting(SILO_ID),
            "device_token_max_ttl_seconds": None if seconds is None else int(seconds),
        }

    async def update_auth_settings(self, call: Call) -> dict[str, Any]:
        """Change the longest life of a token; null removes the limit."""
        seconds = call.body(AuthSettings).device_token_max_ttl_seconds
        self._rack.store.set_setting(MAX_TTL_SETTING, None if seconds is None else str(seconds))
        return await self.auth_settings(call)
