"""The line of open shells above the one that is shown."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

_LONGEST = 28


class ShellTabs(Static):
    """Numbers and names of the shells; a click chooses one."""

    DEFAULT_CSS = """
    ShellTabs {
        display: none;
        height: 1;
        color: $text-muted;
        &.-several { display: block; }
    }
    """

    class Picked(Message):
        """This shell is to be shown."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    def __init__(self) -> None:
        super().__init__()
        self._ends: list[int] = []
        self._shown: tuple[tuple[str, ...], int] | None = None

    def show(self, names: Sequence[str], current: int) -> None:
        """Draw these, the current one marked; nothing where there is only one."""
        if (shown := (tuple(names), current)) == self._shown:
            return
        self._shown = shown
        self.set_class(len(names) > 1, "-several")
        parts, self._ends, at = [], [], 0
        for number, name in enumerate(names):
            short = name if len(name) <= _LONGEST else name[: _LONGEST - 1] + "…"
            label = Content(f" {number + 1} {short} ")
            at += label.cell_length
            self._ends.append(at)
            parts.append(label.stylize("reverse") if number == current else label)
        self.update(Content.assemble(*parts))

    def on_click(self, event: events.Click) -> None:
        """Chooses the shell under the mouse."""
        event.stop()
        picked = sum(1 for end in self._ends if end <= event.x)
        if picked < len(self._ends):
            self.post_message(self.Picked(picked))
