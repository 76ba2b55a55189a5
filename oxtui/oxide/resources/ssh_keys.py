"""Public SSH keys of the user."""

from __future__ import annotations

from oxtui.oxide.models.ssh_key import SshKey, SshKeyCreate
from oxtui.oxide.resources.collection import UserCollection


class SshKeys(UserCollection[SshKey]):
    """The keys of the user; no project contains them."""

    noun = "ssh-key"
    operation = "current_user_ssh_key"
    path = "/v1/me/ssh-keys"
    model = SshKey

    async def create(self, body: SshKeyCreate) -> SshKey:
        """Add a key."""
        return await self._create(body, body.name, {})

    async def delete(self, name_or_id: str) -> None:
        """Remove a key; instances that were made with it keep it."""
        await self._delete(name_or_id, {})
