"""IP pools, VPCs, subnets, firewall rules, interfaces and floating addresses."""

from __future__ import annotations

from collections.abc import AsyncIterator

from oxtui.oxide.calls import Call
from oxtui.oxide.models.firewall import FirewallRule, FirewallRules
from oxtui.oxide.models.network import (
    FloatingIp,
    FloatingIpAttach,
    FloatingIpCreate,
    IpPool,
    NetworkInterface,
    Subnet,
    Vpc,
)
from oxtui.oxide.names import named, selector
from oxtui.oxide.paging import PAGE, WHOLE, items
from oxtui.oxide.resources.collection import (
    Collection,
    Items,
    ProjectCollection,
    UserCollection,
)
from oxtui.oxide.timing import Kind


class IpPools(UserCollection[IpPool]):
    """The pools of external addresses that the silo may use."""

    noun = "ip-pool"
    operation = "ip_pool"
    path = "/v1/ip-pools"
    model = IpPool


class Vpcs(ProjectCollection[Vpc]):
    """The VPCs of a project."""

    noun = "vpc"
    operation = "vpc"
    path = "/v1/vpcs"
    model = Vpc


class Subnets(Collection[Subnet]):
    """The subnets of a VPC, which by name needs its project."""

    noun = "subnet"
    operation = "vpc_subnet"
    path = "/v1/vpc-subnets"
    model = Subnet

    def pages(
        self, vpc: str, project: str | None = None, limit: int = PAGE
    ) -> AsyncIterator[Items[Subnet]]:
        """One page of the API at a time."""
        return self._pages(_container("vpc", vpc, project), limit)

    def list(self, vpc: str, project: str | None = None) -> AsyncIterator[Subnet]:
        """All subnets of a VPC."""
        return items(self.pages(vpc, project, limit=WHOLE))

    async def view(
        self, name_or_id: str, vpc: str | None = None, project: str | None = None
    ) -> Subnet:
        """A subnet by id, or by name in its VPC.

        Raises:
            NotFound: It is not there.
            SelectorError: A name without its parents.
        """
        parents = {"vpc": vpc, "project": project}
        return await self._view(name_or_id, selector(self.noun, name_or_id, parents))


class NetworkInterfaces(Collection[NetworkInterface]):
    """The interfaces of an instance, which by name needs its project."""

    noun = "network interface"
    operation = "instance_network_interface"
    path = "/v1/network-interfaces"
    model = NetworkInterface

    def pages(
        self, instance: str, project: str | None = None, limit: int = PAGE
    ) -> AsyncIterator[Items[NetworkInterface]]:
        """One page of the API at a time."""
        return self._pages(_container("instance", instance, project), limit)

    def list(self, instance: str, project: str | None = None) -> AsyncIterator[NetworkInterface]:
        """All interfaces of an instance."""
        return items(self.pages(instance, project, limit=WHOLE))


class Firewall(Collection[FirewallRule]):
    """The firewall rules of a VPC; the API gives all at once."""

    noun = "firewall rule"
    operation = "vpc_firewall_rules"
    path = "/v1/vpc-firewall-rules"
    model = FirewallRule

    async def pages(
        self, vpc: str, project: str | None = None
    ) -> AsyncIterator[Items[FirewallRule]]:
        """All rules as one page, so that they can be read like every other list."""
        call = Call(
            "vpc_firewall_rules_view",
            "read the firewall rules of",
            named("vpc", vpc),
            "GET",
            self.path,
            params=_container("vpc", vpc, project),
        )
        rules = self._channel.decode(FirewallRules, await self._channel.fetch(call), call).rules
        if rules:
            yield rules

    def list(self, vpc: str, project: str | None = None) -> AsyncIterator[FirewallRule]:
        """All rules of a VPC."""
        return items(self.pages(vpc, project))


class FloatingIps(ProjectCollection[FloatingIp]):
    """The floating addresses of a project."""

    noun = "floating-ip"
    operation = "floating_ip"
    path = "/v1/floating-ips"
    model = FloatingIp

    async def create(self, body: FloatingIpCreate, project: str) -> FloatingIp:
        """Reserve an address."""
        return await self._create(body, body.name, {"project": project})

    async def delete(self, name_or_id: str, project: str | None = None) -> None:
        """Give an address back; it must not be attached."""
        await self._delete(name_or_id, self._parents(name_or_id, project))

    async def attach(
        self, name_or_id: str, instance: str, project: str | None = None
    ) -> FloatingIp:
        """Give it to an instance, by name (of the same project) or id."""
        call = self._call(
            "attach",
            "attach",
            "POST",
            name_or_id,
            self._parents(name_or_id, project),
            Kind.CHANGE,
            action="/attach",
            body=FloatingIpAttach(parent=instance),
        )
        return await self._change(call, name_or_id, lambda view: view.instance_id is not None)

    async def detach(self, name_or_id: str, project: str | None = None) -> FloatingIp:
        """Take it from its instance."""
        call = self._call(
            "detach",
            "detach",
            "POST",
            name_or_id,
            self._parents(name_or_id, project),
            Kind.CHANGE,
            action="/detach",
        )
        return await self._change(call, name_or_id, lambda view: view.instance_id is None)


def _container(noun: str, name_or_id: str, project: str | None) -> dict[str, str]:
    """Query parameters of a list whose container is itself selected by name or id."""
    return {noun: name_or_id, **selector(noun, name_or_id, {"project": project})}
