"""The processes of this machine, as /proc has them (proc(5))."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
_STARTED = 19
"""Which word behind the name tells when a process began."""


@dataclass(frozen=True, slots=True)
class Process:
    """A process that runs, or ran a moment ago."""

    pid: int
    name: str
    parent: int
    group: int
    session: int
    started: str
    """In clock ticks since boot: with the pid it tells the process from a later one."""

    def __str__(self) -> str:
        return f"{self.pid} ({self.name})"


def process(pid: int) -> Process | None:
    """The process of that pid; None if there is none, or a zombie alone."""
    try:
        line = (PROC / str(pid) / "stat").read_text(errors="replace")
    except OSError:
        return None
    # The name stands in parentheses, and may have some itself.
    before, _, after = line.rpartition(")")
    state, parent, group, session, *rest = after.split()
    if state in ("Z", "X"):
        return None
    name = before.partition("(")[2]
    return Process(pid, name, int(parent), int(group), int(session), rest[_STARTED - 4])


def processes() -> Iterator[Process]:
    """All that run."""
    for name in os.listdir(PROC):
        if name.isdigit() and (found := process(int(name))) is not None:
            yield found


def tree(leaders: Iterable[int]) -> list[Process]:
    """The processes of the leaders' sessions and groups, and all that descends from one of them."""
    known = set(leaders)
    all_ = list(processes())
    found: dict[int, Process] = {}
    grown = True
    while grown:
        grown = False
        for each in all_:
            if each.pid not in found and known & {each.pid, each.parent, each.group, each.session}:
                found[each.pid] = each
                known.add(each.pid)
                grown = True
    return list(found.values())


def rooted(root: Path) -> list[Process]:
    """The processes whose root directory is `root` or lies in it."""
    return [each for each in processes() if within(_link(each.pid, "root"), root)]


def users(root: Path) -> list[Process]:
    """The processes with a working directory, a program or an open file in `root`, whatever their own root."""
    return [each for each in processes() if any(within(at, root) for at in _links(each.pid))]


def _links(pid: int) -> Iterator[str]:
    yield _link(pid, "cwd")
    yield _link(pid, "exe")
    try:
        files = os.listdir(PROC / str(pid) / "fd")
    except OSError:
        return
    for each in files:
        yield _link(pid, f"fd/{each}")


def _link(pid: int, name: str) -> str:
    try:
        return os.readlink(PROC / str(pid) / name)
    except OSError:  # it is gone, or another user's
        return ""


def within(path: str, root: Path) -> bool:
    """Whether a path is a directory, or lies in it."""
    return path == str(root) or path.startswith(f"{root}/")
