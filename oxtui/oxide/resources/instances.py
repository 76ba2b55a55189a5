"""Instances and what belongs to them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from oxtui.oxide.calls import Call
from oxtui.oxide.models.base import ResultsPage
from oxtui.oxide.models.disk import Disk
from oxtui.oxide.models.instance import ExternalIp, Instance, InstanceState, SerialHistory
from oxtui.oxide.models.instance_create import InstanceCreate
from oxtui.oxide.models.ssh_key import SshKey
from oxtui.oxide.names import named
from oxtui.oxide.paging import WHOLE, items, pages
from oxtui.oxide.resources.collection import Items, ProjectCollection
from oxtui.oxide.timing import Kind

if TYPE_CHECKING:
    from oxtui.oxide.serial import SerialStream

STREAM_BACKLOG = 262_144
"""Bytes of earlier output that a stream begins with, as the web console and the CLI ask for."""

_ON_THE_WAY_UP = frozenset({InstanceState.STARTING, InstanceState.RUNNING, InstanceState.MIGRATING})
_ON_THE_WAY_DOWN = frozenset({InstanceState.STOPPING, InstanceState.STOPPED})
_REBOOTING = frozenset({InstanceState.REBOOTING})


class Instances(ProjectCollection[Instance]):
    """The instances of a project."""

    noun = "instance"
    operation = "instance"
    path = "/v1/instances"
    model = Instance

    async def create(self, body: InstanceCreate, project: str) -> Instance:
        """Make an instance, all or nothing. That its start failed shows only in the run state."""
        return await self._create(body, body.name, {"project": project})

    async def delete(self, name_or_id: str, project: str | None = None) -> None:
        """Delete a stopped or failed instance; its disks stay, detached."""
        await self._delete(name_or_id, self._parents(name_or_id, project))

    async def start(self, name_or_id: str, project: str | None = None) -> Instance:
        """Ask for a start; poll the run state."""
        return await self._set_state("start", name_or_id, project, _ON_THE_WAY_UP)

    async def stop(self, name_or_id: str, project: str | None = None) -> Instance:
        """Ask for a stop; poll the run state, a guest may take minutes."""
        return await self._set_state("stop", name_or_id, project, _ON_THE_WAY_DOWN)

    async def reboot(self, name_or_id: str, project: str | None = None) -> Instance:
        """Ask for a reboot; after a lost answer it is not repeated."""
        return await self._set_state("reboot", name_or_id, project, _REBOOTING)

    async def external_ips(self, name_or_id: str, project: str | None = None) -> Items[ExternalIp]:
        """All external addresses, among them the `snat` one that nobody can connect to.

        The API shows a page of results but never has a second one.
        """
        call = self._part(
            "external_ip_list",
            "list the external addresses of",
            name_or_id,
            project,
            "/external-ips",
        )
        response = await self._channel.fetch(call)
        return self._channel.decode(ResultsPage[ExternalIp], response, call).items

    def disks(self, name_or_id: str, project: str | None = None) -> AsyncIterator[Disk]:
        """The disks that are attached to it."""
        call = self._part("disk_list", "list the disks of", name_or_id, project, "/disks")
        return items(pages(self._channel, call, Disk, WHOLE))

    def ssh_public_keys(self, name_or_id: str, project: str | None = None) -> AsyncIterator[SshKey]:
        """The keys that it was given when it was created."""
        call = self._part(
            "ssh_public_key_list", "list the keys of", name_or_id, project, "/ssh-public-keys"
        )
        return items(pages(self._channel, call, SshKey, WHOLE))

    async def serial_history(
        self,
        name_or_id: str,
        project: str | None = None,
        *,
        from_start: int | None = None,
        most_recent: int | None = None,
        max_bytes: int | None = None,
    ) -> SerialHistory:
        """Output of the serial console, for an instance that runs.

        Exactly one of the two places is given; both count bytes. To follow, ask again with
        `from_start` at the `last_byte_offset` of the answer.

        Args:
            name_or_id: The instance.
            project: Needed with a name.
            from_start: Where to begin, from the start of the instance. The rack keeps the first
                and the latest MiB.
            most_recent: Where to begin, back from the end.
            max_bytes: Most bytes of the answer; the rack's default is 16 KiB.

        Raises:
            InvalidRequest: The instance has no console in its state.
        """
        if (from_start is None) == (most_recent is None):
            raise ValueError("give one of from_start and most_recent")
        call = self._part(
            "serial_console", "read the console of", name_or_id, project, "/serial-console"
        )
        window = {"from_start": from_start, "most_recent": most_recent, "max_bytes": max_bytes}
        given = {name: str(value) for name, value in window.items() if value is not None}
        call = replace(call, params={**call.params, **given})
        return self._channel.decode(SerialHistory, await self._channel.fetch(call), call)

    @asynccontextmanager
    async def serial_stream(
        self, name_or_id: str, project: str | None = None, *, most_recent: int = STREAM_BACKLOG
    ) -> AsyncIterator[SerialStream]:
        """The live serial console, both ways, beginning with the last `most_recent` bytes.

        Raises:
            ApiError: The token or the instance is wrong; it is read first, because the upgrade to
                a stream happens before the rack checks anything.
            SerialClosed: The rack refused or ended the stream; while sending or reading too.
        """
        from oxtui.oxide.serial import open_stream  # websockets, which most commands do not need

        instance = await self.view(name_or_id, project)
        path = f"{self.path}/{instance.id}/serial-console/stream?most_recent={most_recent}"
        async with open_stream(self._channel, path, named(self.noun, name_or_id)) as stream:
            yield stream

    def _part(
        self, suffix: str, verb: str, name_or_id: str, project: str | None, action: str
    ) -> Call:
        parents = self._parents(name_or_id, project)
        return self._call(suffix, verb, "GET", name_or_id, parents, action=action)

    async def _set_state(
        self, verb: str, name_or_id: str, project: str | None, after: frozenset[InstanceState]
    ) -> Instance:
        call = self._call(
            verb,
            verb,
            "POST",
            name_or_id,
            self._parents(name_or_id, project),
            Kind.CHANGE,
            action=f"/{verb}",
        )
        return await self._change(
            call, name_or_id, lambda view: view.run_state in after, repeatable=verb != "reboot"
        )

    def _is_settled(self, resource: Instance) -> bool:
        return resource.run_state != InstanceState.CREATING
