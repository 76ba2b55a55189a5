"""Which seed a state folder gets, once."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast, get_args

from oxtui.rack.seeds import demo, large
from oxtui.rack.seeds.planting import (
    DEFAULT_POOL,
    IPV6_POOL,
    RESTRICTED_POOL,
    Ground,
    IpPools,
    install_bases,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from oxtui.rack.lifecycle.host import DiskContents
    from oxtui.rack.store.database import Store
    from oxtui.rack.timestamps import Clock

SEEDS = ("demo", "empty", "large")
IP_POOLS: tuple[IpPools, ...] = get_args(IpPools)
_SEED = "seed"
_IP_POOLS = "ip_pools"
_RESTRICTED_ADDRESSES = 2


class SeedConflictError(Exception):
    """The state folder was seeded with something else."""


def ip_pools(store: Store, wanted: IpPools | None) -> IpPools:
    """Return which pools the silo of a store has, or, if that is new, will have (None means v4).

    Raises SeedConflictError if others are asked for than the store has.
    """
    if store.setting(_SEED) is None:
        return wanted or "v4"
    present = cast("IpPools", store.setting(_IP_POOLS) or "v4")
    if wanted not in (None, present):
        raise _conflict("--ip-pools", present, wanted)
    return present


async def seed(
    store: Store,
    contents: DiskContents,
    clock: Clock,
    wanted: str | None,
    pools: IpPools = "v4",
) -> None:
    """Fill a new store (None means demo); an old one stays as it is.

    Raises SeedConflictError if another seed is asked for than the store has.
    """
    present = store.setting(_SEED)
    if present is not None:
        if wanted not in (None, present):
            raise _conflict("--seed", present, wanted)
        return
    chosen = wanted or "demo"
    # Contents first: a rack that is killed here begins again, and finds no records in its way.
    await install_bases(contents)
    if chosen == "demo":
        await demo.fill(contents)
    with store.transaction():
        ground = Ground(store, clock())
        ground.found_silo(pools)
        if chosen == "demo":
            demo.plant(ground)
        elif chosen == "large":
            large.plant(ground)
        store.set_setting(_IP_POOLS, pools)
        store.set_setting(_SEED, chosen)


def pool_addresses(
    addresses: Sequence[str], ipv6_addresses: Sequence[str] = (), pools: IpPools = "v4"
) -> Mapping[str, Sequence[str]]:
    """Share this run's external addresses between the seeded pools."""
    shared: dict[str, Sequence[str]] = {}
    if pools in ("v4", "both"):
        kept = len(addresses) - _RESTRICTED_ADDRESSES
        if kept < _RESTRICTED_ADDRESSES:
            kept = len(addresses)
        shared = {DEFAULT_POOL: addresses[:kept], RESTRICTED_POOL: addresses[kept:]}
    if pools in ("v6", "both"):
        shared[IPV6_POOL] = ipv6_addresses
    return shared


def _conflict(flag: str, present: str, wanted: str | None) -> SeedConflictError:
    return SeedConflictError(
        f"this rack state began with {flag} {present}, not {wanted}: "
        f"leave {flag} out, or name another folder with --state"
    )
