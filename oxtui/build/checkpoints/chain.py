"""Names of states of the disk: each is a hash of the one before and of what led on from there."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from oxtui.build.checkpoints.digests import canonical

FORM = "1"
"""Of the keys. A change of what they are made of changes this, so that no older checkpoint fits any more."""


@dataclass(frozen=True, slots=True)
class Link:
    """The state behind one step, or before the first."""

    key: str
    """64 hexadecimal digits."""
    parts: Mapping[str, str]
    """Digests by what they are of: `inline`, `file files/app.conf`."""
    step: str = ""
    """Id of the step; empty for the beginning."""
    title: str = ""
    seconds: float = 0.0
    """How long it took to run; 0.0 where it has not."""
    ran: float = 0.0
    """When it had run, in Unix seconds; 0.0 where it has not."""
    own: str = ""
    """What beside the template went into this state or one before, as a clause: it is of one session alone."""


def first_link(parts: Mapping[str, str]) -> Link:
    """The state that the instance begins with."""
    return Link(_hash("", "", parts), dict(parts))


@dataclass(frozen=True, slots=True)
class Step:
    """What leads from one state to the next."""

    step: str
    title: str
    parts: Mapping[str, str] = field(default_factory=dict)


def next_link(
    before: Link,
    step: Step,
    *,
    own: str = "",
    session: str = "",
    seconds: float = 0.0,
    ran: float = 0.0,
) -> Link:
    """The state behind `step`. `own` says what else happened in the session of that number.

    No other session gets to a state that a hand had a part in, nor to any that follows from it.
    """
    salt = f"session {session}: {own}" if own else ""
    return Link(
        _hash(before.key, salt, step.parts), dict(step.parts), step.step, step.title, seconds, ran,
        own or before.own,
    )  # fmt: skip


def _hash(before: str, salt: str, parts: Mapping[str, str]) -> str:
    return hashlib.sha256(canonical([FORM, before, salt, dict(parts)]).encode()).hexdigest()


def changed(then: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """What differs, as clauses: `inline changed`, `file app.conf is new`."""
    told = []
    for name in dict.fromkeys([*now, *then]):
        if name not in then:
            told.append(f"{name} is new")
        elif name not in now:
            told.append(f"{name} is gone")
        elif then[name] != now[name]:
            told.append(f"{name} changed")
    return told
