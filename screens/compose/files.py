"""Paths that begin as what is typed."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

from screens.dialogs.choice import Choice
from screens.wording import size


async def paths(typed: str, folder: Path) -> AsyncIterator[list[Choice]]:
    """What lies in the folder that is typed; relative paths start from `folder`. Raises OSError."""
    yield await asyncio.to_thread(listed, typed, folder)


def listed(typed: str, folder: Path) -> list[Choice]:
    """The same, at once. Raises OSError."""
    parent, _, beginning = typed.rpartition("/")
    parent = parent + "/" if "/" in typed else ""
    place = folder / Path(parent or ".").expanduser()
    found = []
    with os.scandir(place) as entries:
        for entry in sorted(entries, key=lambda entry: (not entry.is_dir(), entry.name)):
            hidden = entry.name.startswith(".") and not beginning.startswith(".")
            if entry.name.startswith(beginning) and not hidden:
                is_folder = entry.is_dir()
                name = f"{entry.name}/" if is_folder else entry.name
                note = "" if is_folder else _size(entry)
                found.append(Choice(parent + name, name, note))
    return found


def _size(entry: os.DirEntry[str]) -> str:
    try:
        return size(entry.stat().st_size)
    except OSError:
        return "cannot be read"
