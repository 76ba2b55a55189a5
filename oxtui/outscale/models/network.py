"""Nets, subnets, security groups, public IPs."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from oxtui.outscale.models.base import Model, Tagged


class Net(Tagged):
    """A Net."""

    id_field: ClassVar[str] = "net_id"

    ip_range: str = ""
    net_id: str = ""
    state: str = ""
    tenancy: str = ""


class Subnet(Tagged):
    """A subnet of a Net."""

    id_field: ClassVar[str] = "subnet_id"

    available_ips_count: int = 0
    ip_range: str = ""
    net_id: str = ""
    state: str = ""
    subnet_id: str = ""
    subregion_name: str = ""


class SecurityGroupMember(Model):
    """A security group as the other end of a rule."""

    account_id: str = ""
    security_group_id: str = ""
    security_group_name: str = ""


class SecurityGroupRule(Model):
    """What may pass. `ip_protocol`: a name, a number, or -1 for all, as ports are -1 for all."""

    from_port_range: int = -1
    ip_protocol: str = ""
    ip_ranges: list[str] = Field(default_factory=list)
    security_groups_members: list[SecurityGroupMember] = Field(default_factory=list)
    service_ids: list[str] = Field(default_factory=list)
    to_port_range: int = -1


class SecurityGroup(Tagged):
    """A security group."""

    id_field: ClassVar[str] = "security_group_id"

    description: str = ""
    inbound_rules: list[SecurityGroupRule] = Field(default_factory=list)
    net_id: str = ""
    outbound_rules: list[SecurityGroupRule] = Field(default_factory=list)
    security_group_id: str = ""
    security_group_name: str = ""

    @property
    def name(self) -> str:
        """Its own, else its id."""
        return self.security_group_name or self.security_group_id


class PublicIp(Tagged):
    """A public IP."""

    id_field: ClassVar[str] = "public_ip_id"

    link_public_ip_id: str = ""
    private_ip: str = ""
    public_ip: str = ""
    public_ip_id: str = ""
    vm_id: str = ""

    @property
    def name(self) -> str:
        """The address."""
        return self.public_ip
