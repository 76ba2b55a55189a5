"""Shows a text, such as a file of the guest."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, Self

from textual.app import ComposeResult, SuspendNotSupported
from textual.widget import Widget
from textual.widgets import Static

from oxtui.build.files.content import Content
from oxtui.build.files.guest import shown
from screens.dialogs.dialog import Dialog
from screens.editing.external import read_outside
from screens.failures import sentence
from screens.tables.cell import clean
from screens.widgets.code.spans import Language
from screens.widgets.code.view import CodeView
from screens.widgets.scroll_keys import ScrollKeys
from screens.wording import size

_DUMPED = 4096
"""Bytes of a binary file that are shown."""


class ReadDialog(ScrollKeys, Dialog[None]):
    """A text to read; `about` is a line above it."""

    CONTEXTS: ClassVar[tuple[str, ...]] = ("reading", "dialog")
    DEFAULT_CSS = """
    ReadDialog {
        & > .dialog--frame { width: 100%; height: 100%; padding: 0 1; }
        & .dialog--body { height: 1fr; }
        & CodeView { height: 100%; }
        & .reading--about { color: $text-muted; }
    }
    """

    def __init__(
        self, title: str, text: str, about: str, *, language: Language = "", at_end: bool = False
    ) -> None:
        super().__init__(title)
        self._about = about
        self._text = text
        self._at_end = at_end
        self._view = CodeView(language)

    @classmethod
    def of(cls, content: Content, text: str) -> Self:
        """A file of a guest, or the first bytes of what is no text; `text` is what may be shown of it."""
        path = content.path
        return cls(shown(path), text, about(content), language=language_of(path))

    def above(self) -> ComposeResult:
        """What it is."""
        yield Static(clean(self._about), classes="reading--about", markup=False)

    def body(self) -> ComposeResult:
        """Its text."""
        yield self._view

    def on_mount(self) -> None:
        """Show it."""
        super().on_mount()
        self._view.show(self._text)
        if self._at_end:
            self.call_after_refresh(self._view.scroll_end, animate=False)

    @property
    def scrolled(self) -> Widget:
        """The text."""
        return self._view

    def do_left(self) -> None:
        """To the left in long lines."""
        self._view.scroll_relative(x=-20, animate=False)

    def do_right(self) -> None:
        """To the right in long lines."""
        self._view.scroll_relative(x=20, animate=False)

    def do_pager(self) -> None:
        """In the operator's own pager."""
        self.run_worker(self._page(), group="pager", exclusive=True, exit_on_error=False)

    async def _page(self) -> None:
        text = "\n".join(clean(line) for line in self._text.split("\n"))

        def written(path: Path) -> None:
            path.write_text(text, encoding="utf-8")

        try:
            await read_outside(self.oxtui, written, self.oxtui.services.environment)
        except (OSError, SuspendNotSupported) as error:
            self.notify(sentence(error), title="No pager", severity="error", markup=False)


def about(content: Content) -> str:
    """Size, mode, owner, and what is not shown of it."""
    told = [size(content.size), content.mode, content.owner]
    if content.as_root:
        told.append("read as root")
    if content.text is None:
        told.append("binary: its first bytes")
    elif not content.whole:
        told.append(f"only the first {size(len(content.data))} are shown")
    return " · ".join(told)


def readable(content: Content) -> str:
    """The text, or a dump of the first bytes of what is none."""
    if content.text is not None:
        return content.text
    data = content.data[:_DUMPED]
    lines = []
    for at in range(0, len(data), 16):
        row = data[at : at + 16]
        plain = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in row)
        lines.append(f"{at:08x}  {row.hex(' '):<47}  {plain}")
    return "\n".join(lines)


def language_of(path: str) -> Language:
    """By the end of its name."""
    endings: dict[str, Language] = {".sh": "shell", ".json": "json", ".hcl": "hcl"}
    return endings.get(Path(path).suffix, "")
