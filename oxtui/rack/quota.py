"""What the silo may use: processors and memory of started instances, storage of disks and snapshots."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from oxtui.rack.web import errors

if TYPE_CHECKING:
    from oxtui.rack.store.database import Store

# An instance takes processors and memory from the moment it starts until it has stopped.
ACTIVE_STATES = frozenset(
    {"starting", "running", "stopping", "rebooting", "migrating", "repairing"}
)
_ADVICE = "to free up resources or contact the rack operator to request a capacity increase."


@dataclass(frozen=True, slots=True)
class Resources:
    """Processors, and bytes of memory and storage."""

    cpus: int
    memory: int
    storage: int

    def view(self) -> dict[str, int]:
        """Return the API's VirtualResourceCounts."""
        return {"cpus": self.cpus, "memory": self.memory, "storage": self.storage}


class Quota:
    """The silo's capacity and its use."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def set_capacity(self, capacity: Resources) -> None:
        """Set the silo's quotas."""
        for key, value in capacity.view().items():
            self._store.set_setting(f"quota_{key}", str(value))

    def capacity(self) -> Resources:
        """Return the silo's quotas."""
        keys = ("cpus", "memory", "storage")
        cpus, memory, storage = (int(self._store.setting(f"quota_{key}") or 0) for key in keys)
        return Resources(cpus, memory, storage)

    def provisioned(self) -> Resources:
        """Return what is in use. Images cost nothing."""
        active = [i for i in self._store.instances.all() if i.run_state in ACTIVE_STATES]
        return Resources(
            cpus=sum(instance.ncpus for instance in active),
            memory=sum(instance.memory for instance in active),
            storage=self._store.disks.sum("size") + self._store.snapshots.sum("size"),
        )

    def require_compute(self, ncpus: int, memory: int) -> None:
        """Raise ApiError 507 unless an instance of this size can be started."""
        capacity, used = self.capacity(), self.provisioned()
        if used.cpus + ncpus > capacity.cpus:
            raise errors.insufficient_capacity(
                "vCPU Limit Exceeded: Not enough vCPUs to complete request. "
                f"Either stop unused instances {_ADVICE}"
            )
        if used.memory + memory > capacity.memory:
            raise errors.insufficient_capacity(
                "Memory Limit Exceeded: Not enough memory to complete request. "
                f"Either stop unused instances {_ADVICE}"
            )

    def require_storage(self, size: int) -> None:
        """Raise ApiError 507 unless a disk or snapshot of this many bytes fits."""
        if self.provisioned().storage + size > self.capacity().storage:
            raise errors.insufficient_capacity(
                "Storage Limit Exceeded: Not enough storage to complete request. "
                f"Either remove unneeded disks and snapshots {_ADVICE}"
            )
