"""Faults that a simulated Outscale is told to have; the grammar is that of the rack.

Replies of an action: 500, and the throttling codes throttle-6 (503), throttle-24 and throttle-25 (429).

    vm:failed[=SECONDS]     a started VM fails, at once or so long after it runs: quarantine
    vm:stuck                a started VM stays pending
    vm_stop:stuck           a VM stays stopping until it is deleted
    volume, snapshot, image :failed or :stuck
    link:stuck, unlink:stuck   a volume stays attaching, or detaching
    public_ip:none          no public IP can be had
    ssh:closed              nothing listens in the VMs
"""

from __future__ import annotations

from oxtui.rack.faults import Grammar
from oxtui.rack.outscale.errors import OapiError, internal, throttled

_ENDS = ("failed", "stuck")

OUTSCALE = Grammar(
    replies=("500", "throttle-6", "throttle-24", "throttle-25"),
    features={
        "vm": _ENDS,
        "vm_stop": ("stuck",),
        "volume": _ENDS,
        "snapshot": _ENDS,
        "image": _ENDS,
        "link": ("stuck",),
        "unlink": ("stuck",),
        "public_ip": ("none",),
        "ssh": ("closed",),
    },
)


def reply(effect: str) -> OapiError | None:
    """Return the error that a fault's effect replies with, if it does."""
    if effect.startswith("throttle-"):
        return throttled(effect.removeprefix("throttle-"))
    return internal() if effect == "500" else None
