"""Which components of a template oxtui has, and which are left to packer."""

from __future__ import annotations

import difflib
from collections.abc import Collection
from typing import TYPE_CHECKING, Final

from oxtui.component.registry import COMPONENTS, NOT_YET, ComponentKind

if TYPE_CHECKING:
    from oxtui.template.hcl.source import SourceFile, Span


def _named(text: str) -> frozenset[str]:
    return frozenset(text.split())


KNOWN: Final[dict[ComponentKind, frozenset[str]]] = {
    "builder": _named(
        "alicloud-ecs amazon-chroot amazon-ebs amazon-ebssurrogate amazon-ebsvolume amazon-instance "
        "azure-arm azure-chroot azure-dtl cloudstack digitalocean docker file googlecompute hcloud "
        "hyperv-iso hyperv-vmcx linode lxc lxd openstack parallels-iso parallels-pvm proxmox-clone "
        "proxmox-iso qemu scaleway tart-cli triton vagrant virtualbox-iso virtualbox-ovf virtualbox-vm "
        "vmware-iso vmware-vmx vsphere-clone vsphere-iso vultr"
    ),
    "communicator": frozenset(),
    "provisioner": _named(
        "ansible ansible-local azure-dtlartifact chef-client chef-solo converge goss inspec "
        "puppet-masterless puppet-server salt-masterless windows-update"
    ),
    "post-processor": _named(
        "alicloud-import amazon-import digitalocean-import docker-import docker-push docker-save "
        "docker-tag googlecompute-export googlecompute-import hcp-sbom vagrant vagrant-cloud "
        "vagrant-registry vsphere vsphere-template"
    ),
    "data source": _named(
        "amazon-ami amazon-parameterstore amazon-secretsmanager git-commit git-repository "
        "googlecompute-image hcp-packer-artifact hcp-packer-version"
    ),
}
"""Components of well-known plugins: never a slip of the pen."""


def is_foreign(kind: ComponentKind, name: str, plugins: Collection[str] = ()) -> bool:
    """Whether a component is one that oxtui does not have, rather than a misspelt one that it has.

    plugins: names in `required_plugins`; the names of a plugin's components begin with its own.
    """
    if name in COMPONENTS[kind]:
        return False
    if name in NOT_YET[kind] or name in KNOWN[kind]:
        return True
    if any(name == plugin or name.startswith(f"{plugin}-") for plugin in plugins):
        return True
    return not difflib.get_close_matches(name, COMPONENTS[kind], 1)


def place(file: SourceFile, span: Span) -> str:
    """`file:line`."""
    return f"{file.name}:{file.line_number(span.start)}"
