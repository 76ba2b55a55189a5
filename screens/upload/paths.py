"""Completion of paths."""

from __future__ import annotations

import asyncio
import os

from textual.suggester import Suggester


class PathSuggester(Suggester):
    """Suggests the first entry of a folder that begins as what is typed does."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)

    async def get_suggestion(self, value: str) -> str | None:
        """The whole path, or None."""
        return await asyncio.to_thread(completed, value)


def completed(text: str) -> str | None:
    """A path that exists and begins with `text`, folders with a slash at their end."""
    folder, _, begun = text.rpartition("/")
    if "/" not in text or not begun:
        return None
    try:
        with os.scandir(os.path.expanduser(folder) or "/") as entries:
            found = min(
                (entry for entry in entries if entry.name.startswith(begun)),
                key=lambda entry: entry.name,
                default=None,
            )
            if found is None:
                return None
            return f"{folder}/{found.name}{'/' if found.is_dir() else ''}"
    except OSError:
        return None
