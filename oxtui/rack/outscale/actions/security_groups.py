"""Security groups: those of a Net and those of the public Cloud."""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING, Any

from oxtui.rack.outscale.actions import find
from oxtui.rack.outscale.cloud import new_id
from oxtui.rack.outscale.errors import (
    conflict,
    invalid,
    missing_parameter,
    no_such,
    not_simulated,
)
from oxtui.rack.outscale.lists import by, present, reading
from oxtui.rack.outscale.records import SecurityGroup

if TYPE_CHECKING:
    from oxtui.rack.outscale.cloud import Cloud

DEFAULT = "default"
_NAME = re.compile(r"(?!sg-)[A-Za-z0-9 _.:/()#,@\[\]+=&;{}!$*-]{1,255}")
_ANY = {"IpProtocol": "-1", "IpRanges": ["0.0.0.0/0"]}


def new_group(identifier: str, name: str, description: str, net_id: str | None) -> SecurityGroup:
    """Return a group that lets nothing in; one of a Net lets everything out."""
    return SecurityGroup(
        id=identifier,
        name=name,
        description=description,
        net_id=net_id,
        inbound=[],
        outbound=[] if net_id is None else [_ANY],
    )


async def create_security_group(cloud: Cloud, body: dict[str, Any]) -> dict[str, Any]:
    """Make a group without inbound rules."""
    name, net_id = body["SecurityGroupName"], body.get("NetId")
    if not _NAME.fullmatch(name):
        raise invalid("4043", f"{name} is no name of a security group")
    if net_id is not None:
        find.net(cloud, net_id)
    if cloud.store.security_groups.find(name=name, net_id=net_id) is not None:
        raise conflict("9008", f"there is a security group {name} already")
    group = new_group(new_id("sg"), name, body["Description"], net_id)
    cloud.store.security_groups.insert(group)
    return {"SecurityGroup": _view(cloud, group)}


async def create_security_group_rule(cloud: Cloud, body: dict[str, Any]) -> dict[str, Any]:
    """Add one rule, or those of `Rules`, to a group."""
    group = find.security_group(cloud, body["SecurityGroupId"])
    flow = body["Flow"]
    if flow not in ("Inbound", "Outbound"):
        raise invalid("4047", "Flow must be Inbound or Outbound")
    if {"SecurityGroupNameToLink", "SecurityGroupAccountIdToLink"} & body.keys():
        raise not_simulated("rules that link security groups")
    rules = [_rule(each) for each in body.get("Rules", [_single(body)])]
    column = flow.lower()
    present: list[dict[str, Any]] = getattr(group, column)
    for rule in rules:
        if rule in present:
            raise conflict("9000", f"the group has this rule already: {rule}")
    group = cloud.store.security_groups.update(group.id, **{column: [*present, *rules]})
    return {"SecurityGroup": _view(cloud, group)}


def _views(cloud: Cloud) -> list[dict[str, Any]]:
    return [_view(cloud, group) for group in cloud.store.security_groups.all()]


_FILTERS = by(
    "SecurityGroupId SecurityGroupName NetId Description",
    InboundRuleProtocols="InboundRules.IpProtocol",
    InboundRuleFromPortRanges="InboundRules.FromPortRange",
    InboundRuleToPortRanges="InboundRules.ToPortRange",
    InboundRuleIpRanges="InboundRules.IpRanges",
)


async def delete_security_group(cloud: Cloud, body: dict[str, Any]) -> dict[str, Any]:
    """Delete a group that no VM uses."""
    if "SecurityGroupId" in body:
        group = find.security_group(cloud, body["SecurityGroupId"])
    elif "SecurityGroupName" in body:
        named = cloud.store.security_groups.find(name=body["SecurityGroupName"], net_id=None)
        if named is None:
            raise no_such("5021", f"there is no security group {body['SecurityGroupName']}")
        group = named
    else:
        raise missing_parameter("SecurityGroupId or SecurityGroupName is required")
    users = [
        vm.id
        for vm in cloud.store.vms.all()
        if vm.state != "terminated" and group.id in vm.security_groups
    ]
    if users:
        raise conflict("9002", f"security group {group.id} is in use by {', '.join(users)}")
    if group.name == DEFAULT:
        raise conflict("9051", "the default security group cannot be deleted")
    cloud.store.forget(cloud.store.security_groups, group.id)
    return {}


def _single(body: dict[str, Any]) -> dict[str, Any]:
    ports = ("FromPortRange", "ToPortRange")
    rule: dict[str, Any] = {name: body[name] for name in ports if name in body}
    if "IpRange" in body:
        rule["IpRanges"] = [body["IpRange"]]
    return {**rule, "IpProtocol": body.get("IpProtocol")}


def _rule(rule: dict[str, Any]) -> dict[str, Any]:
    if {"SecurityGroupsMembers", "ServiceIds"} & rule.keys():
        raise not_simulated("rules for members of groups and for services")
    protocol = rule.get("IpProtocol")
    if protocol not in ("tcp", "udp", "icmp", "-1"):
        raise invalid("4053", f"{protocol} is no protocol: tcp, udp, icmp or -1")
    if not rule.get("IpRanges"):
        raise missing_parameter("IpRanges is required")
    for each in rule["IpRanges"]:
        try:
            ipaddress.ip_network(each)
        except ValueError:
            raise invalid("4047", f"{each} is no range of addresses") from None
    if protocol in ("tcp", "udp"):
        first, last = rule.get("FromPortRange"), rule.get("ToPortRange")
        if first is None or last is None:
            raise missing_parameter("FromPortRange and ToPortRange are required")
        if not -1 <= first <= last <= 65535:
            raise invalid("4051", f"{first} to {last} is no range of ports")
    return rule


def _view(cloud: Cloud, group: SecurityGroup) -> dict[str, Any]:
    return {
        "SecurityGroupId": group.id,
        "SecurityGroupName": group.name,
        "Description": group.description,
        "AccountId": cloud.account.id,
        "InboundRules": group.inbound,
        "OutboundRules": group.outbound,
        "Tags": cloud.store.tags_of(group.id),
        **present(NetId=group.net_id),
    }


ACTIONS = {
    "CreateSecurityGroup": create_security_group,
    "CreateSecurityGroupRule": create_security_group_rule,
    "ReadSecurityGroups": reading("SecurityGroups", _views, _FILTERS),
    "DeleteSecurityGroup": delete_security_group,
}
