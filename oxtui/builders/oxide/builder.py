"""The oxide-instance builder: which steps it has, and what they share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from oxtui.builders.boot.watch import BootWatch
from oxtui.builders.oxide import capture, machine, memory, promotion
from oxtui.builders.oxide.disk import OxideDisk
from oxtui.builders.oxide.locator import locate
from oxtui.builders.oxide.names import plain_name
from oxtui.builders.oxide.options import OxideInstanceOptions
from oxtui.builders.oxide.snapshot_reader import OxideSnapshotReader
from oxtui.communicators.ssh.communicator import SshCommunicator
from oxtui.communicators.ssh.host_keys import PrintedHostKeys
from oxtui.communicators.ssh.key_ring import KeyRing
from oxtui.component.events import PlanValue, StepPlan
from oxtui.component.post_processing import Artifact
from oxtui.component.protocols import BuilderSetting, Guest, Step, StepContext, Unfinished
from oxtui.component.resources import ResourceRecord
from oxtui.oxide.addressing import Addressing
from oxtui.oxide.client import OxideClient
from oxtui.oxide.credentials import Connection
from oxtui.oxide.models.image import Image

BUILDER_ID = "oxide.instance"


@dataclass(slots=True)
class Found:
    """What the steps learn of the rack, one after another."""

    source: Image | None = None
    addressing: Addressing | None = None
    """How the instance is reached."""
    project: str = ""
    """Id of the project."""
    silo: str = ""
    user: str = ""
    """Id of the user."""
    vpc: str = ""
    subnet: str = ""
    instance_name: str = ""
    artifact_name: str = ""
    artifact_version: str = ""
    artifact_os: str = ""
    artifact_description: str = ""
    disk_size: int = 0
    disks: Sequence[str] = ()
    """Names of disks that the instance has beside its boot disk, and that are there before it."""
    key_id: str = ""
    public_key: str = ""
    """Of the temporary key pair."""
    instance_id: str = ""
    boot_disk_id: str = ""
    disk_name: str = ""
    """Of the boot disk; it has the first instance's name, and may have outlived that one."""
    written_at: float = 0.0
    """When the guest last had all on its disk, in Unix seconds; 0.0 if that is not known."""
    outlived: tuple[str, ...] = ()
    """Kinds of what goes before the next instance is made."""
    machines: int = 1
    """How many instances there were, so that each has a name of its own."""
    address: str = ""
    snapshot_id: str = ""
    snapshot_record: int = 0
    """Number under which the recorder knows the snapshot."""
    hostname: str = ""
    """Of the guest where the template names none, once there was more than one instance."""
    key_comments: tuple[str, ...] = ()
    """Of the temporary keys that authorized_keys holds, this run's first."""
    replaced: str = ""
    """Id of the image that was deleted for the new one; the snapshot is held until that exists."""
    image: Image | None = None
    console_offset: int = 0
    """How much of the serial console is in the log."""


