"""The declarations: each setting once, with its kind, default and what it does.

Loading, the messages about mistakes, `oxtui info` and the example file all read these.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any, Literal, TypeVar

from oxtui.settings.kinds import Choice, Color, Count, Duration, Kind, Size, Switch, Text

T = TypeVar("T")
_METADATA = "declaration"


@dataclass(frozen=True, slots=True)
class Declaration:
    """What is known of one setting before anybody sets it."""

    name: str
    kind: Kind[Any]
    default: object
    help: str


def setting(kind: Kind[T], default: T, help: str) -> T:  # noqa: A002 - the word of argparse
    """A field of a section; `help` is one sentence for the example file."""
    return field(default=default, metadata={_METADATA: (kind, help)})


@dataclass(frozen=True, slots=True)
class General:
    """How oxtui looks and behaves."""

    theme: str = setting(
        Text(),
        "auto",
        'Name of a theme; "auto" follows the terminal: dark, light or its own palette.',
    )
    color: Literal["auto", "always", "never"] = setting(
        Choice("auto", "always", "never"),
        "auto",
        'Colour in plain output; "auto" leaves it out where NO_COLOR is set or no terminal reads.',
    )
    clipboard: Literal["auto", "osc52", "native", "file", "off"] = setting(
        Choice("auto", "osc52", "native", "file", "off"),
        "auto",
        "How a copy leaves oxtui: by the terminal (osc52), a program of the desktop, or a file.",
    )
    animations: Literal["auto", "on", "off"] = setting(
        Choice("auto", "on", "off"), "auto", 'Movement on screen; "auto" has none over SSH.'
    )


@dataclass(frozen=True, slots=True)
class Build:
    """What builds do beside what their templates say."""

    promote: bool = setting(
        Switch(), False, "Promote each new image to the silo, so that every project may use it."
    )
    changes: Literal["auto", "on", "off"] = setting(
        Choice("auto", "on", "off"),
        "auto",
        "Look at the guest before and after the provisioners and tell what changed in the image; "
        '"auto" does for builds on the screens.',
    )


@dataclass(frozen=True, slots=True)
class Checkpoints:
    """States of the guest's disk, kept as snapshots that builds start from again; each costs its disk's quota."""

    policy: Literal["off", "breakpoints", "each", "slow"] = setting(
        Choice("off", "breakpoints", "each", "slow"),
        "off",
        "Behind which provisioners one is taken by itself: none, where a breakpoint follows, each, or slow ones.",
    )
    slow: float = setting(
        Duration(), 60.0, 'With the policy "slow": a provisioner that took at least so long.'
    )
    clean: bool = setting(
        Switch(),
        False,
        "Stop the instance for each and start it again; else the disk is kept as a crash leaves it.",
    )
    cache: bool = setting(
        Switch(),
        True,
        "Begin builds from the last checkpoint that fits, in place of the source image.",
    )
    per_template: int = setting(
        Count(),
        10,
        "How many are kept of each build of a template; the one unused for longest goes first.",
    )
    space: int = setting(
        Size(),
        400 * 2**30,
        "How much storage all of them may take on one rack; the one unused for longest goes first.",
    )


@dataclass(frozen=True, slots=True)
class Waits:
    """How long oxtui waits for a rack; durations, held in seconds."""

    instance_state: float = setting(
        Duration(), 600.0, "For an instance to reach a state, such as running or stopped."
    )
    ssh: float = setting(
        Duration(), 300.0, "For SSH to answer, where the template has no ssh_timeout."
    )
    capture: float = setting(Duration(), 1800.0, "For a snapshot or an image to be ready.")
    cleanup: float = setting(Duration(), 600.0, "For everything that a build made to be deleted.")


@dataclass(frozen=True, slots=True)
class Profile:
    """What is particular to one profile of the Oxide credentials."""

    read_only: bool = setting(Switch(), False, "Refuse everything that changes this rack.")
    production: bool = setting(Switch(), False, "Mark every screen red and ask before changes.")
    color: str = setting(Color(), "", "Colour that marks this rack on every screen.")


Section = General | Build | Checkpoints | Waits

SECTIONS: dict[str, type[Section]] = {
    "general": General,
    "build": Build,
    "checkpoints": Checkpoints,
    "waits": Waits,
}


def declarations(section: type[Section | Profile]) -> Iterator[Declaration]:
    """Every setting of a section, in the order of its declaration."""
    for each in fields(section):
        kind, text = each.metadata[_METADATA]
        yield Declaration(each.name, kind, each.default, text)
