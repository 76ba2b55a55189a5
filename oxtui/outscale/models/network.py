"""Nets, subnets, security groups, public IPs."""

from __future__ import annotations

from oxtui.outscale.models.base import Tagged


class Net(Tagged):
    """A Net."""

    ip_range: str = ""
    net_id: str = ""
    state: str = ""


class Subnet(Tagged):
    """A subnet of a Net."""

    available_ips_count: int = 0
    net_id: str = ""
    subnet_id: str = ""
    subregion_name: str = ""


class SecurityGroup(Tagged):
    """A security group."""

    description: str = ""
    net_id: str = ""
    security_group_id: str = ""
    security_group_name: str = ""


class PublicIp(Tagged):
    """A public IP."""

    link_public_ip_id: str = ""
    public_ip: str = ""
    public_ip_id: str = ""
    vm_id: str = ""
