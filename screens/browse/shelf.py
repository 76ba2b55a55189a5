"""What is known of a rack: a catalog for all projects, and one for each project that was entered."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from screens.browse.catalog import Catalog

if TYPE_CHECKING:
    from oxtui.oxide.client import OxideClient


class Shelf:
    """The catalogs of one rack; each keeps its rows, cursors and filters for the next visit."""

    def __init__(
        self, client: OxideClient, clock: Callable[[], float], changed: Callable[[str], None]
    ) -> None:
        self._client = client
        self._clock = clock
        self._changed = changed
        self._all = Catalog(client, None, clock, changed)
        self._of_projects: dict[str, Catalog] = {}

    @property
    def projects(self) -> Iterable[Any]:
        """The projects that are known."""
        return self._all.models["projects"].rows()

    def project(self, id_: str) -> Any | None:
        """A project by its id, if it is known."""
        return self._all.models["projects"].row(id_)

    def catalog(self, project: str) -> Catalog:
        """The catalog of a project (its id), or of all for an empty id."""
        if not project:
            return self._all
        catalog = self._of_projects.get(project)
        if catalog is None:
            catalog = Catalog(self._client, self.project(project), self._clock, self._changed)
            catalog.models["projects"].upsert(self.projects)
            self._of_projects[project] = catalog
        return catalog
