"""What the Outscale builders that work in a temporary VM share: its steps, and what those learn."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any, ClassVar

from oxtui.builders.outscale import capture, network, preflight, vm
from oxtui.builders.outscale.found import Found
from oxtui.builders.outscale.locator import locate
from oxtui.builders.outscale.memory import recall, remember
from oxtui.builders.outscale.names import clean_omi_name
from oxtui.builders.outscale.options.vm import VmOptions
from oxtui.communicators.ssh.communicator import SshCommunicator
from oxtui.communicators.ssh.key_ring import KeyRing
from oxtui.component.errors import StepError
from oxtui.component.events import PlanValue, StepPlan
from oxtui.component.protocols import BuilderSetting, Guest, Step, StepContext, Unfinished
from oxtui.component.resources import ResourceRecord
from oxtui.outscale.client import OutscaleClient
from oxtui.outscale.connection import Connection
from oxtui.template.legacy.interpolate import InterpolationError

BUILD_TAG = "oxtui:build"
"""Tag of everything that a build makes, with the session's id and the run's."""

Run = Callable[[Any, StepContext], Coroutine[Any, Any, None]]
"""A step: it is given the builder."""


class VmBuilder:
    """What builders that work in a temporary VM have in common: all up to the connected machine."""

    provider: ClassVar[str] = "outscale"
    makes_machine: ClassVar[bool] = True
    without_guest: ClassVar[str] = 'its communicator is "none". Give it one'
    disk: ClassVar[None] = None

    def __init__(self, options: VmOptions, setting: BuilderSetting) -> None:
        if setting.ssh_port and "ssh_port" not in options.model_fields_set:
            options = options.model_copy(update={"ssh_port": setting.ssh_port})
        self.options = options
        functions = {"clean_resource_name": clean_omi_name, "clean_omi_name": clean_omi_name}
        interpolation = setting.interpolation.with_functions(functions)
        self.setting = replace(setting, interpolation=interpolation)
        self.guest = Guest()
        self.private_key = ""
        self.ring = KeyRing(self.setting)
        self.found = Found()
        self.volumes: dict[str, int] = {}
        """The VM's volumes that are in the journal: their ids, and the numbers of their records."""
        self.ssh: SshCommunicator | None = None
        self._client: OutscaleClient | None = None
        self._stack = AsyncExitStack()

    @staticmethod
    def has_guest(options: VmOptions) -> bool:
        """Unless there is no communicator: then the VM is captured as it is."""
        return options.communicator != "none"

    async def client(self) -> OutscaleClient:
        """The connected client of the account.

        Raises:
            CredentialsError: no keys are given anywhere.
        """
        if self._client is None:
            explicit = self.options.connection_options()
            connecting = self.setting.connector.client(self.provider, explicit)
            client: OutscaleClient = await self._stack.enter_async_context(connecting)
            self._client = client
        return self._client

    @property
    def connection(self) -> Connection:
        """To the account.

        Raises:
            StepError: there is none yet.
        """
        if self._client is None:
            raise StepError("the account is not connected yet; retry the preflight step first")
        return self._client.connection

    @property
    def region(self) -> str:
        """Of the account."""
        return self.connection.region

    @property
    def source(self) -> str:
        """The source image; what user data makes of it on its first boot is not the image's alone."""
        image, options = self.found.source, self.options
        return (
            "" if image is None or options.user_data or options.user_data_file else image.image_id
        )

    @property
    def makes_image(self) -> bool:
        """Whether an image is what comes of it."""
        return False

    @property
    def keypair_name(self) -> str:
        """Name of the temporary key pair."""
        return self.options.temporary_key_pair_name or self.found.name

    @property
    def kept_devices(self) -> Sequence[str]:
        """Devices whose volumes the template asks for, so that they outlive the VM; never the root's."""
        root = self.found.source.root_device_name if self.found.source else ""
        mapped = (each.device_name for each in self.options.launch_devices)
        return [name for name in mapped if name != root]

    def owns(self, device: str) -> bool:
        """Whether the volume of a device goes with the build, unless it is handed over."""
        return device not in self.kept_devices

    @property
    def mark(self) -> str:
        """Description of the temporary security group of this run, and of no other."""
        return f"Temporary, made by an oxtui build (run {self.setting.run_id})"

    @property
    def build_tags(self) -> dict[str, str]:
        """Tags by which an operator finds everything of this build."""
        return {BUILD_TAG: f"{self.setting.run_uuid}/{self.setting.run_id}"}

    def render(self, text: str) -> str:
        """A text with what it names of region and source image.

        Raises:
            StepError: it names what there is not.
        """
        source = self.found.source
        known: dict[str, Any] = {"BuildRegion": self.region}
        if source is not None:
            known |= {
                "SourceOMI": source.image_id,
                "SourceOMIName": source.image_name,
                "SourceOMITags": dict(source.labels),
            }
        try:
            return self.setting.interpolation.render(text, **known)
        except InterpolationError as error:
            raise StepError(f'"{text}" cannot be evaluated: {error}') from None

    def rendered(self, tags: Mapping[str, str]) -> dict[str, str]:
        """Tags whose keys and values are evaluated."""
        return {self.render(key): self.render(value) for key, value in tags.items()}

    def locator(self, **known: str) -> dict[str, str]:
        """Where this build's resources are, for whoever has to find them without this process."""
        return locate(self.connection, self.found.account, **known)

    def values(self) -> Sequence[PlanValue]:
        """Account, source, place and names, as far as they are known."""
        found, options = self.found, self.options
        values = []
        if self._client is not None:
            connection = self._client.connection
            for name in ("region", "endpoint"):
                source = connection.source.get(name, "default")
                values.append(PlanValue(name=name, value=getattr(connection, name), source=source))
        if found.account:
            values.append(PlanValue(name="account", value=found.account, source="Outscale"))
        values.append(PlanValue(name="vm_type", value=options.vm_type, source="template"))
        if found.source is not None:
            text = f"{found.source.image_name} ({found.source.image_id})"
            values.append(PlanValue(name="source image", value=text, source="Outscale"))
        for name, value in (("subnet", found.subnet), ("subregion", found.subregion)):
            if value:
                values.append(PlanValue(name=name, value=value, source="Outscale"))
        if found.omi_name and self.makes_image:
            values.append(PlanValue(name="omi_name", value=found.omi_name, source="template"))
        return values

    async def check(self, client: OutscaleClient) -> None:
        """What a builder has to know of what it is to make, before anything is made.

        Raises:
            StepError: it cannot be made.
        """

    def before(self) -> Sequence[Step]:
        """From the source image to the connected VM."""
        options = self.options
        steps: list[tuple[str, str, Any, Run]] = [
            ("preflight", "preflight", "prepare", preflight.preflight)
        ]
        if options.needs_temporary_key:
            steps.append(("key-pair", "key pair", "prepare", vm.make_key))
        if options.associate_public_ip_address:
            steps.append(("public-ip", "public IP", "prepare", network.make_public_ip))
        if self.has_guest(options) and not options.names_security_groups:
            steps.append(("security-group", "security group", "prepare", network.make_group))
        steps.append(("vm", "VM", "prepare", vm.make_vm))
        if self.has_guest(options):
            steps.append(("connect", "connect", "connect", vm.connect))
        return [self.step(*each, keeps_machine=each[0] in ("vm", "connect")) for each in steps]

    def after(self) -> Sequence[Step]:
        """From the provisioned VM to what is made of it."""
        return []

    def stopping(self) -> list[tuple[str, str, Any, Run]]:
        """The steps from the provisioned VM to the stopped one."""
        options = self.options
        steps: list[tuple[str, str, Any, Run]] = []
        if self.has_guest(options) and not options.disable_stop_vm:
            steps.append(("sync", "sync", "seal", capture.sync))
        return [*steps, ("stop", "stop", "seal", capture.stop)]

    def clearing(self) -> list[tuple[str, str, Any, Run]]:
        """The step that takes the temporary key out of the guest, where that was asked for."""
        if self.options.ssh_clear_authorized_keys and self.options.needs_temporary_key:
            return [("clear-keys", "clear keys", "seal", capture.clear_keys)]
        return []

    def step(self, id: str, title: str, kind: Any, run: Run, *, keeps_machine: bool) -> Step:  # noqa: A002
        """A step of the plan; `run` is given this builder."""
        plan = StepPlan(id=id, kind=kind, title=title)
        return Step(plan, lambda context: run(self, context), keeps_machine=keeps_machine)

    def remember(self) -> Mapping[str, Any]:
        """What the steps have learned."""
        return remember(self)

    async def recall(self, before: Unfinished, context: StepContext) -> Mapping[str, str]:
        """Looks at what Outscale has, how far the build really is."""
        return await recall(self, before, context)

    def service(self, record: ResourceRecord) -> OutscaleClient | None:
        """The client of this build's account."""
        return self._client

    async def disconnect(self) -> None:
        """Ends the SSH connection."""
        ssh, self.ssh, self.guest.communicator = self.ssh, None, None
        if ssh is not None:
            await ssh.close()

    async def close(self) -> None:
        """Ends the connection to the API."""
        self._client = None
        await self._stack.aclose()
