"""What a step is made of, as digests by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from oxtui.component.checkpoints import Inputs


@dataclass(frozen=True, slots=True)
class Directives:
    """What the template says of the cache of a step; by default nothing."""

    cache: bool | None = None
    ttl: float | None = None
    """Seconds."""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Contents:
    """The parts of a step in one state of the files of this machine."""

    parts: Mapping[str, str]
    inputs: Inputs = field(default_factory=Inputs)
    problem: str = ""
    """Why it is not known what it is made of, as a clause; it can be looked up by nothing then."""
