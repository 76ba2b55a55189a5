"""What builds of the templates that are worked on here stop for; of templates that are in files, kept on disk."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from screens.failures import sentence

if TYPE_CHECKING:
    from screens.template_stops import TemplateStops


class StopsShelf:
    """The stops by the path of their template. Nothing is written before any of them is set or taken away."""

    def __init__(self, state: Path, complain: Callable[[str], object]) -> None:
        self._state = state
        self._complain = complain
        self._stops: dict[str, TemplateStops] = {}
        self._kept: set[str] = set()
        """Those of files."""
        self._due: dict[str, TemplateStops] = {}
        """What is to be written."""
        self._writing: asyncio.Task[None] | None = None

    def of(self, name: str) -> TemplateStops:
        """Those of the template of that name (`Job.name`), which may be in no file."""
        from screens.template_stops import TemplateStops

        return self._stops.setdefault(os.path.abspath(name), TemplateStops())

    async def of_file(self, name: str) -> TemplateStops:
        """Those of a template that is in a file, or is a folder: as they were kept, and kept from now on."""
        path = os.path.abspath(name)
        if path not in self._kept:
            from screens.kept_stops import KeptStops
            from screens.template_stops import TemplateStops

            found = await asyncio.to_thread(KeptStops(self._state).read, path)
            if path not in self._kept:  # another visit may have been faster
                self.put(path, found or TemplateStops())
        return self._stops[path]

    def put(self, name: str, stops: TemplateStops) -> None:
        """The template in the file of that name has these from now on."""
        path = os.path.abspath(name)
        self._stops[path] = stops
        self._kept.add(path)
        stops.changed = partial(self.keep, path)

    def drop(self, name: str) -> None:
        """Those of that name are not worked on any more; what is kept of a file's stays."""
        path = os.path.abspath(name)
        self._kept.discard(path)
        stops = self._stops.pop(path, None)
        if stops is not None:
            stops.changed = lambda: None

    def keep(self, name: str) -> None:
        """Write the stops of a template as they are now."""
        path = os.path.abspath(name)
        self._due[path] = self._stops[path]
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write(), name="keep stops")

    async def _write(self) -> None:
        from screens.kept_stops import KeptStops, kept

        files = KeptStops(self._state)
        while self._due:
            path, stops = self._due.popitem()
            try:
                await asyncio.to_thread(files.write, path, kept(stops, path))
            except OSError as error:
                self._complain(f"Stops are not kept for later: {sentence(error)}")

    async def close(self) -> None:
        """Wait for what is being written."""
        if self._writing is not None:
            await self._writing
