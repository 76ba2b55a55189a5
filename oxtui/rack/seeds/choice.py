"""Which seed a state folder gets, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxtui.rack.seeds import demo, large
from oxtui.rack.seeds.planting import DEFAULT_POOL, RESTRICTED_POOL, Ground, install_bases

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from oxtui.rack.lifecycle.host import DiskContents
    from oxtui.rack.store.database import Store
    from oxtui.rack.timestamps import Clock

SEEDS = ("demo", "empty", "large")
_SEED = "seed"
_RESTRICTED_ADDRESSES = 2


class SeedConflictError(Exception):
    """The state folder was seeded with something else."""


async def seed(store: Store, contents: DiskContents, clock: Clock, wanted: str | None) -> None:
    """Fill a new store (None means demo); an old one stays as it is.

    Raises SeedConflictError if another seed is asked for than the store has.
    """
    present = store.setting(_SEED)
    if present is not None:
        if wanted not in (None, present):
            raise SeedConflictError(
                f"this rack state began with --seed {present}, not {wanted}: "
                "leave --seed out, or name another folder with --state"
            )
        return
    chosen = wanted or "demo"
    # Contents first: a rack that is killed here begins again, and finds no records in its way.
    await install_bases(contents)
    if chosen == "demo":
        await demo.fill(contents)
    with store.transaction():
        ground = Ground(store, clock())
        ground.found_silo()
        if chosen == "demo":
            demo.plant(ground)
        elif chosen == "large":
            large.plant(ground)
        store.set_setting(_SEED, chosen)


def pool_addresses(addresses: Sequence[str]) -> Mapping[str, Sequence[str]]:
    """Share this run's external addresses between the seeded pools."""
    kept = len(addresses) - _RESTRICTED_ADDRESSES
    if kept < _RESTRICTED_ADDRESSES:
        return {DEFAULT_POOL: addresses, RESTRICTED_POOL: ()}
    return {DEFAULT_POOL: addresses[:kept], RESTRICTED_POOL: addresses[kept:]}
