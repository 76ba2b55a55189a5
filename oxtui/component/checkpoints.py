"""What builders and provisioners tell of themselves so that the guest's disk can be kept and begun from again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from oxtui.component.errors import StepError
from oxtui.component.protocols import StepContext
from oxtui.component.resources import ResourceRecord


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a provisioner reads of this machine, and where what it does is to be found."""

    files: Sequence[str] = ()
    """Files and directories whose content goes into the guest."""
    outside: str = ""
    """Why what it does is not in the guest alone, as a clause; such a step is never passed over."""
    changes_nothing: bool = False
    """It leaves the guest as it is: no disk differs for it."""


@dataclass(frozen=True, slots=True)
class StartPoint:
    """A snapshot that an instance starts from in place of the source image."""

    name: str
    id: str
    temporary_keys: tuple[str, ...] = ()
    """Comments of the temporary public keys that are on the disk, whose private halves are gone."""


@dataclass(frozen=True, slots=True)
class LostMachine:
    """A provisioned machine that cannot go on, of a process that ended."""

    why: str
    """As a sentence."""
    disk: str = ""
    """Name of its disk, which another machine can begin with as it is; empty if that is gone as well."""
    unsure: str = ""
    """Why the disk may lack some of what was done, as a sentence."""


class BeginAnew(StepError):
    """A provisioned machine is not to be gone on with, and nothing stands in for it: all of it is done again."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A snapshot that is ready; `number` is its resource in the journal, `size` is in bytes."""

    number: int
    name: str
    id: str
    size: int


class GuestDisk(Protocol):
    """The disk of a builder's machine: what it began with, keeping it, beginning from what was kept."""

    @property
    def matters(self) -> Sequence[str]:
        """Options of the builder that decide what is on the disk when the first provisioner runs."""
        ...

    @property
    def machine_step(self) -> str:
        """Id of the step that makes the machine; those before it only look and prepare."""
        ...

    def facts(self) -> Mapping[str, str]:
        """What the rack told of the disk's beginning, by name; known from `machine_step` on."""
        ...

    def place(self) -> Mapping[str, str]:
        """Where snapshots of it can be used: `host`, `silo` and `project`."""
        ...

    def temporary_keys(self) -> Sequence[str]:
        """Comments of the temporary public keys that are on it now."""
        ...

    async def take(self, context: StepContext, name: str, *, clean: bool) -> Taken:
        """Keeps it as it is now; `clean` stops the machine for it and starts it again.

        Raises:
            StepError: the guest did not write its caches, or there is no snapshot.
            ServiceError: the service refused.
        """
        ...

    async def exists(self, id: str) -> bool:  # noqa: A002 - the field's own word
        """Whether the snapshot is there and can be begun from.

        Raises:
            ServiceError: the service gave no answer.
        """
        ...

    def of_machine(self, record: ResourceRecord) -> bool:
        """Whether a resource of the build goes with the present machine."""
        ...

    def start_from(self, start: StartPoint | None) -> None:
        """The next machine begins with this; None: with the source image."""
        ...

    async def leave(self) -> None:
        """Forgets the machine that was deleted; the next one gets another name."""
        ...
