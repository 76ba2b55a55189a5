"""What is mounted where, by /proc/self/mountinfo (proc(5))."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

TABLE = Path("/proc/self/mountinfo")
_ESCAPED = re.compile(r"\\([0-7]{3})")


@dataclass(frozen=True, slots=True)
class Mount:
    """One line of the table."""

    target: str
    type: str
    source: str
    """A device, or whatever the file system calls it."""


def parsed(text: str) -> list[Mount]:
    """The lines of a table, in the order in which they were mounted."""
    found = []
    for line in text.split("\n"):
        before, _, after = line.partition(" - ")
        words, rest = before.split(" "), after.split(" ")
        if len(words) >= 5 and len(rest) >= 2:
            found.append(Mount(_plain(words[4]), rest[0], _plain(rest[1])))
    return found


def _plain(word: str) -> str:
    """Blanks, tabs, line ends and backslashes are octal there."""
    return _ESCAPED.sub(lambda code: chr(int(code[1], 8)), word)


def mounts() -> list[Mount]:
    """All that this process sees."""
    return parsed(TABLE.read_text("utf-8", "surrogateescape"))


def mounts_at(path: str) -> list[Mount]:
    """What is mounted at a path, the uppermost last."""
    return [each for each in mounts() if each.target == path]


def mounts_in(path: str) -> list[Mount]:
    """What is mounted at a path and below it, in the order in which it was."""
    return [each for each in mounts() if each.target == path or each.target.startswith(f"{path}/")]
