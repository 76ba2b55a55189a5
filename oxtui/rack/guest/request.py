"""What the rack asks of its guest processes; the same records at both ends of the socket."""

from __future__ import annotations

import base64
import dataclasses
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, get_args

ModeKind = Literal["overlay", "chroot", "none"]
Namespace = Literal["host", "mapped", "single"]
Users = Literal["separate", "single"]


@dataclass(frozen=True, slots=True)
class Mode:
    """How instances are kept apart from the host.

    namespace: `host` (as real root, or no user namespace), `mapped` (a user namespace with a
    range of ids) or `single` (a user namespace in which the rack's user is the only one).
    users: `separate` when the login user and root are two users, `single` when they are one.
    """

    kind: ModeKind
    namespace: Namespace = "host"
    users: Users = "separate"

    @property
    def layered(self) -> bool:
        """Whether disks are stacks of layers (else one full tree a disk)."""
        return self.kind == "overlay"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a rack keeps its disks: an absolute folder, and the names below it."""

    disks: str

    def layer(self, layer: str) -> str:
        """Folder of one layer."""
        return f"{self.disks}/layers/{layer}"

    def raw(self, layer: str) -> str:
        """File of a layer that holds the bytes of a disk."""
        return f"{self.layer(layer)}/raw/disk.img"

    @property
    def tools(self) -> str:
        """Folder of the rack's own commands, a layer above the host's /usr."""
        return f"{self.disks}/tools"

    @property
    def programs(self) -> str:
        """Folder of the host's commands that were copied for instances without overlays."""
        return f"{self.disks}/programs"

    def run(self, instance: str) -> str:
        """Folder of a running instance."""
        return f"{self.disks}/run/{instance}"

    def sync_marks(self, mode: Mode, instance: str, layer: str) -> tuple[str, str]:
        """Files whose times say when an instance that writes to a layer started and synced last."""
        started = f"{self.run(instance)}/lock"
        if mode.layered:
            return started, f"{self.run(instance)}/shared/synced"
        return started, f"{self.layer(layer)}/root/run/oxtui/synced"


@dataclass(frozen=True, slots=True)
class Boot:
    """Start an instance. `stack` names layers, lowest first; the last one is written to."""

    mode: Mode
    place: Place
    stack: tuple[str, ...]
    instance: str
    hostname: str
    ssh_keys: tuple[str, ...]
    user_data: bytes
    cpus: int
    memory: int
    keep_unsynced: bool
    login_user: str = ""
    devices: tuple[tuple[str, str], ...] = ()
    """Further disks: a block device of the host, "" where it is none, and the serial number that the guest sees."""


@dataclass(frozen=True, slots=True)
class Probe:
    """Try whether a mode works here; `layer` names a scratch layer above the one of `base`."""

    mode: Mode
    place: Place
    base: str
    layer: str


@dataclass(frozen=True, slots=True)
class Install:
    """Write a base system into a layer."""

    mode: Mode
    place: Place
    base: str
    layer: str


@dataclass(frozen=True, slots=True)
class Tools:
    """Write the rack's own commands anew."""

    mode: Mode
    place: Place


@dataclass(frozen=True, slots=True)
class Copy:
    """Copy one layer to another; `instance` is the running one that writes to it, if any."""

    mode: Mode
    place: Place
    source: str
    target: str
    instance: str | None


@dataclass(frozen=True, slots=True)
class Merge:
    """Make one layer out of several, lowest first; `base` is the layer below them."""

    mode: Mode
    place: Place
    base: str
    sources: tuple[str, ...]
    target: str


@dataclass(frozen=True, slots=True)
class MakeImage:
    """Make a file system of `size` bytes of layers, lowest first, as a new file."""

    mode: Mode
    place: Place
    layers: tuple[str, ...]
    size: int
    file: str
    whole: bool = False
    """A disk: with a partition table, and a small userland where instances share the programs of the host."""


@dataclass(frozen=True, slots=True)
class Unpack:
    """Make a layer with the whole system that is on the bytes of a disk; those may be repaired."""

    mode: Mode
    place: Place
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Remove:
    """Delete layers."""

    mode: Mode
    place: Place
    layers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Settle:
    """Wait until the machines of an earlier rack on this state have ended; clear what they left."""

    mode: Mode
    place: Place


Request = Boot | Probe | Install | Tools | Copy | Merge | MakeImage | Unpack | Remove | Settle

_KINDS: dict[str, type[Request]] = {kind.__name__: kind for kind in get_args(Request)}


def encode(request: Request) -> bytes:
    """A request as JSON."""
    fields = dataclasses.asdict(request)
    if isinstance(request, Boot):
        fields["user_data"] = base64.b64encode(request.user_data).decode()
    return json.dumps({"request": type(request).__name__, **fields}).encode()


def decode(data: bytes) -> Request:
    """The request that `encode` wrote."""
    fields: dict[str, Any] = json.loads(data)
    kind: Callable[..., Request] = _KINDS[fields.pop("request")]
    fields["mode"] = Mode(**fields["mode"])
    fields["place"] = Place(**fields["place"])
    if kind is Boot:
        fields["user_data"] = base64.b64decode(fields["user_data"])
    return kind(
        **{
            name: tuple(value) if isinstance(value, list) else value
            for name, value in fields.items()
        }
    )
