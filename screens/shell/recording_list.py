"""The list of recorded commands beside the shell."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from screens.acting import Acts
from screens.build.look import duration
from screens.shell.recording_rows import RecordedRows, Row
from screens.tables.cell import printable
from screens.widgets.top_line import TONES

_DETAILS = 3
"""Lines about the row under the cursor, at the bottom, where there is room."""
_LOW = 10
"""Lines of the whole list below which there is one of them."""
KEYS = "space mark · enter provisioner"


class RecordingList(Acts, Widget, can_focus=True, inherit_bindings=False):
    """Draws the commands of one shell; `mask` hides what is secret."""

    CONTEXTS = ("recording",)
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "recording--cursor",
        *(f"recording--{tone}" for tone in TONES if tone),
    }
    DEFAULT_CSS = """
    RecordingList {
        display: none;
        width: 38;
        border-left: solid $panel;
        padding: 0 0 0 1;
        & > .recording--cursor { background: $panel; }
        &:focus > .recording--cursor { background: $block-cursor-background; text-style: bold; }
        &:focus { border-left: solid $accent; }
        & > .recording--good { color: $text-success; }
        & > .recording--busy { color: $text-secondary; }
        & > .recording--warn { color: $text-warning; }
        & > .recording--bad { color: $text-error; }
        & > .recording--muted { color: $text-muted; }
        & > .recording--accent { color: $text-accent; }
        &.-open { display: block; }
    }
    """

    class Wanted(Message):
        """A provisioner of what is marked is wanted."""

    class Left(Message):
        """The keys go back to the shell; `prefixed`: the next one is a command about it."""

        def __init__(self, prefixed: bool = False) -> None:
            super().__init__()
            self.prefixed = prefixed

    def __init__(self) -> None:
        super().__init__()
        self.rows = RecordedRows()
        self.note = ""
        """What is to be known of the recording as a whole."""
        self.mask: Callable[[str], str] = str
        self._top = 0
        self._styles: dict[str, Style] = {}

    def show(self, rows: RecordedRows, note: str) -> None:
        """Draw these rows."""
        self.rows, self.note = rows, note
        self._keep_in_view()
        self.refresh()

    # acting

    def do_up(self) -> None:
        """The command above."""
        self._change(self.rows.move, -1)

    def do_down(self) -> None:
        """The command below."""
        self._change(self.rows.move, 1)

    def do_mark(self) -> None:
        """Choose the command, or no longer."""
        self._change(self.rows.toggle)

    def do_mark_succeeded(self) -> None:
        """Choose all that ended well, or none."""
        self._change(self.rows.mark_succeeded)

    def do_remove(self) -> None:
        """Take the command out of the list."""
        self._change(self.rows.remove)

    def do_carry_up(self) -> None:
        """Move the command up."""
        self._change(self.rows.carry, -1)

    def do_carry_down(self) -> None:
        """Move the command down."""
        self._change(self.rows.carry, 1)

    def do_make(self) -> None:
        """Make a provisioner of what is chosen."""
        self.post_message(self.Wanted())

    async def _on_key(self, event: events.Key) -> None:
        """The shell's prefix counts here as well."""
        if event.key in ("ctrl+]", "ctrl+right_square_bracket"):
            event.stop()
            event.prevent_default()
            self.post_message(self.Left(prefixed=True))

    def can_step_back(self) -> bool:
        """Escape leads back to the shell."""
        return True

    def step_back(self) -> bool:
        """Back to the shell."""
        self.post_message(self.Left())
        return True

    def on_click(self, event: events.Click) -> None:
        """Go to a command; a click on the mark sets it."""
        row = event.y + self._top
        if row < len(self.rows.rows) and event.y < self._room:
            self.rows.cursor = row
            if event.x <= 4:
                self.rows.toggle()
            self._change(self.rows.move, 0)

    def _change(self, change: object, *values: int) -> None:
        if callable(change):
            change(*values)
        self._keep_in_view()
        self.refresh()

    @property
    def _room(self) -> int:
        height = self.content_size.height
        return max(1, height - (_DETAILS if height >= _LOW else 1))

    def _keep_in_view(self) -> None:
        last = max(0, len(self.rows.rows) - self._room)
        cursor = self.rows.cursor
        self._top = min(max(self._top, cursor - self._room + 1), cursor, last)

    def on_resize(self) -> None:
        """The cursor stays in view."""
        self._keep_in_view()

    # drawing

    def notify_style_update(self) -> None:
        """Another theme: styles are looked up anew."""
        self._styles.clear()
        super().notify_style_update()

    def render_line(self, y: int) -> Strip:
        """A command, or what is said of the one under the cursor."""
        width, base = self.content_size.width, self.rich_style
        if y >= self._room:
            return self._detail(y - self._room, width, base)
        index = y + self._top
        if index >= len(self.rows.rows):
            return Strip.blank(width, base)
        row = self.rows.rows[index]
        if index == self.rows.cursor:
            base = base + self._style("cursor")
        state, tone = _state(row)
        mark = "✚" if row.made else "◉" if row.marked else "○"
        text = self._text(row)
        return Strip(
            [
                Segment("›" if index == self.rows.cursor else " ", base + self._style("accent")),
                Segment(f"{mark} ", base + self._style("accent" if row.marked else "muted")),
                Segment(f"{state} ", base + self._style(tone)),
                Segment(
                    _fit(text, width - 4 - cell_len(state)),
                    base + self._style("muted" if row.made else ""),
                ),
            ]
        ).adjust_cell_length(width, base)

    def _text(self, row: Row) -> str:
        first, *more = self.mask(row.command.text).split("\n")
        return printable(first) + (" …" if more else "")

    def _detail(self, line: int, width: int, base: Style) -> Strip:
        details = self._details()
        if self.content_size.height < _LOW and self.note:
            line = 1
        text, tone = details[line]
        return Strip([Segment(_fit(text, width), base + self._style(tone))])

    def _details(self) -> list[tuple[str, str]]:
        row = self.rows.current
        keys = KEYS if self.has_focus else "ctrl+] then l: into this list"
        if row is None:
            return [
                ("Commands come here as they end.", "muted"),
                (self.note, "warn"),
                (keys, "muted"),
            ]
        command = row.command
        took = "" if command.seconds is None else f" · {duration(command.seconds)}"
        told = f"in {printable(self.mask(command.directory))}{took}"
        if row.made:
            told = "in a provisioner already"
        elif command.starts_shell:
            told = "a shell: nothing in it is recorded"
        return [(told, "muted"), (self.note, "warn"), (keys, "muted")]

    def _style(self, name: str) -> Style:
        if name not in self._styles:
            found = (
                self.get_component_rich_style(f"recording--{name}", partial=True)
                if name
                else Style()
            )
            self._styles[name] = found
        return self._styles[name]


def _state(row: Row) -> tuple[str, str]:
    status = row.command.status
    if status is None:
        return "?", "warn"
    return ("✓", "good") if status == 0 else (f"✗ {status}", "bad")


def _fit(text: str, width: int) -> str:
    if cell_len(text) <= width:
        return set_cell_size(text, max(0, width))
    return set_cell_size(text, max(0, width - 1)).rstrip() + "…" if width > 0 else ""
