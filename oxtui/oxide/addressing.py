"""Which external address an instance is given: its pool decides between IPv4 and IPv6."""

from __future__ import annotations

from dataclasses import dataclass

from oxtui.oxide.client import OxideClient
from oxtui.oxide.errors import OxideError
from oxtui.oxide.models.instance_create import (
    AutoPool,
    DefaultInterface,
    DualStack,
    ExplicitPool,
    IpStackCreate,
    Ipv4Stack,
    Ipv6Stack,
    PoolSelector,
)
from oxtui.oxide.models.network import IpPool


class NoPool(OxideError):
    """No pool has an address for an instance; the text says why."""


@dataclass(frozen=True, slots=True)
class Addressing:
    """The pool of an instance's external address, and what is asked of the rack for it."""

    pool: IpPool
    named: str = ""
    """As the operator named the pool; empty if it is the silo's default."""
    ipv4_way_out: bool = True
    """Whether the silo has a default IPv4 pool.

    Nexus takes an outbound address from it for every primary interface with IPv4, and refuses to
    make an instance with such an interface where there is none (omicron, instance create saga).
    """

    @property
    def is_ipv6(self) -> bool:
        """Whether the instance will be reached over IPv6."""
        return self.pool.ip_version == "v6"

    @property
    def selector(self) -> PoolSelector:
        """Where the address comes from, for the create call."""
        if self.named:
            return ExplicitPool(pool=self.named)
        return AutoPool(ip_version="v6" if self.is_ipv6 else "v4")

    @property
    def stack(self) -> IpStackCreate:
        """What the interface needs for that address; with IPv6 the guest keeps IPv4 if it can."""
        if not self.is_ipv6:
            return Ipv4Stack()
        return DualStack() if self.ipv4_way_out else Ipv6Stack()

    @property
    def default_interface(self) -> DefaultInterface:
        """The same as an interface of the project's default network."""
        if not self.is_ipv6:
            return DefaultInterface(type="default_ipv4")
        return DefaultInterface(type="default_dual_stack" if self.ipv4_way_out else "default_ipv6")


async def addressing(client: OxideClient, named: str = "") -> Addressing:
    """The pool that an instance's address comes from.

    Args:
        client: of the rack.
        named: name or id of a pool; empty means the silo's default unicast pool, of IPv4 if there
            is one, else of IPv6.

    Raises:
        NotFound: there is no such pool.
        NoPool: it is a multicast pool, or the silo has no default.
        OxideError: the pools cannot be read.
    """
    if named:
        pool = await client.ip_pools.view(named)
        if not pool.serves_instances:
            raise NoPool(f'"{named}" is a multicast pool; choose a unicast one.')
        if pool.ip_version != "v6":
            return Addressing(pool, named)
        return Addressing(pool, named, "v4" in await _defaults(client))
    defaults = await _defaults(client)
    for version in ("v4", "v6"):
        if version in defaults:
            return Addressing(defaults[version], ipv4_way_out="v4" in defaults)
    raise NoPool(
        "The silo has neither a default IPv4 pool nor a default IPv6 pool; its administrator can "
        "make one the default."
    )


async def _defaults(client: OxideClient) -> dict[str, IpPool]:
    """The silo's default unicast pools, by version."""
    return {
        pool.ip_version: pool
        async for pool in client.ip_pools.list()
        if pool.is_default and pool.serves_instances
    }
