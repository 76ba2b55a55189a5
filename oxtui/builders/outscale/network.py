"""Where the VM is to be, and what lets us in: looked up before the build, made within it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from oxtui.builders.outscale.waiting import tag
from oxtui.component.errors import StepError
from oxtui.component.protocols import StepContext
from oxtui.outscale.errors import Conflict
from oxtui.outscale.models.network import Subnet

if TYPE_CHECKING:
    from oxtui.builders.outscale.vm_builder import VmBuilder
    from oxtui.outscale.client import OutscaleClient


async def choose(builder: VmBuilder, client: OutscaleClient, context: StepContext) -> None:
    """Finds Net, subnet and security groups as far as the template names or describes them.

    Raises:
        StepError: one is not there, or the description fits several.
    """
    options, found = builder.options, builder.found
    found.net = options.net_id
    if options.net_filter is not None:
        nets = await client.nets.list(options.net_filter.wire())
        if len(nets) != 1:
            raise StepError(f"net_filter: {len(nets)} Nets meet it; it must be exactly one.")
        found.net = nets[0].net_id
    subnet = await _subnet(builder, client)
    if subnet is not None:
        found.subnet, found.net = subnet.subnet_id, subnet.net_id
        context.say(f"Subnet {subnet.subnet_id} of Net {subnet.net_id}")
    found.subregion = options.subregion_name or (subnet.subregion_name if subnet else "")
    found.security_groups = await _groups(builder, client)


async def _subnet(builder: VmBuilder, client: OutscaleClient) -> Subnet | None:
    options, found = builder.options, builder.found
    if options.subnet_id:
        subnet = await client.subnets.find(options.subnet_id)
        if subnet is None or found.net not in ("", subnet.net_id):
            where = f" in Net {found.net}" if subnet else ""
            raise StepError(f"subnet_id: there is no subnet {options.subnet_id}{where}.")
        return subnet
    wanted = options.subnet_filter
    if wanted is None and not found.net:
        return None
    filters: dict[str, Any] = {} if wanted is None else wanted.wire()
    if found.net:
        filters.setdefault("NetIds", [found.net])
    subnets = await client.subnets.list(filters)
    if not subnets:
        raise StepError(
            "subnet_filter: no subnet meets it." if wanted else f"Net {found.net} has no subnet."
        )
    if wanted is not None and wanted.most_free:
        return max(subnets, key=lambda each: (each.available_ips_count, each.subnet_id))
    if wanted is not None and wanted.random:
        return random.choice(subnets)  # noqa: S311 - as the operator asks
    if len(subnets) > 1:
        told = (
            "meet subnet_filter; set most_free or random"
            if wanted
            else (f"are in Net {found.net}; name one in subnet_id, or describe it in subnet_filter")
        )
        raise StepError(f"{len(subnets)} subnets {told}.")
    return subnets[0]


async def _groups(builder: VmBuilder, client: OutscaleClient) -> Sequence[str]:
    options = builder.options
    ids = options.security_group_ids or (
        [options.security_group_id] if options.security_group_id else []
    )
    if ids:
        groups = await client.security_groups.list({"SecurityGroupIds": ids})
        missing = set(ids) - {group.security_group_id for group in groups}
        if missing:
            raise StepError(f"security_group_ids: there is no {', '.join(sorted(missing))}.")
        return ids
    if options.security_group_filter is None:
        return ()
    wanted = options.security_group_filter.wire()
    found = [group.security_group_id for group in await client.security_groups.list(wanted)]
    if not found:
        raise StepError("security_group_filter: no security group meets it.")
    return found


async def make_group(builder: VmBuilder, context: StepContext) -> None:
    """Makes the temporary security group, which lets SSH in."""
    found = builder.found
    client = await builder.client()
    if not found.security_groups:
        place = builder.locator(description=builder.mark)
        async with builder.setting.recorder.create(
            "outscale.security_group", found.name, place
        ) as made:
            group = await client.create_security_group(found.name, builder.mark, found.net)
            made.created(group.security_group_id)
        found.security_groups = [group.security_group_id]
        found.reach_records += (made.number,)
        context.say(f"Security group {found.name} ({group.security_group_id})")
        await tag(client, [group.security_group_id], builder.build_tags)
    if not found.lets_in:
        await _let_in(builder, client, found.security_groups[0])
        found.lets_in = True


async def _let_in(builder: VmBuilder, client: OutscaleClient, group: str) -> None:
    """Lets the port of SSH in; a rule that is there already, of a call without an answer, is as good."""
    options = builder.options
    rule = {
        "FromPortRange": options.ssh_port,
        "ToPortRange": options.ssh_port,
        "IpProtocol": "tcp",
        "IpRanges": [options.temporary_security_group_source_cidr],
    }
    with suppress(Conflict):
        await client.call(
            "CreateSecurityGroupRule", SecurityGroupId=group, Flow="Inbound", Rules=[rule]
        )


async def make_public_ip(builder: VmBuilder, context: StepContext) -> None:
    """Takes a public IP."""
    found = builder.found
    client = await builder.client()
    if found.public_ip:
        return
    async with builder.setting.recorder.create(
        "outscale.public_ip", found.name, builder.locator()
    ) as made:
        ip = await client.create_public_ip()
        made.created(ip.public_ip_id)
    found.public_ip = ip.public_ip_id
    found.reach_records += (made.number,)
    context.say(f"Public IP {ip.public_ip} ({ip.public_ip_id})")
    await tag(client, [ip.public_ip_id], builder.build_tags)
