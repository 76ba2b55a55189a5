"""The Export screen: a session as a template for stock Packer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from textual.app import ComposeResult
from textual.containers import Container, Horizontal
from textual.widget import Widget
from textual.widgets import Static

from oxtui.export.exported import Exported
from screens.actions.export import TABS
from screens.export.diff_view import DiffView
from screens.export.load import Exporter, NotExported, exporter
from screens.export.notes_view import NotesView
from screens.export.saving import Saving
from screens.export.tab_line import ExportTabs
from screens.widgets.code.editor import CodeEditor


class ExportScreen(Saving):
    """Shows what `oxtui export` would write, and writes it."""

    CONTEXTS = ("export",)
    CSS_PATH = "export.tcss"

    def __init__(self) -> None:
        super().__init__()
        self.tab = TABS[0][0]
        self._tabs = ExportTabs()
        self._text = CodeEditor("", "hcl", id="template")
        self._text.read_only = True
        self._diff = DiffView(id="changes")
        self._notes = NotesView(id="notes")
        self._empty = Static("", id="empty", markup=False)

    def body(self) -> ComposeResult:
        """Tabs; the view that is chosen, and beside it, where there is room, the notes."""
        yield self._tabs
        yield self._empty
        with Horizontal(id="views"):
            with Container(id="texts"):
                yield self._text
                yield self._diff
            yield self._notes

    def on_mount(self) -> None:
        """What there is to show."""
        super().on_mount()
        self._draw()

    # what is shown

    def visit(self, names: tuple[str, ...]) -> None:
        """Show the export of the session of that number, as it stands now."""
        if names:
            self.number = int(names[0])
            self.run_worker(self._load(), group="load", exclusive=True, exit_on_error=False)

    def crumbs(self) -> str:
        """Which session it is."""
        return f"export of session {self.number}" if self.number else "export"

    async def _load(self) -> None:
        self.exported, self.waiting = None, "The template is being made."
        self._draw()
        try:
            made = await exporter(self.oxtui.services, self.oxtui.builds, self.number)
            await self._show(made)
        except NotExported as error:
            self.waiting = str(error)
            self._draw()

    async def _show(self, made: Exporter) -> None:
        self.show_export(await made.export(), made)

    def _again(self, made: Exporter) -> None:
        """The same session with other wishes."""

        async def remade() -> None:
            try:
                await self._show(made)
            except NotExported as error:
                self._failed(str(error))

        self.run_worker(remade(), group="load", exclusive=True, exit_on_error=False)

    def show_export(self, exported: Exported, made: Exporter | None = None) -> None:
        """Show an export; `made` makes it anew for the place where it is saved."""
        self.exporter = made
        self.exported = exported
        self._text.load_text(exported.text)
        self._diff.show(exported.diff)
        self._notes.show(exported)
        if exported.problems:
            self.tab = "notes"
        self._draw()

    def _draw(self) -> None:
        if not self.is_mounted:
            return
        for id_, _ in TABS:
            self.set_class(self.tab == id_, f"-{id_}")
        self.set_class(self.exported is None, "-empty")
        self._empty.update(self.waiting)
        self._tabs.show(self.tab, self.exported)
        self.show_top()
        if self.exported is not None:
            self._view().focus()
        self.refresh_bindings()

    def _view(self) -> Widget:
        views: dict[str, Widget] = {
            "template": self._text, "changes": self._diff, "notes": self._notes
        }  # fmt: skip
        return views[self.tab]

    # acting

    def do_template(self) -> None:
        """The whole text."""
        self._open("template")

    def do_changes(self) -> None:
        """What differs from the template that the session began with."""
        self._open("changes")

    def do_notes(self) -> None:
        """What was done and what is needed."""
        self._open("notes")

    def do_next(self) -> None:
        """The view behind this one."""
        ids = [id_ for id_, _ in TABS]
        self._open(ids[(ids.index(self.tab) + 1) % len(ids)])

    def _open(self, tab: str) -> None:
        self.tab = tab
        self._draw()

    def do_commands(self) -> None:
        """Commands that ran at stops: provisioners, or comments."""
        if self.exporter is not None:
            self._again(replace(self.exporter, commands=not self.exporter.commands))

    def do_breakpoints(self) -> None:
        """Breakpoints: provisioners, or left out."""
        if self.exporter is not None:
            self._again(replace(self.exporter, breakpoints=not self.exporter.breakpoints))

    def do_copy(self) -> None:
        """The template, or the changes if they are in front."""
        if self.exported is not None:
            changes = self.tab == "changes"
            text = self.exported.diff if changes else self.exported.text
            self.oxtui.copy(text, "the changes" if changes else "the template")

    def default_path(self) -> Path:
        """Where it is saved if nobody says otherwise."""
        return Path("session.pkr.hcl") if self.exporter is None else self.exporter.file_name()
