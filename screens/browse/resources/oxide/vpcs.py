"""VPCs, with their subnets and firewall rules in the details."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING, Any

from screens.browse.look import Look
from screens.browse.resource import PAGE, Fact, Resource, Scope, Section, of_projects
from screens.browse.resources.oxide.common import (
    created_column,
    description_column,
    identity,
    name_column,
    project_columns,
    times,
)
from screens.tables.cell import Cell, Column
from screens.wording import plural, state

if TYPE_CHECKING:
    from oxtui.oxide.client import OxideClient
    from oxtui.oxide.models.firewall import FirewallRule


def _columns(look: Look) -> Sequence[Column]:
    return (
        name_column(),
        *project_columns(look, 2),
        Column(title="DNS NAME", cell=lambda row: row.dns_name, priority=4, minimum=8),
        Column(title="IPV6 PREFIX", cell=lambda row: row.ipv6_prefix, priority=5, minimum=21),
        description_column(6),
        created_column(look, 3),
    )


def _pages(client: OxideClient, scope: Scope) -> AsyncIterator[list[Any]]:
    return of_projects(lambda project: client.vpcs.pages(project, PAGE), scope)


def _facts(row: Any, look: Look) -> Sequence[Fact]:
    return [
        *identity(row),
        Fact("dns name", row.dns_name),
        Fact("ipv6", row.ipv6_prefix),
        Fact("project", look.name("projects", row.project_id)),
        *times(row, look),
    ]


def _traffic(rule: FirewallRule) -> str:
    """What a rule is about: protocols and ports, `any` where it names none."""
    protocols = "/".join(protocol.type for protocol in rule.filters.protocols or ())
    return (
        " ".join(part for part in (protocols, ",".join(rule.filters.ports or ())) if part) or "any"
    )


def _rule(rule: FirewallRule) -> Sequence[Cell | str]:
    action = Cell("✓ allow", "good") if rule.action == "allow" else Cell("✗ deny", "bad")
    if rule.status != "enabled":
        action = state(rule.status)
    hosts = rule.filters.hosts
    peers = ", ".join(host.value for host in hosts) if hosts else "anywhere"
    arrow = "←" if rule.direction == "inbound" else "→"
    return (
        rule.name,
        action,
        _traffic(rule),
        f"{arrow} {peers}",
        ", ".join(f"{target.type} {target.value}" for target in rule.targets),
        str(rule.priority),
    )


async def _more(client: OxideClient, row: Any) -> Sequence[Section]:
    subnets = [subnet async for subnet in client.subnets.list(row.id)]
    rules = [rule async for rule in client.firewall_rules.list(row.id)]
    rules.sort(key=lambda rule: (rule.priority, rule.name))
    return (
        Section(
            plural(len(subnets), "subnet").capitalize(),
            headings=("NAME", "IPV4", "IPV6"),
            lines=[(subnet.name, subnet.ipv4_block, subnet.ipv6_block) for subnet in subnets],
        ),
        Section(
            plural(len(rules), "firewall rule").capitalize(),
            headings=("NAME", "ACTION", "TRAFFIC", "PEERS", "TARGETS", "PRIORITY"),
            lines=[_rule(rule) for rule in rules],
            empty="Nothing may come in; what goes out is free.",
        ),
    )


VPCS = Resource(
    id="vpcs",
    one="VPC",
    columns=_columns,
    pages=_pages,
    facts=_facts,
    more=_more,
    empty="No VPC here. A new project has one named default.",
)
