"""What the columns and details of one resource look up in others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any

from screens.tables.model import TableModel

_SHORT = 20
"""Characters of an id that is read as well as a name."""


class Look:
    """The clock, and the rows of other resources by what they refer to."""

    def __init__(
        self,
        models: Mapping[str, TableModel[Any]],
        clock: Callable[[], float],
        in_one_project: bool,
    ) -> None:
        self.in_one_project = in_one_project
        """The operator entered a project: naming it in every row would say nothing."""
        self._models = models
        self._clock = clock
        self._groups: dict[tuple[str, str], tuple[int, dict[str, list[Any]]]] = {}

    def now(self) -> float:
        """Unix seconds."""
        return self._clock()

    def row(self, resource: str, id_: str | None) -> Any | None:
        """A row by its id, if it is loaded."""
        model = self._models.get(resource)
        return None if id_ is None or model is None else model.row(id_)

    def name(self, resource: str, id_: str | None) -> str:
        """Name of a row by its id; the id (its beginning, where it is long) where it is not loaded, – for none."""
        if id_ is None:
            return "–"
        row = self.row(resource, id_)
        if row is None:
            return id_ if len(id_) <= _SHORT else f"{id_[:8]}…"
        return str(row.name)

    def rows(self, resource: str) -> Iterable[Any]:
        """All loaded rows of a resource."""
        model = self._models.get(resource)
        return () if model is None else model.rows()

    def referring(self, resource: str, field: str, id_: str) -> Sequence[Any]:
        """The loaded rows of `resource` whose `field` (dotted, if need be) is this id."""
        model = self._models.get(resource)
        if model is None:
            return ()
        version, groups = self._groups.get((resource, field), (-1, {}))
        if version != model.data_version:
            groups = {}
            value_of = attrgetter(field)
            for row in model.rows():
                groups.setdefault(str(value_of(row)), []).append(row)
            self._groups[resource, field] = (model.data_version, groups)
        return groups.get(id_, ())
