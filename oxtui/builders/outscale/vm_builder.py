"""What builders on Outscale have in common: a temporary VM, the steps around it, and what they share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from oxtui.builders.outscale import network, preflight, seal, vm
from oxtui.builders.outscale.account_builder import AccountBuilder, Entry
from oxtui.builders.outscale.console import VmConsole
from oxtui.builders.outscale.disk import OutscaleDisk
from oxtui.builders.outscale.memory import recall, remember
from oxtui.builders.outscale.options.vm import VmOptions
from oxtui.communicators.ssh.communicator import SshCommunicator
from oxtui.communicators.ssh.key_ring import KeyRing
from oxtui.component.events import PlanValue
from oxtui.component.protocols import BuilderSetting, Step, StepContext, Unfinished


class VmBuilder(AccountBuilder):
    """Makes a VM from an image and lets provisioners at it; what is made of it in the end others say."""

    Options: ClassVar[type[VmOptions]]
    without_guest: ClassVar[str] = 'its communicator is "none". Give it one'
    options: VmOptions

    def __init__(self, options: Any, setting: BuilderSetting) -> None:
        if setting.ssh_port and "ssh_port" not in options.model_fields_set:
            options = options.model_copy(update={"ssh_port": setting.ssh_port})
        super().__init__(options, setting)
        self.ring = KeyRing(self.setting)
        self.volumes: set[str] = set()
        """Ids of the VM's volumes that are in the journal."""
        self.user_data = ""
        """In base64, as the API takes it; it may hold secrets, so no memory of the build does."""
        self.ssh: SshCommunicator | None = None
        self.disk = OutscaleDisk(self)
        self.console = VmConsole(self.setting)

    @staticmethod
    def has_guest(options: VmOptions) -> bool:
        """Unless there is no communicator: then the VM is captured as it is."""
        return options.communicator != "none"

    @property
    def source(self) -> str:
        """The source image; what user data makes of it on its first boot is not the image's alone."""
        image, options = self.found.source, self.options
        return (
            "" if image is None or options.user_data or options.user_data_file else image.image_id
        )

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

    def values(self) -> Sequence[PlanValue]:
        """With the type of the VM."""
        vm_type = PlanValue(name="vm_type", value=self.options.vm_type, source="template")
        return [*super().values(), vm_type]

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

    async def hand_over(self) -> None:
        """With the volumes that outlive the VM."""
        await super().hand_over()
        for number in self.found.kept_records:
            await self.setting.recorder.release(number)

    def remember(self) -> Mapping[str, Any]:
        """What the steps have learned."""
        return remember(self)

    async def recall(self, before: Unfinished, context: StepContext) -> Mapping[str, str]:
        """Looks at what Outscale has, how far the build really is."""
        return await recall(self, before, context)

    async def disconnect(self) -> None:
        """Ends the SSH connection."""
        ssh, self.ssh, self.guest.communicator = self.ssh, None, None
        if ssh is not None:
            await ssh.close()