class OxideInstanceBuilder:
    """Makes an instance from an image, lets provisioners at it, captures it as a new image."""

    Options: ClassVar[type[OxideInstanceOptions]] = OxideInstanceOptions
    provider: ClassVar[str] = "oxide"
    makes_machine: ClassVar[bool] = True
    without_artifact: ClassVar[str] = "No image was made, as skip_create_image asks."
    without_guest: ClassVar[str] = 'its communicator is "none". Give it one'
    without_snapshot: ClassVar[str] = "skip_create_image asks for no image. Leave that out"

    def __init__(self, options: OxideInstanceOptions, setting: BuilderSetting) -> None:
        if setting.ssh_port and "ssh_port" not in options.model_fields_set:
            options = options.model_copy(update={"ssh_port": setting.ssh_port})
        self.options = options
        interpolation = setting.interpolation.with_functions({"clean_resource_name": plain_name})
        self.setting = replace(setting, interpolation=interpolation)
        self.guest = Guest()
        self.private_key = ""
        self.ring = KeyRing(self.setting)
        self.printed = PrintedHostKeys()
        """What the instance's console said of its host keys."""
        self.boot = BootWatch()
        """What the instance's console said of a boot that fails."""
        self.found = Found()
        self.disk = OxideDisk(self)
        self.snapshot = OxideSnapshotReader(self)
        self.ssh: SshCommunicator | None = None
        self.follows_console = False
        self._client: OxideClient | None = None
        self._stack = AsyncExitStack()

    @staticmethod
    def has_guest(options: OxideInstanceOptions) -> bool:
        """Unless there is no communicator: then the instance is captured as it is."""
        return options.communicator != "none"

    @staticmethod
    def has_snapshot(options: OxideInstanceOptions) -> bool:
        """Unless no image is made: a snapshot is on the way to it."""
        return not options.skip_create_image

    async def client(self) -> OxideClient:
        """The connected client of the rack.

        Raises:
            CredentialsError: no rack is named anywhere, or contradictorily.
        """
        if self._client is None:
            explicit = self.options.connection_options()
            connecting = self.setting.connector.client(self.provider, explicit)
            client: OxideClient = await self._stack.enter_async_context(connecting)
            self._client = client
        return self._client

    @property
    def connection(self) -> Connection | None:
        """To the rack, once there is one."""
        return None if self._client is None else self._client.connection

    @property
    def source(self) -> str:
        """The source image; what user data makes of it on its first boot is not the image's alone."""
        image = self.found.source
        return "" if image is None or self.options.user_data else image.id

    def values(self) -> Sequence[PlanValue]:
        """Rack, source and names, as far as they are known."""
        found = self.found
        values = []
        if self._client is not None:
            connection = self._client.connection
            values += [
                PlanValue(name="host", value=connection.host, source=connection.source["host"]),
                PlanValue(name="silo", value=found.silo, source="rack"),
            ]
        options = self.options
        for name in ("project", "boot_disk_image_id", "cpus", "memory", "vpc", "subnet"):
            values.append(self._value(name, str(getattr(options, name))))
        if found.source is not None:
            text = f"{found.source.name} ({found.source.id})"
            values.append(PlanValue(name="source image", value=text, source="rack"))
            values.append(self._value("boot_disk_size", str(found.disk_size)))
            if not options.skip_create_image:
                values.append(self._value("artifact_name", found.artifact_name))
                if self.setting.promote:
                    source = self.setting.promote
                    values.append(PlanValue(name="promote", value="to the silo", source=source))
        if found.addressing is not None and found.addressing.is_ipv6:
            values.append(self._value("ip_pool", f"{found.addressing.pool.name} (IPv6)"))
        return values

    def _value(self, name: str, value: str) -> PlanValue:
        given = name in self.options.model_fields_set
        return PlanValue(name=name, value=value, source="template" if given else "default")

    def before(self) -> Sequence[Step]:
        """From the source image to the connected instance."""
        steps = [
            Step(_plan("preflight", "prepare", "preflight"), lambda c: machine.preflight(self, c)),
        ]
        if self.options.needs_temporary_key:
            steps.append(
                Step(_plan("ssh-key", "prepare", "ssh key"), lambda c: machine.make_key(self, c))
            )
        connect = Step(
            _plan("connect", "connect", "connect"),
            lambda c: machine.connect(self, c),
            keeps_machine=True,
        )
        return [
            *steps,
            Step(
                _plan("instance", "prepare", "instance"),
                lambda c: machine.make_instance(self, c),
                keeps_machine=True,
            ),
            *([connect] if self.has_guest(self.options) else []),
        ]

    def after(self) -> Sequence[Step]:
        """From the provisioned instance to the image."""
        steps = []
        if self.options.ssh_clear_authorized_keys and self.options.needs_temporary_key:
            steps.append(("clear-keys", "clear keys", capture.clear_keys))
        if not self.options.skip_create_image:
            if self.has_guest(self.options):
                steps.append(("sync", "sync", capture.sync))
            steps += [
                ("stop", "stop", capture.stop),
                ("snapshot", "snapshot", capture.snapshot),
                ("image", "image", capture.image),
            ]
            if self.setting.promote:
                steps.append(("promote", "promote image", promotion.promote))
        kinds: dict[str, Any] = {
            "snapshot": "capture",
            "image": "capture",
            "promote": "post-process",
        }
        return [
            Step(
                _plan(step, kinds.get(step, "seal"), title),
                lambda context, run=run: run(self, context),  # type: ignore[misc]
                keeps_machine=True,
            )
            for step, title, run in steps
        ]

    def result(self) -> Artifact | None:
        """The new image, once it is made."""
        image = self.found.image
        if image is None or self.found.source is None:
            return None
        fields = {
            **({} if image.is_silo_image else {"project": self.options.project}),
            "source_image_id": self.found.source.id,
            "size": str(image.size),
            "os": image.os,
            "version": image.version,
        }
        return Artifact(
            BUILDER_ID, image.id, image.name, name=image.name, fields=tuple(fields.items()),
            stays=True,
        )  # fmt: skip

    def remember(self) -> Mapping[str, Any]:
        """What the steps have learned."""
        return memory.remember(self)

    async def recall(self, before: Unfinished, context: StepContext) -> Mapping[str, str]:
        """Looks on the rack how far the build really is."""
        return await memory.recall(self, before, context)

    def service(self, record: ResourceRecord) -> OxideClient | None:
        """The client of this build's rack, for what is there."""
        return self._client if record.provider == self.provider else None

    async def hand_over(self) -> None:
        """An image is released as soon as it is made."""

    async def disconnect(self) -> None:
        """Ends the SSH connection."""
        ssh, self.ssh, self.guest.communicator = self.ssh, None, None
        if ssh is not None:
            await ssh.close()

    async def close(self) -> None:
        """Ends the connection to the rack."""
        self._client = None
        await self._stack.aclose()

    @property
    def mark(self) -> str:
        """Description of all temporary things of this run, and of no others."""
        return f"Temporary, made by an oxtui build (run {self.setting.run_id})."

    def locator(self, **known: str | int) -> dict[str, str]:
        """Where this build's resources are, for whoever has to find them without this process.

        `known` is what tells a resource from others of its name, and its cost, as of `locate`.
        """
        assert self._client is not None  # noqa: S101 - every step that creates has connected first
        found = self.found
        place: dict[str, Any] = {"project": found.project, **known}
        return locate(self._client.connection, found.silo, found.user, **place)


def _plan(step: str, kind: Any, title: str) -> StepPlan:
    return StepPlan(id=step, kind=kind, title=title)
