"""How long the rack takes. `real` is about what a small rack shows; `fast` waits for nothing."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Latency:
    """Seconds that each kind of work takes."""

    read: float = 0.0
    write: float = 0.0
    disk_create: float = 0.0
    snapshot_create: float = 0.0
    image_create: float = 0.0
    instance_create: float = 0.0
    instance_start: float = 0.0
    instance_stop: float = 0.0
    instance_reboot: float = 0.0
    auto_restart: float = 0.0


PROFILES = {
    "fast": Latency(),
    "real": Latency(
        read=0.02,
        write=0.06,
        disk_create=1.5,
        snapshot_create=3.0,
        image_create=1.5,
        instance_create=1.0,
        instance_start=5.0,
        instance_stop=2.0,
        instance_reboot=3.0,
        auto_restart=10.0,
    ),
}
KINDS = frozenset(field.name for field in fields(Latency))
