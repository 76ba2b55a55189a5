"""At which address a VM is reached."""

from __future__ import annotations

from oxtui.outscale.models.vm import Vm


def address_of(vm: Vm, interface: str) -> str | None:
    """The address that `ssh_interface` names; without it the public IP, else what else leads to the VM.

    None where the VM does not have it yet.
    """
    by_name = {
        "public_ip": vm.public_ip,
        "private_ip": vm.private_ip,
        "public_dns": vm.public_dns_name,
        "private_dns": vm.private_dns_name,
    }
    if interface:
        return by_name[interface] or None
    if vm.net_id:
        return vm.public_ip or vm.private_ip or None
    return vm.public_dns_name or vm.public_ip or None
