"""Moving about in Browse: kinds of resources, projects, history; and what is copied from there."""

from __future__ import annotations

import re
from typing import Any

from screens.browse.browser import BROWSERS, Browser
from screens.browse.catalog import Catalog
from screens.browse.resource import Related, Resource
from screens.browse.row_text import row_json
from screens.browse.shelf import Shelf
from screens.connection import Failed
from screens.oxtui_screen import Workplace
from screens.places import Place
from screens.tables.model import TableModel


class Moving(Workplace):
    """The part of Browse that knows where one is."""

    def __init__(self) -> None:
        super().__init__()
        self.browser: Browser = BROWSERS["oxide"]
        """What is shown of which provider: of the last one that was connected."""
        self.resource: Resource = self.browser.kind("")
        """The kind of resource that is shown."""
        self.project = ""
        """Id of the project that was entered; empty for all."""
        self.shelf: Shelf | None = None
        """What is known of the rack; None while there is none."""
        self._nothing = TableModel[Any]((), str)

    @property
    def catalog(self) -> Catalog | None:
        """What is known in the present scope; None while there is no rack."""
        return None if self.shelf is None else self.shelf.catalog(self.project)

    @property
    def model(self) -> TableModel[Any]:
        """The table that is shown."""
        return self._nothing if self.catalog is None else self.catalog.models[self.resource.id]

    @property
    def project_name(self) -> str:
        """Name of the project that was entered; empty for all."""
        catalog = self.catalog
        return "" if catalog is None or catalog.project is None else str(catalog.project.name)

    def projects(self) -> dict[str, str]:
        """Ids of the projects that are known, by name."""
        known = () if self.shelf is None else self.shelf.projects
        return {str(row.name): str(row.id) for row in known}

    def show_kind(self, resource: str, project: str) -> None:
        """Go to a kind of resource, in a project (its id) or in all."""
        self.oxtui.go_soon(Place("browse", (resource, project)))

    def do_next_tab(self) -> None:
        """The next kind of resource; behind the last comes the first."""
        self._step_tab(1)

    def do_previous_tab(self) -> None:
        """The kind of resource before."""
        self._step_tab(-1)

    def _step_tab(self, by: int) -> None:
        ids = list(self.browser.kinds)
        self.show_kind(ids[(ids.index(self.resource.id) + by) % len(ids)], self.project)

    def do_enter_project(self) -> None:
        """The project under the cursor: what it has."""
        if self.model.current is not None:
            self.show_kind("images", self.model.current.id)

    def do_leave_project(self) -> None:
        """All projects again."""
        self.show_kind(self.resource.id, "")

    def do_choose_project(self) -> None:
        """Ask which project is to be shown."""
        from screens.dialogs.choice import Choice, ChoiceDialog

        if self.shelf is None:
            return
        choices = [
            Choice("*", "all projects", "every tab shows what all have"),
            *(
                Choice(project.id, project.name, project.description)
                for project in self.shelf.projects
            ),
        ]

        def chosen(project: str | None) -> None:
            if project is not None:
                self.show_kind(self.resource.id, "" if project == "*" else project)

        self.app.push_screen(ChoiceDialog("Project", choices), chosen)

    def do_copy_id(self) -> None:
        """The id of the row under the cursor."""
        row = self.model.current
        if row is not None:
            self.oxtui.copy(self.resource.key(row), f"the id of {row.name}")

    def do_copy_json(self) -> None:
        """The row under the cursor as JSON."""
        row = self.model.current
        if row is not None:
            self.oxtui.copy(row_json(row), f"{row.name} as JSON")

    def do_related(self) -> None:
        """What belongs to the row under the cursor: another table, narrowed to it."""
        row, catalog = self.model.current, self.catalog
        if row is None or catalog is None:
            return
        there = self.resource.related(row, catalog.look)
        if len(there) == 1:
            self._go_to(there[0])
        elif there:
            from screens.dialogs.choice import Choice, ChoiceDialog

            choices = [
                Choice(str(at), each.what, ", ".join(each.ids)) for at, each in enumerate(there)
            ]
            self.app.push_screen(
                ChoiceDialog(f"From {row.name}", choices),
                lambda chosen: None if chosen is None else self._go_to(there[int(chosen)]),
            )

    def _go_to(self, related: Related) -> None:
        ids = [re.escape(each) for each in related.ids]
        text = related.ids[0] if len(ids) == 1 else f"/{'|'.join(ids)}/"

        async def go() -> None:
            await self.oxtui.go(Place("browse", (related.kind, self.project)))
            self.filter_by(text)

        self.app.call_later(go)

    def filter_by(self, text: str) -> None:
        """Narrow the table, as typing the filter would."""
        raise RuntimeError("the screen has the table")

    def do_reload(self) -> None:
        """Look at the rack now."""
        state = self.oxtui.connector.state
        if self.catalog is not None:
            self.catalog.wake()
        elif isinstance(state, Failed):
            self.oxtui.choose_rack_soon(state.target)

    def do_history_back(self) -> None:
        """The place before, in history."""
        self.oxtui.step_history(-1)

    def do_history_forward(self) -> None:
        """The place after, in history."""
        self.oxtui.step_history(1)
