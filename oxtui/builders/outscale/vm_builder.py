"""What builders on Outscale have in common: a temporary VM, the steps around it, and what they share."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any, ClassVar

from oxtui.builders.outscale import network, preflight, seal, vm
from oxtui.builders.outscale.disk import OutscaleDisk
from oxtui.builders.outscale.found import Found
from oxtui.builders.outscale.locator import locate
from oxtui.builders.outscale.memory import recall, remember
from oxtui.builders.outscale.names import BUILD_TAG, clean_omi_name
from oxtui.builders.outscale.options.vm import VmOptions
from oxtui.communicators.ssh.communicator import SshCommunicator
from oxtui.communicators.ssh.key_ring import KeyRing
from oxtui.component.errors import StepError
from oxtui.component.events import PlanValue, StepPlan
from oxtui.component.post_processing import Artifact
from oxtui.component.protocols import BuilderSetting, Guest, Step, StepContext, Unfinished
from oxtui.component.resources import ResourceRecord
from oxtui.outscale.client import OutscaleClient
from oxtui.outscale.connection import Connection
from oxtui.template.legacy.interpolate import InterpolationError

Run = Callable[[Any, StepContext], Coroutine[Any, Any, None]]
Entry = tuple[str, str, Any, Run]
"""Id, title and kind of a step, and what it does."""


class VmBuilder:
    """Makes a VM from an image and lets provisioners at it; what is made of it in the end others say."""

    Options: ClassVar[type[VmOptions]]
    builder_id: ClassVar[str]
    """Of the artifact."""
    provider: ClassVar[str] = "outscale"
    makes_machine: ClassVar[bool] = True
    without_artifact: ClassVar[str]
    without_guest: ClassVar[str] = 'its communicator is "none". Give it one'
    options: VmOptions

    def __init__(self, options: Any, setting: BuilderSetting) -> None:
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
        self.volumes: set[str] = set()
        """Ids of the VM's volumes that are in the journal."""
        self.user_data = ""
        """In base64, as the API takes it; it may hold secrets, so no memory of the build does."""
        self.ssh: SshCommunicator | None = None
        self.disk = OutscaleDisk(self)
        self._client: OutscaleClient | None = None
        self._handed_over = False
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
        """An image is what it makes."""
        return False

    @property
    def machine_records(self) -> tuple[int, ...]:
        """Numbers under which the recorder knows the VM and what cannot go before it."""
        return (*self.found.vm_records, *self.found.reach_records)

    @property
    def keypair_name(self) -> str:
        """Name of the temporary key pair."""
        return self.options.temporary_key_pair_name or self.found.name

    @property
    def kept_devices(self) -> Sequence[str]:
        """Devices whose volumes outlive the VM when the build succeeds; never the root's."""
        root = self.found.source.root_device_name if self.found.source else ""
        return [name for name in self.options.kept_devices if name != root]

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
        return values

    def before(self) -> Sequence[Step]:
        """From the source image to the connected VM."""
        options = self.options
        steps: list[Entry] = [("preflight", "preflight", "prepare", preflight.preflight)]
        if options.needs_temporary_key:
            steps.append(("key-pair", "key pair", "prepare", vm.make_key))
        if options.associate_public_ip_address:
            steps.append(("public-ip", "public IP", "prepare", network.make_public_ip))
        if self.has_guest(options) and not options.names_security_groups:
            steps.append(("security-group", "security group", "prepare", network.make_group))
        steps += [("vm", "VM", "prepare", vm.make_vm), *self.beside_vm()]
        if self.has_guest(options):
            steps.append(("connect", "connect", "connect", vm.connect))
        return [self._step(*each, keeps_machine=each[0] in ("vm", "connect")) for each in steps]

    def after(self) -> Sequence[Step]:
        """From the provisioned VM to what is made of it."""
        options = self.options
        steps: list[Entry] = []
        if options.ssh_clear_authorized_keys and options.needs_temporary_key:
            steps.append(("clear-keys", "clear keys", "seal", seal.clear_keys))
        if captured := self.captured():
            if self.has_guest(options) and not options.disable_stop_vm:
                steps.append(("sync", "sync", "seal", seal.sync))
            steps += [("stop", "stop", "seal", seal.stop), *captured]
        return [self._step(*each, keeps_machine=True) for each in steps]

    def beside_vm(self) -> Sequence[Entry]:
        """What is done as soon as there is the VM."""
        return ()

    def captured(self) -> Sequence[Entry]:
        """What is made of the stopped VM; nothing if it need not be stopped."""
        return ()

    async def check(self, client: OutscaleClient) -> None:
        """Makes sure that nothing is in the way of what the build is to make.

        Raises:
            StepError: it cannot be made.
        """

    def _step(self, id: str, title: str, kind: Any, run: Run, *, keeps_machine: bool) -> Step:  # noqa: A002
        plan = StepPlan(id=id, kind=kind, title=title)
        return Step(plan, lambda context: run(self, context), keeps_machine=keeps_machine)

    @abstractmethod
    def result(self) -> Artifact | None:
        """What was made."""

    async def hand_over(self) -> None:
        """The result is the operator's from now on, and so are the volumes that outlive the VM."""
        self._handed_over = True
        for number in self.found.kept_records:
            await self.setting.recorder.release(number)

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
        """Ends the connection to the API; what was not handed over is deleted by now."""
        if not self._handed_over:
            self.found.image = None
            self.found.built = {}
        self._client = None
        await self._stack.aclose()
