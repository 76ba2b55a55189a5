"""Which components there are: import strings by kind and type, so that each is loaded when it is used."""

from __future__ import annotations

import difflib
from importlib import import_module
from typing import Any, Literal

ComponentKind = Literal["builder", "communicator", "provisioner", "post-processor", "data source"]

COMPONENTS: dict[ComponentKind, dict[str, str]] = {
    "builder": {
        "oxide-instance": "oxtui.builders.oxide.builder:OxideInstanceBuilder",
        "chroot": "oxtui.builders.chroot.builder:LocalChrootBuilder",
        "outscale-bsu": "oxtui.builders.outscale.builder:OutscaleBsuBuilder",
        "outscale-bsusurrogate": "oxtui.builders.outscale.surrogate:OutscaleBsuSurrogateBuilder",
        "outscale-bsuvolume": "oxtui.builders.outscale.volume:OutscaleBsuVolumeBuilder",
        "outscale-chroot": "oxtui.builders.outscale.chroot:OutscaleChrootBuilder",
        "osc-bsu": "oxtui.builders.outscale.builder:OutscaleBsuBuilder",
        "osc-bsusurrogate": "oxtui.builders.outscale.surrogate:OutscaleBsuSurrogateBuilder",
        "osc-bsuvolume": "oxtui.builders.outscale.volume:OutscaleBsuVolumeBuilder",
        "osc-chroot": "oxtui.builders.outscale.chroot:OutscaleChrootBuilder",
        "null": "oxtui.builders.null.builder:NullBuilder",
        "file": "oxtui.builders.file.builder:FileBuilder",
    },
    "communicator": {
        "ssh": "oxtui.communicators.ssh.communicator:SshCommunicator",
        "chroot": "oxtui.communicators.chroot.communicator:ChrootCommunicator",
    },
    "provisioner": {
        "shell": "oxtui.provisioners.shell:ShellProvisioner",
        "file": "oxtui.provisioners.file:FileProvisioner",
        "shell-local": "oxtui.provisioners.shell_local:ShellLocalProvisioner",
        "breakpoint": "oxtui.provisioners.breakpoint:BreakpointProvisioner",
        "sleep": "oxtui.provisioners.sleep:SleepProvisioner",
    },
    "post-processor": {
        "manifest": "oxtui.postprocessors.manifest:ManifestPostProcessor",
        "checksum": "oxtui.postprocessors.checksum:ChecksumPostProcessor",
        "compress": "oxtui.postprocessors.compress:CompressPostProcessor",
        "artifice": "oxtui.postprocessors.artifice:ArtificePostProcessor",
        "shell-local": "oxtui.postprocessors.shell_local:ShellLocalPostProcessor",
        "oxtui-maas": "oxtui.postprocessors.maas.post_processor:MaasPostProcessor",
    },
    "data source": {
        "oxide-image": "oxtui.datasources.oxide_image:OxideImageDataSource",
        "outscale-omi": "oxtui.builders.outscale.data_source:OutscaleOmiDataSource",
        "http": "oxtui.datasources.http:HttpDataSource",
        "null": "oxtui.datasources.null:NullDataSource",
    },
}

OWN: dict[ComponentKind, dict[str, str]] = {
    "builder": {"chroot": "the template builds with oxtui alone"},
    "post-processor": {
        "oxtui-maas": "`oxtui export` writes it as steps that Packer can run, or comments it out"
    },
}
"""What no Packer has, nor any plugin of it; and what that means for who has Packer, as the end of a sentence."""

OLDER_TYPES: dict[ComponentKind, dict[str, str]] = {
    "builder": {
        "osc-bsu": "outscale-bsu",
        "osc-chroot": "outscale-chroot",
        "osc-bsusurrogate": "outscale-bsusurrogate",
        "osc-bsuvolume": "outscale-bsuvolume",
    }
}
"""Names that components had before, and those that they have now."""

NOT_YET: dict[ComponentKind, frozenset[str]] = {
    "builder": frozenset(),
    "communicator": frozenset(("winrm",)),
    "provisioner": frozenset(("hcp-sbom",)),
    "post-processor": frozenset(("provenance",)),
    "data source": frozenset(),
}
"""What Packer itself brings along and oxtui does not have yet: no slip of the pen."""

WITHOUT_WINRM: dict[ComponentKind, frozenset[str]] = {
    "provisioner": frozenset(("powershell", "windows-shell", "windows-restart")),
}
"""What works in Windows alone, and is refused for that."""


class UnknownComponent(LookupError):
    """A template names a component that oxtui does not have."""

    def __init__(self, kind: ComponentKind, name: str) -> None:
        self.kind = kind
        self.name = name
        known = sorted(COMPONENTS[kind].keys() - OLDER_TYPES.get(kind, {}).keys())
        own = name in NOT_YET[kind]
        near = [] if own else difflib.get_close_matches(name, known, 1)
        if name in WITHOUT_WINRM.get(kind, ()):
            super().__init__(
                f'The {kind} "{name}" works in Windows over WinRM, and oxtui reaches guests over SSH '
                "alone. For a guest with SSH use shell; where only packer has the builder, the installed "
                "packer runs the template."
            )
            return
        hint = f'Did you mean "{near[0]}"?' if near else f"It has: {', '.join(known) or 'none'}."
        yet = " yet, though Packer does" if own else ""
        super().__init__(f'oxtui has no {kind} "{name}"{yet}. {hint}')


def unknown_to_packer(kind: ComponentKind, name: str) -> str:
    """Why Packer refuses a template with that component, in a sentence; empty of all that it has or may have."""
    so = OWN.get(kind, {}).get(name)
    return "" if so is None else f'Packer has no {kind} "{name}", which is oxtui\'s own: {so}.'


def component(kind: ComponentKind, name: str) -> Any:
    """The class of a component.

    Raises:
        UnknownComponent: there is none of that name.
    """
    try:
        module, _, attribute = COMPONENTS[kind][name].partition(":")
    except KeyError:
        raise UnknownComponent(kind, name) from None
    return getattr(import_module(module), attribute)
