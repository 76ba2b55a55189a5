"""The list that most kinds of resource have: those of a project."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from oxtui.rack.web.paging import ProjectScan

if TYPE_CHECKING:
    from collections.abc import Callable

    from oxtui.rack.rack import Rack
    from oxtui.rack.store.tables import R, Table
    from oxtui.rack.web.operation import Call


def of_project(
    rack: Rack, call: Call, table: Table[R], view: Callable[[R], dict[str, Any]]
) -> dict[str, Any]:
    """Return a page of the rows of the project that the query names."""
    scan, page = call.scan(ProjectScan)
    return page.of(table, view, project_id=rack.lookup.project(scan.project).id)
