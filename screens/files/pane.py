"""The file pane: one directory of the instance, or what differs from the source image."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.widgets import Static

from oxtui.build.files import content
from oxtui.build.files.differing import differing
from oxtui.build.files.guest import GuestFileError, GuestShell, shown
from oxtui.build.files.listing import listed
from oxtui.logs.redact import Redactor
from screens.dialogs.dialog import Dialog
from screens.dialogs.form import Field, FormDialog
from screens.files.hand import Hand, Told
from screens.files.reader import ReadDialog, readable
from screens.files.rows import FileRow, differences, differing_rows, entry_rows, files, parent
from screens.tables.cell import clean
from screens.tables.model import TableModel
from screens.waiting import patiently
from screens.widgets.resource_table import ResourceTable
from screens.wording import plural

SILENT = "The instance has not answered yet: it may be off, or starting. It is read once it does; esc leaves."


class FilePane(Dialog[None]):
    """Files of one instance.

    Args:
        shell: runs programs in the guest.
        place: `user@host`.
        redactor: hides known secrets in what is shown.
        told: takes what is done.
        made: when the instance was made, in Unix seconds; None where that is not known.
        clock: in Unix seconds.
    """

    CONTEXTS: ClassVar[tuple[str, ...]] = ("files", "dialog")
    DEFAULT_CSS = """
    FilePane {
        & > .dialog--frame { width: 100%; height: 100%; padding: 0 1; }
        & .dialog--body { height: 1fr; }
        & ResourceTable { height: 100%; background: $surface; }
        & #where { height: 1; text-style: bold; }
        & #note { height: auto; max-height: 5; color: $text-muted; }
    }
    """

    def __init__(
        self,
        shell: GuestShell,
        place: str,
        redactor: Redactor,
        told: Told,
        made: float | None,
        clock: Callable[[], float],
    ) -> None:
        super().__init__(f"Files of {place}")
        self._shell = shell
        self._redactor = redactor
        self._hand = Hand(self, shell, redactor, told)
        self._made = made
        self._clock = clock
        self._folder = "~"
        self._directory = files()
        self._differing = differences()
        self.table = ResourceTable(self._directory)

    def above(self) -> ComposeResult:
        """Which directory."""
        yield Static("", id="where", markup=False)

    def body(self) -> ComposeResult:
        """The table."""
        self.table.empty = ("Reading…",)
        yield self.table

    def below(self) -> ComposeResult:
        """What is to be known about it."""
        yield Static("", id="note", markup=False)

    def on_mount(self) -> None:
        """Begin in the home directory."""
        super().on_mount()
        self.table.focus()
        self._go("~")

    @property
    def current(self) -> FileRow | None:
        """The file under the cursor."""
        return self.table.model.current

    @property
    def folder(self) -> str:
        """The directory that is shown."""
        return self._folder

    @property
    def differs(self) -> bool:
        """Whether what differs from the source image is shown."""
        return self.table.model is self._differing

    # doing things in the guest

    def _work(self, doing: Coroutine[Any, Any, None]) -> None:
        """Beside the screen; what fails is said."""
        self.run_worker(self._guarded(doing), group="files", exclusive=True, exit_on_error=False)

    async def _guarded(self, doing: Coroutine[Any, Any, None]) -> None:
        try:
            await doing
        except (GuestFileError, OSError) as error:
            told = self._redactor.text(str(error))
            self.notify(told, title="Not done", severity="error", timeout=15, markup=False)
            if not self.table.model.shown:
                self._say(told)

    def _go(self, path: str) -> None:
        self._work(self._list(path))

    async def _list(self, path: str) -> None:
        with patiently(self, lambda: self._say(SILENT)):
            found = await listed(self._shell, path)
        # Read again, the cursor stays on its file; up again, it is on the directory that was left.
        again = found.path == self._folder and not self.differs
        stays = self.current.path if again and self.current is not None else self._folder
        self._folder = found.path
        self._fill(self._directory, entry_rows(found.path, found.entries))
        if stays in self._directory.shown:
            self.table.move(list(self._directory.shown).index(stays))
        notes = [
            "Listed as root, by sudo." if found.as_root else "",
            "There is more in it than is read." if found.cut else "",
        ]
        self._show(found.path, " ".join(filter(None, notes)))

    def _fill(self, model: TableModel[FileRow], rows: list[FileRow]) -> None:
        model.keep(())
        model.upsert(rows)
        self.table.empty = ("Nothing is in it.",)
        self.table.show(model)
        self.table.move(0)
        self.refresh_bindings()

    def _show(self, where: str, note: str) -> None:
        self.query_one("#where", Static).update(clean(shown(where)))
        self._say(note)

    def _say(self, note: str) -> None:
        self.query_one("#note", Static).update(clean(note))

    # actions

    @on(ResourceTable.Opened)
    def _opened(self) -> None:
        self.do_open()

    @on(ResourceTable.CursorMoved)
    def _moved(self) -> None:
        self.refresh_bindings()

    def do_open(self) -> None:
        """Into a directory, or the file's content; a link leads where it points."""
        row = self.current
        if row is not None and row.kind in ("directory", "link"):
            self._work(self._follow(row))
        elif row is not None:
            self._work(self._read(row.path))

    async def _follow(self, row: FileRow) -> None:
        try:
            await self._list(row.path)
        except GuestFileError:
            if row.kind == "directory":
                raise
            await self._read(row.path)

    async def _read(self, path: str) -> None:
        self._say(f"Reading {shown(path)}…")
        found = await content.read(self._shell, path)
        self._say("")
        text = self._redactor.text(readable(found))
        self.app.push_screen(ReadDialog.of(found, text))

    def do_up_folder(self) -> None:
        """To the directory above."""
        self._go(self._folder if self.differs else parent(self._folder))

    def do_again(self) -> None:
        """Read it again."""
        if self.differs:
            self._work(self._compare())
        else:
            self._go(self._folder)

    def do_path(self) -> None:
        """Ask for a path and go there."""
        self._work(self._ask_path())

    async def _ask_path(self) -> None:
        asked = FormDialog("Go to a path", [Field(name="path", label="Path", value=self._folder)])
        answer = await self.app.push_screen_wait(asked)
        if answer is not None:
            await self._list(answer["path"] or "~")

    def do_differing(self) -> None:
        """What differs from the source image, or the directory again."""
        if self.differs:
            self._go(self._folder)
        else:
            self._work(self._compare())

    async def _compare(self) -> None:
        if self._made is None:
            self._say(
                "It is not known when this instance was made, so there is nothing to compare with."
            )
            return
        self._say("Looking through the instance…")
        found = await differing(self._shell, self._made, self._clock)
        self._fill(self._differing, differing_rows(found.files))
        many = plural(len(found.files), "file") + (" and more" if found.cut else "")
        self._show(f"{many} not as in the source image", found.basis)

    def do_edit(self) -> None:
        """Change a file in place."""
        if self.current is not None:
            self._work(self._edit(self.current.path))

    async def _edit(self, path: str) -> None:
        if await self._hand.edit(path) and not self.differs:
            await self._list(self._folder)

    def do_download(self) -> None:
        """Copy a file to this machine."""
        if self.current is not None:
            self._work(self._hand.download(self.current.path))

    def do_upload(self) -> None:
        """Copy a file of this machine into the directory."""
        self._work(self._upload())

    async def _upload(self) -> None:
        if await self._hand.upload(self._folder):
            await self._list(self._folder)
