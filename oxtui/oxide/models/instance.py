"""Instances as the API shows them."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from oxtui.oxide.models.base import Model, Resource


class InstanceState(StrEnum):
    """Run states of an instance."""

    CREATING = "creating"
    STARTING = "starting"
    RUNNING = "running"
    STOPPING = "stopping"
    STOPPED = "stopped"
    REBOOTING = "rebooting"
    MIGRATING = "migrating"
    REPAIRING = "repairing"
    FAILED = "failed"
    DESTROYED = "destroyed"


STARTABLE_STATES = frozenset({InstanceState.STOPPED, InstanceState.FAILED})
STOPPABLE_STATES = frozenset(
    {
        InstanceState.RUNNING,
        InstanceState.STARTING,
        InstanceState.REBOOTING,
        InstanceState.MIGRATING,
        InstanceState.FAILED,
    }
)
REBOOTABLE_STATES = frozenset({InstanceState.RUNNING})
DELETABLE_STATES = frozenset({InstanceState.STOPPED, InstanceState.FAILED})
CONSOLE_STATES = frozenset(
    {InstanceState.RUNNING, InstanceState.REBOOTING, InstanceState.MIGRATING}
)
"""States in which an action is allowed, so that a screen can say why one is not."""


class Instance(Resource):
    """An instance. `memory` in bytes. A run state that a newer rack invents is plain text."""

    project_id: str
    hostname: str
    ncpus: int
    memory: int
    run_state: InstanceState | str
    time_run_state_updated: datetime
    boot_disk_id: str | None = None
    auto_restart_enabled: bool = False
    auto_restart_policy: str | None = None
    cpu_platform: str | None = None


class ExternalIp(Model):
    """An external address of an instance. `kind` is `ephemeral`, `floating` or `snat`.

    An `snat` address is for outbound traffic only: nothing can connect to it.
    """

    kind: Literal["ephemeral", "floating", "snat"] | str
    ip: str
    ip_pool_id: str | None = None
    id: str | None = None
    name: str | None = None
    first_port: int | None = None
    last_port: int | None = None

    @property
    def is_inbound(self) -> bool:
        """True when a client outside of the rack can connect to it."""
        return self.kind in {"ephemeral", "floating"}


def _octets(value: Any) -> Any:
    """The API sends serial output as a list of numbers because it need not be UTF-8."""
    return bytes(value) if isinstance(value, list) else value


class SerialHistory(Model):
    """A stretch of serial console output.

    `last_byte_offset` counts bytes since the start of the instance, and is where the next read
    begins; it starts at 0 again with each start.
    """

    data: Annotated[bytes, BeforeValidator(_octets)]
    last_byte_offset: int
