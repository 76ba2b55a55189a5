"""Firewall rules of a VPC."""

from typing import Any

from oxtui.oxide.models.base import Model, Resource


class FirewallTarget(Model):
    """What a rule applies to; `type` is `vpc`, `subnet`, `instance`, `ip` or `ip_net`."""

    type: str
    value: str


class FirewallHost(Model):
    """The other end of the traffic; same types as a target."""

    type: str
    value: str


class FirewallProtocol(Model):
    """`tcp`, `udp`, `icmp` or `icmp6`; the value narrows the ICMP types."""

    type: str
    value: dict[str, Any] | None = None


class FirewallFilters(Model):
    """What narrows a rule; traffic must match all that are given. None means no such filter.

    Ports are decimal numbers or ranges, such as `22` and `80-90`.
    """

    hosts: list[FirewallHost] | None = None
    protocols: list[FirewallProtocol] | None = None
    ports: list[str] | None = None


class FirewallRule(Resource):
    """One rule. The lowest `priority` (0 to 65535) wins."""

    vpc_id: str
    status: str
    direction: str
    action: str
    priority: int
    targets: list[FirewallTarget]
    filters: FirewallFilters


class FirewallRules(Model):
    """All rules of a VPC; the API does not page them."""

    rules: list[FirewallRule]
