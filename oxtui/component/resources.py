"""Resource kinds: how a thing that a build made outside this process is found again and deleted.

The journal holds a record of each such thing from before it is asked for. Cleanup, sweep and resume
know nothing of racks: they read the record and ask its kind.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, cast

ResourcePhase = Literal["intended", "created", "deleted", "left"]
"""`intended`: may exist. `created`: exists. `left`: may exist, and one removal failed or was not
wanted. `deleted`: is gone, or was never made."""

Verdict = Literal["absent", "answered", "unknown"]
"""What a failed creation proves. `absent`: nothing was made. `answered`: the service is done with
the request, so one look settles it. `unknown`: the service may still be working on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceRecord:
    """One thing outside this process, as the journal knows it; times in Unix seconds."""

    number: int
    """In the journal, never used twice."""
    session: int
    build: str
    kind: str
    name: str
    id: str = ""
    """Empty until it is known."""
    locator: Mapping[str, str] = field(default_factory=dict)
    """Where it is (host, silo, project) and what tells it from one of the same name."""
    state: ResourcePhase = "intended"
    reason: str = ""
    """Why it was left."""
    kept: bool = False
    """It was left because the operator asked for it."""
    released: bool = False
    """It was handed to the operator as a result: cleanup and sweep leave it alone."""
    time: float
    """When it was intended."""

    @property
    def provider(self) -> str:
        """On whose service it is: the first part of its kind (`oxtui.component.providers`)."""
        return self.kind.partition(".")[0]


class ResourceKind(Protocol):
    """One kind of resource. Its methods may raise what the service raises."""

    @property
    def name(self) -> str:
        """`oxide.instance`; before the dot stands the provider of the service it is given."""
        ...

    @property
    def title(self) -> str:
        """As in a sentence: `instance`."""
        ...

    @property
    def order(self) -> int:
        """Rank of deletion: what has a lower one is deleted first."""
        ...

    @property
    def is_machine(self) -> bool:
        """One logs in to it: a private key that was kept for its build goes when it goes."""
        ...

    @property
    def at_once(self) -> bool:
        """What is not there once its maker is gone never will be: no service is still at work on it."""
        ...

    async def find(self, service: Any, record: ResourceRecord) -> str | None:
        """The id, by id where it is known, else by name; None if it certainly is not there."""
        ...

    async def delete(self, service: Any, record: ResourceRecord) -> bool:
        """Delete what has `record.id`, with what must be done first; False if it was gone already."""
        ...

    def verdict(self, error: BaseException) -> Verdict:
        """What an error of the creating call proves."""
        ...

    def command(self, record: ResourceRecord) -> str:
        """The shell command that removes it by hand."""
        ...

    def cost(self, record: ResourceRecord) -> str:
        """What it takes up as long as it exists; empty for nothing worth telling."""
        ...


Services = Callable[[ResourceRecord], Any]
"""The connected service (an API client) that holds a record's resource; None for none of those that are open."""

Connect = Callable[[ResourceRecord], AbstractAsyncContextManager[Any]]
"""Opens the service that holds a record's resource, and closes it."""

Kinds = Callable[[str], ResourceKind]
"""Resource kind by name."""

RESOURCE_KINDS: dict[str, str] = {
    "local.mount": "oxtui.builders.chroot.resources:MountKind",
    "local.loop_device": "oxtui.builders.chroot.resources:LoopDeviceKind",
    "local.file": "oxtui.builders.chroot.resources:FileKind",
    "local.directory": "oxtui.builders.chroot.resources:DirectoryKind",
    "oxide.image": "oxtui.builders.oxide.resources:ImageKind",
    "oxide.snapshot": "oxtui.builders.oxide.resources:SnapshotKind",
    "oxide.instance": "oxtui.builders.oxide.resources:InstanceKind",
    "oxide.disk": "oxtui.builders.oxide.resources:DiskKind",
    "oxide.ssh_key": "oxtui.builders.oxide.resources:SshKeyKind",
    "maas.image": "oxtui.postprocessors.maas.resource:MaasImageKind",
    "outscale.volume_link": "oxtui.builders.outscale.links:VolumeLinkKind",
    "outscale.image": "oxtui.builders.outscale.storage:ImageKind",
    "outscale.snapshot": "oxtui.builders.outscale.storage:SnapshotKind",
    "outscale.vm": "oxtui.builders.outscale.resources:VmKind",
    "outscale.volume": "oxtui.builders.outscale.storage:VolumeKind",
    "outscale.security_group": "oxtui.builders.outscale.resources:SecurityGroupKind",
    "outscale.public_ip": "oxtui.builders.outscale.resources:PublicIpKind",
    "outscale.keypair": "oxtui.builders.outscale.resources:KeypairKind",
}


class UnknownResourceKind(LookupError):
    """The journal was written by an oxtui that makes things this one does not know."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f'oxtui has no resource kind "{name}"; a newer oxtui wrote this journal. '
            "Use that one to remove the resource."
        )


def resource_kind(name: str) -> ResourceKind:
    """The kind of that name, loaded when it is first asked for.

    Raises:
        UnknownResourceKind: there is none.
    """
    if name not in RESOURCE_KINDS:
        raise UnknownResourceKind(name)
    return cast("ResourceKind", pkgutil.resolve_name(RESOURCE_KINDS[name])())


def title_of(name: str) -> str:
    """A kind as in a sentence: `security group`; of one that is not known, what its name says."""
    try:
        return resource_kind(name).title
    except UnknownResourceKind:
        return name.rpartition(".")[2].replace("_", " ")


def is_machine(name: str) -> bool:
    """Whether a kind is one that an operator logs in to; one that is not known is none."""
    try:
        return resource_kind(name).is_machine
    except UnknownResourceKind:
        return False


def deletion_order(record: ResourceRecord, kinds: Kinds) -> tuple[int, int]:
    """Sort key: by rank of the kind, then the reverse of creation."""
    try:
        return (kinds(record.kind).order, -record.number)
    except UnknownResourceKind:
        return (0, -record.number)


def settles_at_once(record: ResourceRecord, kinds: Kinds) -> bool:
    """Whether one look settles if it was made, however long ago that was asked for."""
    try:
        return kinds(record.kind).at_once
    except UnknownResourceKind:
        return False
