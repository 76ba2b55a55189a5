"""The Browse screen: tabs, table, details, and the keys that act on rows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Static

from screens.actions import Action
from screens.actions.browse_situation import BrowseSituation
from screens.background import start
from screens.browse.browser import BROWSERS
from screens.browse.detail_pane import DetailPane
from screens.browse.moving import Moving
from screens.browse.notices import count_text, empty_text, notice_text
from screens.browse.shelf import Shelf
from screens.browse.tab_line import TabLine
from screens.browse.work import Work
from screens.connection import Connecting, Failed
from screens.rack_label import read_only_reason
from screens.widgets.resource_table import ResourceTable
from screens.wording import in_sentence

if TYPE_CHECKING:
    from screens.connection import Link

_DETAILS_AFTER = 0.15
"""Seconds that the cursor rests on a row before its further details are fetched."""
_TICK = 1.0


class BrowseScreen(Moving):
    """Tables of what is on the rack."""

    def __init__(self) -> None:
        super().__init__()
        self._link: Link | None = None

    def body(self) -> ComposeResult:
        """Tabs, what is wrong, table and details."""
        yield TabLine(self.filter_by)
        with Horizontal(classes="browse--main"):
            yield ResourceTable(self.model)

    def on_mount(self) -> None:
        """Ages and staleness are told anew every second while something is wrong."""
        super().on_mount()
        self.query_one(ResourceTable).focus()
        self.set_interval(_TICK, self.show_notice)
        self.rack_changed()
        self.call_after_refresh(self._complete)

    async def _complete(self) -> None:
        """What the first frame need not wait for; nothing any more where oxtui is left before."""
        if not self.is_attached:
            return
        notice = Static("", classes="browse--notice", markup=False)
        await self.mount(notice, after=self.query_one(TabLine))
        for main in self.query(".browse--main"):
            if main.is_attached:
                await main.mount(DetailPane())
                self._rows_changed()

    # where we are

    def visit(self, names: tuple[str, ...]) -> None:
        """Show a kind of resource, in a project (its id) or in all."""
        resource, project = names[0], names[1]
        self.resource = self.browser.kind(resource)
        gone = self.shelf is None or self.shelf.project(project) is None
        self.project = "" if gone else project
        if self.is_mounted:
            self._show_table()

    def rack_changed(self) -> None:
        """Another rack, or the same one in another state."""
        link = self.oxtui.connector.link
        if link is not self._link:
            self._link = link
            self.project = ""
            self.workers.cancel_group(self, "fresh")
            clock = self.oxtui.services.clock
            self.shelf = None
            if link is not None:
                self.browser = BROWSERS[link.connection.provider]
                self.resource = self.browser.kind(self.resource.id)
                self.shelf = Shelf(self.browser, link.client, clock, self._loaded)
        self._show_table()

    def crumbs(self) -> str:
        """The kind of resource and the project."""
        parts = [in_sentence(self.browser.title(self.resource.id)), self.project_name]
        if self.has_class("-details") and self.model.current is not None:
            parts.append(self.model.current.name)
        return " › ".join(part for part in parts if part)

    def contexts(self) -> tuple[str, ...]:
        """The kind of resource, its provider, then Browse."""
        tabs = self.browser.tabs
        return (tabs.of(self.resource.id), tabs.context, "browse")

    def situation(self) -> BrowseSituation:
        """What decides which actions are possible."""
        return BrowseSituation(
            connected=self._link is not None,
            connecting=isinstance(self.oxtui.connector.state, Connecting),
            failed=isinstance(self.oxtui.connector.state, Failed),
            read_only=read_only_reason(self.oxtui.connector.state, self.oxtui.services.settings),
            rows=self.model.selected(),
            project=self.project_name,
            in_details=self.has_class("-details"),
            owner="" if self._link is None else self._link.owner,
            related=self._why_not_related(),
        )

    def _why_not_related(self) -> str:
        row, catalog = self.model.current, self.catalog
        if row is None or catalog is None or self.resource.related(row, catalog.look):
            return ""
        return f"Nothing else is known to belong to {row.name}."

    # drawing

    def _show_table(self) -> None:
        tabs = self.query_one(TabLine)
        tabs.tabs, tabs.current = self.browser.tabs, self.resource.id
        self._page_details(False)
        self.query_one(ResourceTable).show(self.model)
        self._rows_changed()
        self._keep_fresh()
        self.show_top()

    def _keep_fresh(self) -> None:
        """Read the present table again and again, as long as this screen is in front."""
        catalog = self.catalog
        if catalog is not None and self.is_current:
            start(self, partial(catalog.keep_fresh, self.resource), group="fresh", exclusive=True)

    def on_screen_suspend(self) -> None:
        """Nobody looks: the rack is left alone."""
        self.workers.cancel_group(self, "fresh")

    def on_screen_resume(self) -> None:
        """Somebody looks again."""
        super().on_screen_resume()
        self._keep_fresh()

    def _loaded(self, resource: str) -> None:
        """More of a table was read, or it could not be."""
        if resource == self.resource.id and self.is_mounted:
            self.query_one(ResourceTable).model_changed()
            self._rows_changed()

    def _rows_changed(self) -> None:
        catalog = self.catalog
        freshness = None if catalog is None else catalog.freshness[self.resource.id]
        tabs = self.query_one(TabLine)
        tabs.count = count_text(self.model, freshness)
        tabs.show_filter(self.model.filter.text, self.model.filter.problem)
        table = self.query_one(ResourceTable)
        table.empty = empty_text(
            self.browser.title(self.resource.id),
            self.resource,
            self.model,
            freshness,
            self.oxtui.connector.state,
            self.project_name,
        )
        self.show_notice()
        self._show_details()
        self.refresh_bindings()

    def show_notice(self) -> None:
        """Say what is wrong with the filter or the rack, and since when."""
        catalog = self.catalog
        text = ""
        if catalog is not None:
            text = notice_text(
                self.model.filter.problem,
                catalog.freshness[self.resource.id],
                self.oxtui.services.clock(),
            )
        for line in self.query(".browse--notice").results(Static):
            if text != line.content:  # an update is a new layout
                line.update(text)
            line.display = bool(text)

    def _show_details(self) -> None:
        catalog, row = self.catalog, self.model.current
        pane = self.query(DetailPane).first() if self.query(DetailPane) else None
        if row is None or catalog is None:
            if pane is not None:
                pane.show("", (), ())
            self._page_details(False)
            return
        key = (self.resource.id, self.resource.key(row))
        facts = self.resource.facts(row, catalog.look)
        if pane is not None:
            pane.show(row.name, facts, catalog.sections.get(key, ()))

    def _page_details(self, on: bool) -> None:
        """Fill the screen with the details, or show the table again."""
        if on is self.has_class("-details"):
            return
        self.set_class(on, "-details")
        pane = self.query_one(DetailPane)
        pane.can_focus = on
        (pane if on else self.query_one(ResourceTable)).focus()
        if on:
            self._show_details()
        self.show_top()

    @on(ResourceTable.CursorMoved)
    def _another_row(self) -> None:
        self._show_details()
        self.refresh_bindings()
        if self.has_class("-details") or self.has_class("-wide"):
            self.set_timer(_DETAILS_AFTER, self._fetch_if_here(self.model.current))

    def _fetch_if_here(self, row: Any) -> Callable[[], None]:
        def fetch() -> None:
            if row is not None and row is self.model.current:
                self._fetch_details(row)

        return fetch

    def _fetch_details(self, row: Any) -> None:
        start(self, partial(self._more, row), group="details", exclusive=True)

    async def _more(self, row: Any) -> None:
        catalog, resource = self.catalog, self.resource
        if catalog is not None:
            sections = await resource.more(catalog.client, row)
            catalog.sections[resource.id, resource.key(row)] = tuple(sections)
            self._show_details()

    # acting

    def perform(self, action: Action) -> None:
        """A tab, something that the resource declares, or a method of this screen."""
        kind = self.browser.tabs.shown_by(action.id)
        if kind is not None:
            self.show_kind(kind, self.project)
        elif action.id in self.resource.handlers:
            self._run(action)
        else:
            super().perform(action)

    def _run(self, action: Action) -> None:
        catalog, link = self.catalog, self._link
        if catalog is None or link is None:
            return
        profile = self.oxtui.services.settings.profile(link.connection.profile or "")
        work = Work(
            app=self.oxtui,
            client=link.client,
            look=catalog.look,
            scope=catalog.scope,
            production=profile.production,
            reload=catalog.wake,
        )
        handler = self.resource.handlers[action.id]
        act = partial(handler, work, self.model.selected())
        start(self, partial(self._handled, act), group="acting")

    async def _handled(self, act: Callable[[], Awaitable[None]]) -> None:
        await act()
        self.model.marks.clear()
        self.query_one(ResourceTable).refresh()

    def do_details(self) -> None:
        """Details as a page; esc leads back to the table."""
        if self.model.current is not None:
            self._page_details(True)
            self._fetch_details(self.model.current)

    do_project_details = do_details

    # the filter

    def filter_by(self, text: str) -> None:
        """Narrow the table, as typing the filter would."""
        self.model.set_filter(text)
        self.query_one(ResourceTable).model_changed()
        self._rows_changed()

    def do_filter(self) -> None:
        """Type a filter."""
        self.query_one(TabLine).type_filter()

    def can_step_back(self) -> bool:
        """Details, filter, marks or a project can be left."""
        typing = self.query_one(TabLine).is_typing
        left = self.model.filter.text or self.model.marks or self.project
        return self.has_class("-details") or typing or bool(left)

    def step_back(self) -> bool:
        """Details, filter, project: one after the other."""
        if self.has_class("-details"):
            self._page_details(False)
        elif self.model.filter.text or self.query_one(TabLine).is_typing:
            self.query_one(ResourceTable).focus()
            self.filter_by("")
        elif self.model.marks:
            self.model.marks.clear()
            self.query_one(ResourceTable).refresh()
            self.refresh_bindings()
        elif self.project:
            self.show_kind(self.browser.scopes, "")
        else:
            return False
        return True

    @on(ResourceTable.Opened)
    def _opened(self) -> None:
        if self.resource.id == self.browser.scopes:
            self.do_enter_project()
        else:
            self.do_details()
