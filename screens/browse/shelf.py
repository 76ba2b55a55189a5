"""What is known of a service: a catalog for all projects, and one for each project that was entered."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from screens.browse.browser import Browser
from screens.browse.catalog import Catalog


class Shelf:
    """The catalogs of one service; each keeps its rows, cursors and filters for the next visit."""

    def __init__(
        self,
        browser: Browser,
        client: Any,
        clock: Callable[[], float],
        changed: Callable[[str], None],
    ) -> None:
        self._browser = browser
        self._client = client
        self._clock = clock
        self._changed = changed
        self._all = Catalog(browser, client, None, clock, changed)
        self._of_projects: dict[str, Catalog] = {}

    @property
    def projects(self) -> Iterable[Any]:
        """The projects that are known."""
        model = self._all.models.get(self._browser.scopes)
        return () if model is None else model.rows()

    def project(self, id_: str) -> Any | None:
        """A project by its id, if it is known."""
        model = self._all.models.get(self._browser.scopes)
        return None if model is None else model.row(id_)

    def catalog(self, project: str) -> Catalog:
        """The catalog of a project (its id), or of all for an empty id."""
        if not project:
            return self._all
        catalog = self._of_projects.get(project)
        if catalog is None:
            catalog = Catalog(
                self._browser, self._client, self.project(project), self._clock, self._changed
            )
            catalog.models[self._browser.scopes].upsert(self.projects)
            self._of_projects[project] = catalog
        return catalog
