"""What builders give to who reads the disk that they captured."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from oxtui.component.protocols import Communicator, StepContext


@dataclass(frozen=True, slots=True)
class Helper:
    """The machine on which a disk is read; it is made for that, and goes again.

    Attributes:
        image: What it is made from, as the provider names images.
        user: Who logs in; empty for the user of the build.
        cpus: Virtual CPUs.
    """

    image: str
    user: str = ""
    cpus: int = 1


@dataclass(frozen=True, slots=True)
class ReadableDisk:
    """A disk beside the boot disk of a machine, with what was captured; nothing writes to it.

    Attributes:
        communicator: To the machine.
        serial: Serial number of the disk, as the machine's kernel knows it.
        size: Bytes.
    """

    communicator: Communicator
    serial: str
    size: int


class SnapshotReader(Protocol):
    """Lets the snapshot of a build be read."""

    def opened(
        self, helper: Helper, context: StepContext
    ) -> AbstractAsyncContextManager[ReadableDisk]:
        """Makes a disk of the snapshot and a machine that has it; both are gone after the block.

        Raises:
            StepError: there is no snapshot, or the machine does not come up; nothing of it is left.
            ServiceError: the service refused or has no answer.
        """
        ...
