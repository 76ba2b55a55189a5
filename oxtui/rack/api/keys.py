"""SSH public keys of the user."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from oxtui.rack.api.identity import identity
from oxtui.rack.parameters.common import Created
from oxtui.rack.rack import USER_ID
from oxtui.rack.store.records import SshKey
from oxtui.rack.store.unique import unique_name
from oxtui.rack.web import errors
from oxtui.rack.web.operation import Operation
from oxtui.rack.web.paging import Scan

if TYPE_CHECKING:
    from collections.abc import Iterable

    from oxtui.rack.rack import Rack
    from oxtui.rack.web.operation import Call

# The database's column is VARCHAR(1023); the control plane finds out when it inserts.
_LONGEST_KEY = 1023


class SshKeyCreate(Created):
    """The body of a key's create."""

    public_key: str


class SshKeyApi:
    """Operations on SSH keys."""

    def __init__(self, rack: Rack) -> None:
        self._rack = rack

    def operations(self) -> Iterable[Operation]:
        """Return the operations."""
        keys = "/v1/me/ssh-keys"
        return (
            Operation("current_user_ssh_key_list", "GET", keys, self.list),
            Operation("current_user_ssh_key_create", "POST", keys, self.create, status=201),
            Operation("current_user_ssh_key_view", "GET", keys + "/{ssh_key}", self.view),
            Operation(
                "current_user_ssh_key_delete",
                "DELETE",
                keys + "/{ssh_key}",
                self.delete,
                status=204,
            ),
        )

    async def list(self, call: Call) -> dict[str, Any]:
        """List the user's keys."""
        _, page = call.scan(Scan)
        return page.of(self._rack.store.ssh_keys, ssh_key_view)

    async def create(self, call: Call) -> dict[str, Any]:
        """Keep a key; its text is not looked into."""
        request = call.body(SshKeyCreate)
        if len(request.public_key) > _LONGEST_KEY:
            raise errors.internal()
        key = SshKey(
            **request.identity(self._rack.clock),
            silo_user_id=self._rack.setting(USER_ID),
            public_key=request.public_key,
        )
        with unique_name("ssh-key", key.name):
            self._rack.store.ssh_keys.insert(key)
        return ssh_key_view(key)

    async def view(self, call: Call) -> dict[str, Any]:
        """Show a key."""
        return ssh_key_view(self._rack.lookup.ssh_key(call.name_or_id("ssh_key")))

    async def delete(self, call: Call) -> None:
        """Forget a key; instances that have it keep it."""
        key = self._rack.lookup.ssh_key(call.name_or_id("ssh_key"))
        self._rack.store.ssh_keys.delete(id=key.id)


def ssh_key_view(key: SshKey) -> dict[str, Any]:
    """Return the API's view of a key."""
    return {
        **identity(key),
        "silo_user_id": key.silo_user_id,
        "public_key": key.public_key,
    }
