"""What tells two inventories of a guest apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from oxtui.build.changes.inventory import SECTIONS, Files, Inventory


class Change(NamedTuple):
    """One thing: without `before` it was added, without `after` removed."""

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Changes:
    """What a build changed."""

    sections: Mapping[str, tuple[Change, ...]] = field(default_factory=dict)
    """By section, in its order, sorted by name; only of those that are known before and after."""
    kinds: Mapping[str, str] = field(default_factory=dict)
    files: Files | None = None
    root: bool = True
    """Whether the guest was looked at as root."""
    reasons: tuple[str, ...] = ()
    """What is not known, and why, as sentences."""

    @property
    def counts(self) -> dict[str, int]:
        """How much changed by section, `files` included; sections without a change are left out."""
        counts = {name: len(changes) for name, changes in self.sections.items() if changes}
        return {**counts, "files": self.files.count} if self.files else counts


def compare(
    before: Inventory | None,
    after: Inventory,
    *,
    no_files: str = "",
    without: Mapping[str, str] | None = None,
) -> Changes:
    """The changes from one to the other.

    `no_files` says why files are not known, if they are not; `without` has sections that are left out, each
    with the reason.
    """
    reasons = []
    sections: dict[str, tuple[Change, ...]] = {}
    if before is None:
        reasons.append("What the source held is not known, so only files can be told.")
    else:
        for name in SECTIONS:
            if without and name in without:
                reasons.append(without[name])
            elif name in before.sections and name in after.sections:
                values = name != "ports"  # which process listens is seen by root alone
                sections[name] = _changed(before.sections[name], after.sections[name], values)
            else:
                reasons.append(f"The guest has nothing that tells its {name}.")
    if after.files is None:
        reasons.append(no_files or "The guest did not tell its files.")
    elif not after.files.whole:
        reasons.append(
            "The walk over the disks took too long, so there may be more files than these."
        )
    if not after.root:
        reasons.append("Without sudo, files in folders that the user cannot read are not counted.")
    if not after.whole:
        reasons.append("The list of the guest broke off.")
    return Changes(sections, after.kinds, after.files, after.root, tuple(reasons))


def _changed(
    before: Mapping[str, str], after: Mapping[str, str], values: bool
) -> tuple[Change, ...]:
    names = sorted(
        name
        for name in before.keys() | after.keys()
        if name not in before or name not in after or (values and before[name] != after[name])
    )
    return tuple(Change(name, before.get(name), after.get(name)) for name in names)
