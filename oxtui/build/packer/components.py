"""Which components of a template oxtui has, and which are left to packer."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from oxtui.component.registry import COMPONENTS, NOT_YET, ComponentKind

if TYPE_CHECKING:
    from oxtui.template.hcl.source import SourceFile, Span
    from oxtui.template.hcl.tree.bodies import Block
    from oxtui.template.model import Template


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


@dataclass(frozen=True, slots=True)
class UsedComponent:
    """A component that a template names: `place` is `file:line`; one that is not built in needs packer."""

    kind: ComponentKind
    type: str
    place: str
    built_in: bool


def used_components(template: Template) -> list[UsedComponent]:
    """The components in the text of a template, each place once; nothing is evaluated.

    What `dynamic` blocks would make is not among them.
    """
    found = [
        UsedComponent(kind, name, place(file, span), name in COMPONENTS[kind])
        for kind, name, file, span in (*_in_hcl(template), *_in_legacy(template))
    ]
    return list(dict.fromkeys(found))


def place(file: SourceFile, span: Span) -> str:
    """`file:line`."""
    return f"{file.name}:{file.line_number(span.start)}"


_Named = tuple[ComponentKind, str, "SourceFile", "Span"]


def _in_hcl(template: Template) -> Iterator[_Named]:
    for data in template.data.values():
        yield "data source", data.key.type, data.file, data.block.header
    for source in template.sources.values():
        yield "builder", source.key.type, source.file, source.block.header
    for build in template.builds:
        cleanup = build.block.body.blocks_of("error-cleanup-provisioner")
        for block in (*build.provisioners(), *cleanup):
            yield from _labelled("provisioner", block, build.file)
        for chain in build.chains():
            for block in chain:
                yield from _labelled("post-processor", block, build.file)


def _labelled(kind: ComponentKind, block: Block, file: SourceFile) -> Iterator[_Named]:
    if block.labels:
        yield kind, block.labels[0].value, file, block.header


def _in_legacy(template: Template) -> Iterator[_Named]:
    legacy = template.legacy
    if legacy is None:
        return
    cleanup = [legacy.error_cleanup] if legacy.error_cleanup is not None else []
    for each in legacy.builders:
        yield "builder", each.type, legacy.file, each.span
    for each in (*legacy.provisioners, *cleanup):
        yield "provisioner", each.type, legacy.file, each.span
    for chain in legacy.post_processors:
        for each in chain:
            yield "post-processor", each.type, legacy.file, each.span
