"""VPCs and their firewall rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from oxtui.rack.api import lists
from oxtui.rack.api.identity import identity
from oxtui.rack.parameters.common import InProject, OptionalProject
from oxtui.rack.parameters.firewall import RulesUpdate
from oxtui.rack.parameters.networks import VpcCreate, VpcUpdate
from oxtui.rack.store.records import FirewallRule
from oxtui.rack.store.unique import unique_name
from oxtui.rack.web import errors
from oxtui.rack.web.names import NameOrId
from oxtui.rack.web.operation import Operation

if TYPE_CHECKING:
    from collections.abc import Iterable

    from oxtui.rack.rack import Rack
    from oxtui.rack.store.records import Vpc
    from oxtui.rack.web.operation import Call

_MOST_RULES = 1024


class InVpc(BaseModel):
    """The query of what belongs to a VPC."""

    vpc: NameOrId
    project: NameOrId | None = None


class VpcApi:
    """Operations on VPCs and firewall rules."""

    def __init__(self, rack: Rack) -> None:
        self._rack = rack

    def operations(self) -> Iterable[Operation]:
        """Return the operations."""
        vpcs, vpc, rules = "/v1/vpcs", "/v1/vpcs/{vpc}", "/v1/vpc-firewall-rules"
        return (
            Operation("vpc_list", "GET", vpcs, self.list),
            Operation("vpc_create", "POST", vpcs, self.create, status=201),
            Operation("vpc_view", "GET", vpc, self.view),
            Operation("vpc_update", "PUT", vpc, self.update),
            Operation("vpc_delete", "DELETE", vpc, self.delete, status=204),
            Operation("vpc_firewall_rules_view", "GET", rules, self.rules),
            Operation("vpc_firewall_rules_update", "PUT", rules, self.replace_rules),
        )

    async def list(self, call: Call) -> dict[str, Any]:
        """List a project's VPCs."""
        return lists.of_project(self._rack, call, self._rack.store.vpcs, _view)

    async def create(self, call: Call) -> dict[str, Any]:
        """Make a VPC with a default subnet and default rules."""
        project = self._rack.lookup.project(call.query(InProject).project)
        request = call.body(VpcCreate)
        with self._rack.store.transaction(), unique_name("vpc", request.name):
            return _view(self._rack.networks.add_vpc(request, project.id))

    async def view(self, call: Call) -> dict[str, Any]:
        """Show a VPC."""
        return _view(self._vpc(call))

    async def update(self, call: Call) -> dict[str, Any]:
        """Change a VPC's names or description."""
        vpc = self._vpc(call)
        request = call.body(VpcUpdate)
        with unique_name("vpc", request.name or vpc.name):
            changes = request.changes(self._rack.clock)
            return _view(self._rack.store.vpcs.update(vpc.id, **changes))

    async def delete(self, call: Call) -> None:
        """Delete a VPC that has no subnets any more."""
        vpc = self._vpc(call)
        if self._rack.store.subnets.find(vpc_id=vpc.id) is not None:
            raise errors.invalid_request("VPC cannot be deleted while VPC Subnets exist")
        self._rack.store.vpcs.delete(id=vpc.id)

    async def rules(self, call: Call) -> dict[str, Any]:
        """Show a VPC's firewall rules."""
        return self._rules_of(self._named_vpc(call))

    async def replace_rules(self, call: Call) -> dict[str, Any]:
        """Put other rules in the place of all that a VPC has."""
        vpc = self._named_vpc(call)
        request = call.body(RulesUpdate)
        if len(request.rules) > _MOST_RULES:
            raise errors.invalid_request(f"max {_MOST_RULES} firewall rules per VPC")
        names = [rule.name for rule in request.rules]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise errors.invalid_value("rules", f"Rule names must be unique: {twice}")
        rules = self._rack.store.firewall_rules
        with self._rack.store.transaction():
            rules.delete(vpc_id=vpc.id)
            for rule in request.rules:
                record = FirewallRule(
                    **rule.identity(self._rack.clock),
                    vpc_id=vpc.id,
                    status=rule.status,
                    direction=rule.direction,
                    action=rule.action,
                    priority=rule.priority,
                    targets=[target.model_dump() for target in rule.targets],
                    filters=rule.filters.view(),
                )
                rules.insert(record)
        return self._rules_of(vpc)

    def _rules_of(self, vpc: Vpc) -> dict[str, Any]:
        rules = self._rack.store.firewall_rules.all(vpc_id=vpc.id)
        return {"rules": [_rule_view(rule) for rule in sorted(rules, key=lambda r: r.name)]}

    def _vpc(self, call: Call) -> Vpc:
        project = call.query(OptionalProject).project
        return self._rack.lookup.vpc(call.name_or_id("vpc"), project)

    def _named_vpc(self, call: Call) -> Vpc:
        query = call.query(InVpc)
        return self._rack.lookup.vpc(query.vpc, query.project)


def _view(vpc: Vpc) -> dict[str, Any]:
    return {
        **identity(vpc),
        "project_id": vpc.project_id,
        "dns_name": vpc.dns_name,
        "ipv6_prefix": vpc.ipv6_prefix,
        "system_router_id": vpc.system_router_id,
    }


def _rule_view(rule: FirewallRule) -> dict[str, Any]:
    return {
        **identity(rule),
        "vpc_id": rule.vpc_id,
        "status": rule.status,
        "direction": rule.direction,
        "action": rule.action,
        "priority": rule.priority,
        "targets": rule.targets,
        "filters": rule.filters,
    }
