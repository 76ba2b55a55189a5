"""What a build changed, told line by line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

from oxtui.build.changes.compare import Change, Changes
from oxtui.component.events import ChangesCollected

Mark = Literal["#", "+", "-", "~", "!", " "]
"""A heading, added, removed, changed, a reason why something is not known, and anything else."""
NAMES = {
    "packages": "Packages", "users": "Users", "groups": "Groups", "units": "Services",
    "ports": "Listening ports", "files": "Files",
}  # fmt: skip
_NOUNS = {
    "packages": ("package", "packages"), "users": ("user", "users"), "groups": ("group", "groups"),
    "units": ("service", "services"), "ports": ("port", "ports"), "files": ("file", "files"),
}  # fmt: skip
_UNITS = ("B", "KiB", "MiB", "GiB", "TiB")


class Line(NamedTuple):
    """One line; its name stands apart from what else is told."""

    mark: Mark
    name: str
    text: str = ""


def lines(changes: Changes) -> Iterator[Line]:
    """Section by section; those without a change say so."""
    for section, found in changes.sections.items():
        yield Line("#", NAMES[section], _count(section, found))
        for change in found:
            yield _line(change)
    files = changes.files
    if files is not None:
        more = f", {in_units(files.size)}" if files.count else ""
        told = f"{files.count or 'none'} added or changed{more}"
        shown = len(files.largest)
        yield Line("#", NAMES["files"], f"{told}; the {shown} largest" if shown else told)
        for size, path in files.largest:
            yield Line(" ", f"{in_units(size):>10}", path)
    for reason in changes.reasons:
        yield Line("!", reason)


def summary(look: ChangesCollected) -> str:
    """What changed, in a few words: `3 packages, 1 user, 120 files (34.1 MiB)`."""
    if look.reason:
        return f"not known: {look.reason}"
    parts = [_noun(section, count) for section, count in look.counts.items() if count]
    if look.counts.get("files") and parts:
        parts[-1] += f" ({in_units(look.size)})"
    return ", ".join(parts) or "nothing"


def values(changes: Changes) -> Mapping[str, object]:
    """The same as plain values, for programs; sizes in bytes."""
    files = changes.files
    return {
        "sections": {
            name: [
                {"name": change.name, "before": change.before, "after": change.after}
                for change in found
            ]
            for name, found in changes.sections.items()
        },
        "files": files
        and {
            "count": files.count,
            "size": files.size,
            "complete": files.whole,
            "largest": [{"size": size, "path": path} for size, path in files.largest],
        },
        "unknown": list(changes.reasons),
    }


def in_units(size: int) -> str:
    """Bytes as `34.1 MiB`."""
    amount = float(size)
    for unit in _UNITS:
        if amount < 1024 or unit == _UNITS[-1]:
            return f"{size} B" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= 1024
    return ""


def _noun(section: str, count: int) -> str:
    one, many = _NOUNS.get(section, (section, section))
    return f"{count} {one if count == 1 else many}"


def _count(section: str, found: tuple[Change, ...]) -> str:
    if not found:
        return "as before"
    counts = {
        "opened" if section == "ports" else "added": sum(each.before is None for each in found),
        "closed" if section == "ports" else "removed": sum(each.after is None for each in found),
        "changed": sum(each.before is not None and each.after is not None for each in found),
    }
    return ", ".join(f"{count} {word}" for word, count in counts.items() if count)


def _line(change: Change) -> Line:
    if change.before is None:
        return Line("+", change.name, change.after or "")
    if change.after is None:
        return Line("-", change.name, change.before)
    return Line("~", change.name, f"{change.before} → {change.after}")
