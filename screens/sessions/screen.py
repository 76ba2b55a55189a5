"""The Sessions screen: what ran, what it made, what it left; enter replays one."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult

from screens.dialogs.confirm import Answer
from screens.failures import sentence
from screens.places import Place
from screens.sessions.bundling import Bundling
from screens.sessions.leftovers import question, ssh_access, sweeping
from screens.sessions.rows import SessionRow, sessions
from screens.tables.model import Order
from screens.widgets.resource_table import ResourceTable
from screens.wording import plural

EVERY = 2.0
"""Seconds between two looks into the journal while the screen is in front."""


class SessionsScreen(Bundling):
    """All sessions of the operator's journal, whichever process ran them."""

    CONTEXTS = ("sessions",)

    def compose(self) -> ComposeResult:
        """The table between top line and keys."""
        self.model = sessions(self.oxtui.services.clock)
        self.model.set_order(Order("session", descending=True))
        self.table = ResourceTable(self.model)
        yield from super().compose()

    def body(self) -> ComposeResult:
        """The table."""
        self.table.empty = ("Reading the journal…",)
        yield self.table

    def on_mount(self) -> None:
        """Look into the journal again and again: other processes write it too."""
        super().on_mount()
        self.table.focus()
        self.set_interval(EVERY, self._look)

    def visit(self, names: tuple[str, ...]) -> None:
        """The screen is in front: what is new is read at once."""
        self._look()

    def crumbs(self) -> str:
        """Where this is."""
        return "sessions"

    @property
    def current(self) -> SessionRow | None:
        """The session under the cursor."""
        return self.model.current

    def _look(self) -> None:
        if self.is_current:
            self.run_worker(self._read(), group="journal", exclusive=True, exit_on_error=False)

    async def _read(self) -> None:
        from oxtui.build.environment import journal_path
        from oxtui.build.journal import JournalError, JournalReader
        from oxtui.build.session import SessionFolders

        folder = self.oxtui.services.settings.paths.sessions
        folders = SessionFolders(folder)
        try:
            async with JournalReader.open(journal_path(folder)) as reader:
                records = await reader.sessions()
        except JournalError as error:
            self.table.empty = (str(error),)
            self.table.model_changed()
            return
        rows = []
        for record in records:
            state = record.status
            if record.finished is None:
                state = "running" if folders.is_live(record.number) else "cut_off"
            rows.append(SessionRow(record, state))
        self.model.upsert(rows)
        self.model.keep({str(record.number) for record in records})
        self.model.recompute()
        self.table.empty = (
            "No session yet.",
            "n on an image in Browse begins a build; E builds the example on the demo rack.",
        )
        self.table.model_changed()
        self.refresh_bindings()

    @on(ResourceTable.Opened)
    def _opened(self) -> None:
        self.do_replay()

    @on(ResourceTable.CursorMoved)
    def _moved(self) -> None:
        self.refresh_bindings()

    def do_replay(self) -> None:
        """Show the session on the Build screen."""
        if self.current is not None:
            self.oxtui.go_soon(Place("build", (str(self.current.record.number),)))

    def do_export(self) -> None:
        """Show the session as a template for stock Packer."""
        if self.current is not None:
            self.oxtui.go_soon(Place("export", (str(self.current.record.number),)))

    def do_resume(self) -> None:
        """Go on with the session, on the Build screen."""
        if self.current is not None:
            number = self.current.record.number
            self.run_worker(
                self._resume(number), group="resume", exclusive=True, exit_on_error=False
            )

    async def _resume(self, number: int) -> None:
        from screens.builds import NotStarted
        from screens.sessions.resuming import resume

        try:
            running = await resume(self.oxtui, number)
        except NotStarted as error:
            self.notify(str(error), title="Not resumed", severity="error", timeout=20, markup=False)
            return
        if running is not None:
            await self.oxtui.go(Place("build", (str(number),)))

    def do_bundle(self) -> None:
        """Pack the session into a file for a colleague."""
        if self.current is not None:
            self.bundle(self.current.record.number)

    def do_leftovers(self) -> None:
        """List what the session left, and remove it on a yes."""
        if self.current is not None:
            number = self.current.record.number
            self.run_worker(self._sweep(number), group="sweep", exclusive=True, exit_on_error=False)

    def do_copy_ssh(self) -> None:
        """Copy how to log in to the instance that was left running."""
        if self.current is not None:
            self.run_worker(
                self._copy_ssh(self.current.record.number), group="ssh", exclusive=True,
                exit_on_error=False,
            )  # fmt: skip

    async def _copy_ssh(self, number: int) -> None:
        from oxtui.build.journal import JournalError

        try:
            access = await ssh_access(self.oxtui.services.settings.paths.sessions, number)
        except JournalError as error:
            self.notify(str(error), title="No command", severity="error", markup=False)
            return
        if access:
            self.oxtui.copy("\n".join(access.values()), f"ssh of {', '.join(access)}")
        else:
            self.notify(f"Session {number} left no instance that can be logged in to.")

    async def _sweep(self, number: int) -> None:
        from oxtui.build.journal import JournalError
        from oxtui.oxide.errors import OxideError

        self.notify(f"Looking for what session {number} left…", timeout=3)
        try:
            async with sweeping(self.oxtui.services, self.oxtui.connector.link) as sweeper:
                left = await sweeper.plan(number)
                if not left:
                    self.notify(f"Session {number} left nothing.")
                    return
                access = await ssh_access(self.oxtui.services.settings.paths.sessions, number)
                asked = question(number, left, access)
                answer: Answer | None = await self.app.push_screen_wait(asked)
                if answer is None:
                    return
                done = await sweeper.remove(left)
        except (JournalError, OxideError, OSError) as error:
            self.notify(
                sentence(error), title="Not swept", severity="error", timeout=20, markup=False
            )
            return
        failed = [swept for swept in done if not swept.removed]
        if failed:
            self.notify(
                f"{plural(len(failed), 'thing')} could not be removed: {failed[0].reason}",
                title="Not all removed", severity="error", timeout=20, markup=False,
            )  # fmt: skip
        else:
            self.notify(f"{plural(len(done), 'thing')} of session {number} removed.")
        self._look()
