"""What an operator says of how a session goes on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Beginning = Literal["auto", "disk", "checkpoint"]
"""Of an instance that cannot go on: what the next one begins with. `auto` takes whichever loses no work, and
if neither does, the checkpoint, as nothing of a step that was cut off is in it."""


@dataclass(frozen=True, slots=True)
class Choices:
    """See above."""

    beginning: Beginning = "auto"
    stops: bool = True
    """The build stops for all that the session was told to stop for."""
    error: bool = True
    """That holds for failures as well."""
