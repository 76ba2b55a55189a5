"""What is known of a service's resources in one scope, and how fresh it is."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from screens.browse.browser import Browser
from screens.browse.look import Look
from screens.browse.resource import Resource, Scope, Section
from screens.failures import sentence
from screens.tables.model import TableModel

_PAUSE = 10.0
"""Seconds between two looks at a table where nothing is on its way."""
_TRANSIT_PAUSE = 2.0
_LONGEST_PAUSE = 60.0
_SHARE = 10
"""A table that takes long is looked at more seldom: at most a tenth of the time is spent on it."""

_MANY = 100
"""New rows of one page that are worth telling the garbage collector of."""


@dataclass(slots=True)
class Freshness:
    """How a table came to be what it is."""

    loading: bool = False
    complete: bool = False
    """All pages were read at least once."""
    read: float | None = None
    """Unix seconds of the last time that all was read."""
    error: str = ""
    """Why the last try failed; empty if it did not."""
    failures: int = 0


class Catalog:
    """Tables of all resources in one scope, each filled when it is first looked at."""

    def __init__(
        self,
        browser: Browser,
        client: Any,
        project: Any | None,
        clock: Callable[[], float],
        changed: Callable[[str], None],
    ) -> None:
        self.browser = browser
        self.client = client
        self.project = project
        """The project that was entered, or None for all."""
        self.models: dict[str, TableModel[Any]] = {}
        self.freshness = {id_: Freshness() for id_ in browser.kinds}
        self.sections: dict[tuple[str, str], tuple[Section, ...]] = {}
        """Further details, by resource and row."""
        self.look = Look(self.models, clock, project is not None)
        self._clock = clock
        self._changed = changed
        self._wake = asyncio.Event()
        for resource in browser.kinds.values():
            model = TableModel[Any](resource.columns(self.look), resource.key)
            model.set_order(resource.order)
            self.models[resource.id] = model

    @property
    def scope(self) -> Scope:
        """The projects that are known, and the one that was entered."""
        scopes = self.models.get(self.browser.scopes)
        return Scope(() if scopes is None else list(scopes.rows()), self.project)

    def wake(self) -> None:
        """Look at the rack again now."""
        self._wake.set()

    async def keep_fresh(self, resource: Resource) -> None:
        """Read a table again and again until cancelled; failures are told and tried again."""
        while True:
            self._wake.clear()
            began = asyncio.get_running_loop().time()
            await self._read(resource)
            took = asyncio.get_running_loop().time() - began
            pause = self._pause(resource, took)
            try:
                await asyncio.wait_for(self._wake.wait(), pause)
            except TimeoutError:
                continue

    def _pause(self, resource: Resource, took: float) -> float:
        failures = self.freshness[resource.id].failures
        if failures:
            return float(min(_LONGEST_PAUSE, 2.0**failures))
        rows = self.models[resource.id].rows()
        short = any(resource.in_transit(row) for row in rows)
        return max(_TRANSIT_PAUSE if short else _PAUSE, took * _SHARE)

    async def _read(self, resource: Resource) -> None:
        freshness = self.freshness[resource.id]
        freshness.loading = True
        self._changed(resource.id)
        try:
            if resource.in_projects:
                await self._fill(self.browser.kinds[self.browser.scopes])
            await self._fill(resource, tell=True)
            for id_ in resource.lookups:
                await self._fill(self.browser.kinds[id_])
        except Exception as error:
            freshness.error = sentence(error)
            freshness.failures += 1
        else:
            freshness.error = ""
            freshness.failures = 0
        finally:
            freshness.loading = False
        if resource.lookups:
            self.models[resource.id].recompute()
        self._changed(resource.id)

    async def _fill(self, resource: Resource, tell: bool = False) -> None:
        model = self.models[resource.id]
        keys: set[str] = set()
        async for page in resource.pages(self.client, self.scope):
            version = model.data_version
            model.upsert(page)
            if model.data_version - version >= _MANY:
                # Rows refer to no other rows: looking for cycles among them would stop the screen
                # for a tenth of a second, in the middle of whatever is typed.
                gc.freeze()
            keys.update(map(resource.key, page))
            if tell:
                self._changed(resource.id)
        model.keep(keys)
        self.freshness[resource.id].complete = True
        self.freshness[resource.id].read = self._clock()
