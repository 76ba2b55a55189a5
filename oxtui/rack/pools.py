"""External addresses: which pool has which, and who holds one.

A place in a pool is kept, not an address: the addresses themselves are the host's loopback
addresses that this run of the rack could get. Outbound addresses (SNAT) come from a range that is
for documentation (RFC 5737), so nobody can mistake one for a way in.
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, Field

from oxtui.rack.store.records import EphemeralIp, FloatingIp, Pool, SourceNat
from oxtui.rack.web import errors
from oxtui.rack.web.names import NameOrId

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from oxtui.rack.faults import Faults
    from oxtui.rack.lookup import Lookup
    from oxtui.rack.store.database import Store

IpVersion = Literal["v4", "v6"]

_SOURCE_NAT = ipaddress.ip_network("198.51.100.0/24")
_PORTS_EACH = 16_384
_INSTANCES_PER_ADDRESS = 65_536 // _PORTS_EACH


class AutoPool(BaseModel):
    """The silo's default pool, of a version if there is one of each."""

    type: Literal["auto"]
    ip_version: IpVersion | None = None


class ExplicitPool(BaseModel):
    """A pool by name or id."""

    type: Literal["explicit"]
    pool: NameOrId


PoolSelector = Annotated[AutoPool | ExplicitPool, Field(discriminator="type")]


class AddressPools:
    """Hands out places in the pools. Callers hold a transaction of the store."""

    def __init__(
        self,
        store: Store,
        lookup: Lookup,
        faults: Faults,
        addresses: Mapping[str, Sequence[str]],
    ) -> None:
        self._store = store
        self._lookup = lookup
        self._faults = faults
        self._addresses = addresses

    def address(self, held: FloatingIp | EphemeralIp) -> str:
        """Return the address of a place; one that this run has no address for is 0.0.0.0 or ::."""
        addresses = self._addresses.get(held.pool_id, ())
        if held.position < len(addresses):
            return addresses[held.position]
        pool = self._store.pools.find(id=held.pool_id)
        return "::" if pool is not None and pool.ip_version == "v6" else "0.0.0.0"  # noqa: S104

    def way_in(self, instance_id: str) -> str | None:
        """Return the address that leads into an instance: a floating one before an ephemeral one."""
        held: list[FloatingIp | EphemeralIp] = []
        held += self._store.floating_ips.all(instance_id=instance_id)
        held += self._store.ephemeral_ips.all(instance_id=instance_id)
        return self.address(held[0]) if held else None

    def choose(self, selector: AutoPool | ExplicitPool) -> Pool:
        """Return the pool that a request means; ApiError 404, or 400 if it is not clear."""
        if isinstance(selector, ExplicitPool):
            return self._lookup.pool(selector.pool)
        defaults = self._store.pools.all(pool_type="unicast", is_default=True)
        if selector.ip_version is not None:
            defaults = [pool for pool in defaults if pool.ip_version == selector.ip_version]
        if not defaults:
            version = {"v4": " IPv4", "v6": " IPv6"}.get(selector.ip_version or "", "")
            raise errors.NotFoundError(f"default unicast{version} pool for current silo")
        if len(defaults) > 1:
            raise errors.invalid_request(
                "Multiple default unicast IP pools exist with different IP versions. "
                "Please specify ip_version as v4 or v6."
            )
        return defaults[0]

    def free_position(self, pool: Pool) -> int:
        """Return a place that nobody holds; ApiError 507 if there is none."""
        taken = self._taken(pool.id)
        if self._faults.of_feature("external_ip") is None:
            for position in range(len(self._addresses.get(pool.id, ()))):
                if position not in taken:
                    return position
        raise errors.insufficient_capacity("No external IP addresses available")

    def position_of(self, ip: str) -> tuple[str, int]:
        """Return pool id and place of a free address that a request names; ApiError otherwise."""
        for pool_id, addresses in self._addresses.items():
            if ip in addresses:
                position = addresses.index(ip)
                if position in self._taken(pool_id):
                    raise errors.invalid_request("Requested external IP address not available")
                return pool_id, position
        raise errors.invalid_request("The requested IP address is not in a pool of this silo")

    def free_source_nat(self, instance_id: str, pool_id: str) -> SourceNat:
        """Return a share of an outbound address that nobody holds; ApiError 507 if none is left."""
        taken = {share.position for share in self._store.source_nats.all()}
        for position in range((_SOURCE_NAT.num_addresses - 2) * _INSTANCES_PER_ADDRESS):
            if position not in taken:
                return SourceNat(instance_id=instance_id, pool_id=pool_id, position=position)
        raise errors.insufficient_capacity("No external IP addresses available")

    def source_nat_view(self, share: SourceNat) -> dict[str, str | int]:
        """Return the API's view of an outbound address."""
        index, quarter = divmod(share.position, _INSTANCES_PER_ADDRESS)
        first_port = quarter * _PORTS_EACH
        return {
            "kind": "snat",
            "ip": str(_SOURCE_NAT[index + 1]),
            "ip_pool_id": share.pool_id,
            "first_port": first_port,
            "last_port": first_port + _PORTS_EACH - 1,
        }

    def _taken(self, pool_id: str) -> set[int]:
        floating = {held.position for held in self._store.floating_ips.all(pool_id=pool_id)}
        return floating | {held.position for held in self._store.ephemeral_ips.all(pool_id=pool_id)}
