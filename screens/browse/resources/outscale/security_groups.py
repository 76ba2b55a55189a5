"""Security groups, with their rules in the details."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from screens.browse.look import Look
from screens.browse.resource import Fact, Related, Resource, Section
from screens.browse.resources.outscale.changes import delete_security_groups
from screens.browse.resources.outscale.common import (
    id_column,
    identity,
    name_column,
    pages_of,
    related,
    tags,
    text_column,
)
from screens.tables.cell import Column
from screens.wording import plural

if TYPE_CHECKING:
    from oxtui.outscale.models.network import SecurityGroupRule

_ALL = "-1"
"""The API's word for every protocol."""


def _net(row: Any, look: Look) -> str:
    return look.name("nets", row.net_id) if row.net_id else "public Cloud"


def _columns(look: Look) -> Sequence[Column]:
    return (
        name_column(),
        text_column("NET", lambda row: _net(row, look), 3, 12),
        Column(title="IN", cell=lambda row: _count(row.inbound_rules), priority=1, minimum=7),
        Column(title="OUT", cell=lambda row: _count(row.outbound_rules), priority=4, minimum=7),
        id_column(2),
        text_column("DESCRIPTION", lambda row: row.description, 5, 14),
    )


def _count(rules: Sequence[Any]) -> str:
    return plural(len(rules), "rule") if rules else "nothing"


def _facts(row: Any, look: Look) -> Sequence[Fact]:
    return [*identity(row), Fact("net", _net(row, look)), *tags(row)]


def _traffic(rule: SecurityGroupRule) -> str:
    """Protocol and ports, `any` for all."""
    if rule.ip_protocol in (_ALL, ""):
        return "any"
    first, last = rule.from_port_range, rule.to_port_range
    if first < 0:
        return rule.ip_protocol
    return f"{rule.ip_protocol} {first}" if first == last else f"{rule.ip_protocol} {first}-{last}"


def _peers(rule: SecurityGroupRule) -> str:
    groups = [
        member.security_group_name or member.security_group_id
        for member in rule.security_groups_members
    ]
    return ", ".join((*rule.ip_ranges, *groups, *rule.service_ids)) or "–"


async def _more(_client: Any, row: Any) -> Sequence[Section]:
    return tuple(
        Section(
            title,
            headings=("TRAFFIC", heading),
            lines=[(_traffic(rule), _peers(rule)) for rule in rules],
            empty=empty,
        )
        for title, heading, rules, empty in (
            ("Inbound", "FROM", row.inbound_rules, "Nothing may come in."),
            ("Outbound", "TO", row.outbound_rules, "Nothing may go out."),
        )
    )


def _related(row: Any, look: Look) -> Sequence[Related]:
    vms = [
        vm.id
        for vm in look.rows("vms")
        if any(group.security_group_id == row.id for group in vm.security_groups)
    ]
    return [*related("VM", "vms", vms), *related("Net", "nets", [row.net_id])]


SECURITY_GROUPS = Resource(
    id="security-groups",
    one="security group",
    columns=_columns,
    pages=pages_of("security_groups"),
    facts=_facts,
    more=_more,
    related=_related,
    lookups=("nets", "vms"),
    handlers={"outscale.delete-security-groups": delete_security_groups},
    in_projects=False,
    empty="No security group here.",
)
