"""What the checkpoints of a build work with, and what they may meet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from oxtui.build.journal import Journal, JournalError
from oxtui.build.journal.checkpoint_rows import Checkpoint
from oxtui.component.errors import StepError
from oxtui.service import ServiceError
from oxtui.settings.sections import Checkpoints

if TYPE_CHECKING:
    from oxtui.build.checkpoints.written import Written
    from oxtui.logs.redact import Redactor

TROUBLE = (StepError, ServiceError, OSError, JournalError)
"""What a checkpoint may meet without harm to its build."""


@dataclass(frozen=True, slots=True)
class Course:
    """What is known before a build runs."""

    session: int
    template: str
    journal: Journal
    settings: Checkpoints
    operator_key: Callable[[], bytes]
    """Reads the key for digests of secrets, which is made where there is none."""
    redactor: Redactor
    folder: Path
    """That relative paths of the template start from."""
    source: Written | None
    """The builder as the template has it."""
    followed: bool
    """Somebody can answer at a stop, and so take checkpoints and go back to them."""
    debugged: bool = False
    """The build stops before each step, so none is passed over."""

    @property
    def is_followed(self) -> bool:
        """Whether the states of the disk are of use, even where there is no checkpoint yet."""
        return self.followed or self.settings.policy != "off"

    async def known(self, place: Mapping[str, str]) -> list[Checkpoint]:
        """The checkpoints that can be used in a place, oldest first.

        Raises:
            JournalError: the journal cannot be read.
        """
        where = (place["host"], place["silo"], place["project"])
        return [
            each
            for each in await self.journal.checkpoints()
            if (each.host, each.silo, each.project) == where
        ]


def whole_name(template: str) -> str:
    """What a template is called in the index: its absolute path, so that no two share a name; else its name."""
    path = Path(template)
    return str(path.resolve()) if path.exists() else template
