"""The null builder: provisioners run on a machine that is there already, or on none (packer.md 1.4, 4)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar

from oxtui.builders.null.options import NullOptions
from oxtui.component.build_values import machine_values
from oxtui.component.events import AddressKnown, PlanValue, StepPlan
from oxtui.component.post_processing import Artifact
from oxtui.component.protocols import BuilderSetting, Guest, Step, StepContext, Unfinished
from oxtui.component.resources import ResourceRecord
from oxtui.template.resolve.context import unknown_build

if TYPE_CHECKING:
    from oxtui.communicators.ssh.communicator import SshCommunicator
    from oxtui.communicators.ssh.key_ring import KeyRing

IDENTIFIER = "Null"
"""`build.ID`, as Packer has it."""
BUILDER_ID = "fnoeding.null"
EXPORTED = "Did not export anything. This is the null builder"
_PLANNED = ("communicator", "ssh_host", "ssh_port", "ssh_username")


class NullBuilder:
    """Makes nothing and captures nothing: no rack and no credentials are needed."""

    Options: ClassVar[type[NullOptions]] = NullOptions
    provider: ClassVar[str] = ""
    makes_machine: ClassVar[bool] = False
    without_artifact: ClassVar[str] = EXPORTED
    disk: ClassVar[None] = None
    snapshot: ClassVar[None] = None
    without_snapshot: ClassVar[str] = "this builder makes no machine. Take one that does"
    without_guest: ClassVar[str] = 'its communicator is "none". Give it one'

    def __init__(self, options: NullOptions, setting: BuilderSetting) -> None:
        self.options = options
        self.setting = setting
        self.private_key = ""
        self.source = ""
        self._ring: KeyRing | None = None
        self._ssh: SshCommunicator | None = None
        known = machine_values(IDENTIFIER, setting.run_uuid)
        self.guest = Guest(values={**unknown_build(), **known})

    @staticmethod
    def has_guest(options: NullOptions) -> bool:
        """Unless there is no communicator."""
        return options.communicator != "none"

    @staticmethod
    def has_snapshot(options: NullOptions) -> bool:
        """Never."""
        return False

    def values(self) -> Sequence[PlanValue]:
        """How the machine is reached."""
        names = _PLANNED if self.has_guest(self.options) else _PLANNED[:1]
        given = self.options.model_fields_set
        return [
            PlanValue(
                name=name,
                value=str(getattr(self.options, name)),
                source="template" if name in given else "default",
            )
            for name in names
        ]

    def before(self) -> Sequence[Step]:
        """The login, where there is a machine."""
        if not self.has_guest(self.options):
            return []
        return [Step(StepPlan(id="connect", kind="connect", title="connect"), self._connect)]

    async def _connect(self, context: StepContext) -> None:
        """Logs in.

        Raises:
            StepError: the private key cannot be used.
            ConnectError: it did not work in time.
        """
        # SSH takes a fifth of a second to import, and who only plans or validates needs none.
        await asyncio.to_thread(import_module, "oxtui.communicators.ssh.log_in")
        from oxtui.communicators.ssh.key_ring import KeyRing
        from oxtui.communicators.ssh.log_in import log_in, login_values
        from oxtui.communicators.ssh.target import Target

        options = self.options
        await self.disconnect()
        self._ring = self._ring or KeyRing(self.setting)
        # Packer's users write an IPv6 address in brackets: it puts the port behind the text.
        host = options.ssh_host.strip("[]")
        target = Target(host, options, look_at="the log of its SSH server")
        self._ssh = self.guest.communicator = await log_in(
            target, self._ring, self.setting, context
        )
        self.guest.values |= login_values(target)
        context.emit(
            AddressKnown(
                time=context.now(), build=context.build, address=host,
                port=options.ssh_port, user=options.ssh_username,
            )
        )  # fmt: skip

    def after(self) -> Sequence[Step]:
        """Nothing is captured."""
        return []

    def result(self) -> Artifact:
        """A word for the summary, as Packer's: there is nothing."""
        return Artifact(BUILDER_ID, IDENTIFIER, EXPORTED)

    def remember(self) -> Mapping[str, Any]:
        """The machine is another's, and the template says how it is reached."""
        return {}

    async def recall(self, before: Unfinished, context: StepContext) -> Mapping[str, str]:
        """The login is made again where a step needs it."""
        return {} if before.needs_guest else {"connect": ""}

    def service(self, record: ResourceRecord) -> None:
        """Nothing is made, so nothing holds it."""

    async def hand_over(self) -> None:
        """Nothing was made."""

    async def disconnect(self) -> None:
        """Ends the SSH connection."""
        ssh, self._ssh, self.guest.communicator = self._ssh, None, None
        if ssh is not None:
            await ssh.close()

    async def close(self) -> None:
        """There is no service."""
