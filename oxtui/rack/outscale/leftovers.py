"""What an account has beside what came with the rack: for checks that a build left nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from oxtui.rack.outscale.store import Store

_SEEDED = "seeded"
_WITH_THE_RACK = ("net", "subnet")
"""What nobody can make."""


def remember_seeds(store: Store) -> None:
    """Note that what there is now came with the rack."""
    store.set_setting(_SEEDED, json.dumps(_present(store)))


def leftovers(store: Store) -> list[str]:
    """Return the ids of all resources that did not come with the rack, in order.

    A terminated VM is none, though the API still shows it.
    """
    seeded = set(json.loads(store.setting(_SEEDED) or "[]"))
    return sorted(each for each in _present(store) if each not in seeded)


def _present(store: Store) -> list[str]:
    return [
        each.id
        for each in store.resources()
        if each.TABLE not in _WITH_THE_RACK and getattr(each, "state", "") != "terminated"
    ]
