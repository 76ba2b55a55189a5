"""Which plugin brings a type of component that stock Packer does not have itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

_HASHICORP: Final = "github.com/hashicorp"

_TYPES: Final[dict[str, str]] = {
    "alicloud": "alicloud-ecs alicloud-import",
    "amazon": "amazon-chroot amazon-ebs amazon-ebssurrogate amazon-ebsvolume amazon-instance amazon-import",
    "ansible": "ansible ansible-local",
    "azure": "azure-arm azure-chroot azure-dtl azure-dtlartifact",
    "chef": "chef-client chef-solo",
    "cloudstack": "cloudstack",
    "converge": "converge",
    "docker": "docker docker-import docker-push docker-save docker-tag",
    "googlecompute": "googlecompute googlecompute-export googlecompute-import",
    "hyperone": "hyperone",
    "hyperv": "hyperv-iso hyperv-vmcx",
    "inspec": "inspec",
    "jdcloud": "jdcloud",
    "lxc": "lxc",
    "lxd": "lxd",
    "oneandone": "oneandone",
    "openstack": "openstack",
    "oracle": "oracle-classic oracle-oci",
    "profitbricks": "profitbricks",
    "proxmox": "proxmox proxmox-clone proxmox-iso",
    "puppet": "puppet-masterless puppet-server",
    "qemu": "qemu",
    "salt": "salt-masterless",
    "tencentcloud": "tencentcloud-cvm",
    "triton": "triton",
    "ucloud": "ucloud-import ucloud-uhost",
    "vagrant": "vagrant vagrant-cloud",
    "virtualbox": "virtualbox-iso virtualbox-ovf virtualbox-vm",
    "vmware": "vmware-iso vmware-vmx",
    "vsphere": "vsphere vsphere-clone vsphere-iso vsphere-template",
    "github.com/digitalocean/digitalocean": "digitalocean digitalocean-import",
    "github.com/exoscale/exoscale": "exoscale-import",
    "github.com/hetznercloud/hcloud": "hcloud",
    "github.com/linode/linode": "linode",
    "github.com/navercloudplatform/ncloud": "ncloud",
    "github.com/outscale/outscale": "osc-bsu osc-bsusurrogate osc-bsuvolume osc-chroot",
    "github.com/oxidecomputer/oxide": "oxide-instance",
    "github.com/parallels/parallels": "parallels-iso parallels-ipsw parallels-pvm",
    "github.com/rgl/windows-update": "windows-update",
    "github.com/scaleway/scaleway": "scaleway",
    "github.com/vultr/vultr": "vultr",
    "github.com/yaleuniversity/goss": "goss",
    "github.com/yandex-cloud/yandex": "yandex yandex-export yandex-import",
}
"""By plugin, the types of its builders, provisioners and post-processors; one without a host is HashiCorp's."""

_PLUGINS: Final = {kind: plugin for plugin, kinds in _TYPES.items() for kind in kinds.split()}
_VERSIONS: Final = {"oxide": ">= 0.1.0"}
_ANY_VERSION: Final = ">= 1.0.0"
_EARLY: Final = frozenset(
    (
        "converge",
        "exoscale",
        "goss",
        "jdcloud",
        "ncloud",
        "scaleway",
        "tencentcloud",
        "windows-update",
        "yandex",
    )
)
"""Plugins that have, or long had, versions below 1 alone."""


def required_plugins(types: Iterable[str]) -> dict[str, dict[str, str]]:
    """The lines of `required_plugins` for types of components, by the plugins' names in order."""
    found: dict[str, dict[str, str]] = {}
    for kind in types:
        plugin = _PLUGINS.get(kind)
        if plugin is not None:
            source = plugin if "/" in plugin else f"{_HASHICORP}/{plugin}"
            name = source.rpartition("/")[2]
            early = ">= 0.0.1" if name in _EARLY else _ANY_VERSION
            found[name] = {"version": _VERSIONS.get(name, early), "source": source}
    return dict(sorted(found.items()))
