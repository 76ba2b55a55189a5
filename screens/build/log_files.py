"""Work on whole spools that takes longer than a frame; called in a thread."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from oxtui.logs.errors import next_error, previous_error
from oxtui.logs.reader import SpoolReader
from oxtui.logs.sanitise import plain

_BLOCK = 2000
"""Lines written at once."""


def first_error(
    spools: Iterable[tuple[str, Path | None]], *, forward: bool
) -> tuple[str, int] | None:
    """The first spool (by its step) with an error-looking line, and that line; backwards its last one."""
    for step, path in spools:
        if path is None:
            continue
        with SpoolReader(path) as reader:
            found = next_error(reader, -1) if forward else previous_error(reader, reader.lines)
        if found is not None:
            return step, found
    return None


def write_text(spool: Path, file: Path) -> int:
    """Write a spool as plain text; returns the lines.

    Raises:
        OSError: it cannot be written.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC
    with SpoolReader(spool) as reader, open(os.open(file, flags, 0o600), "w") as out:
        for first in range(0, reader.lines, _BLOCK):
            for line in reader.read(first, first + _BLOCK, None):
                out.write(plain(line.text) + ("" if line.continues else "\n"))
        return reader.lines
