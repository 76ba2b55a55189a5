"""Source code to edit: coloured while it is typed. Undo belongs to whoever holds the text."""

from __future__ import annotations

from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual.binding import Binding, BindingType
from textual.widgets import TextArea

from screens.tables.cell import printable
from screens.widgets.code.spans import KINDS, Language, Piece, lines_of
from screens.widgets.code.view import CodeView
from screens.widgets.own_keys import OwnKeys

_LONGEST = 200_000
"""Characters; a longer text is edited without colours, so that every key is quick."""


class CodeEditor(OwnKeys, TextArea, inherit_bindings=False):
    """A text area for HCL, JSON or shell."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            binding
            for binding in TextArea.BINDINGS
            if not (isinstance(binding, Binding) and binding.action in ("undo", "redo", "copy"))
        ),
        Binding("ctrl+home", "text_start", "Start of the text", show=False),
        Binding("ctrl+end", "text_end", "End of the text", show=False),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"code--{kind}" for kind in KINDS}
    DEFAULT_CSS = (
        CodeView.DEFAULT_CSS.replace("CodeView", "CodeEditor")
        + """
    CodeEditor, CodeEditor:focus { border: none; padding: 0; background: $background; }
    """
    )

    def __init__(self, text: str, language: Language, id: str | None = None) -> None:  # noqa: A002
        super().__init__(text, soft_wrap=False, show_line_numbers=True, tab_behavior="focus", id=id)
        self.highlight_cursor_line = False  # its colour would hide those of the code
        self._code_language: Language = language
        self._coloured: tuple[str, list[list[Piece]]] = ("", [])
        self._styles_by_kind: dict[str, Style] = {}

    def speak(self, language: Language) -> None:
        """Colour the text as that of a language from now on."""
        if language != self._code_language:
            self._code_language, self._coloured = language, ("", [])
            self.refresh()

    def action_text_start(self) -> None:
        """To the first character."""
        self.move_cursor((0, 0))

    def action_text_end(self) -> None:
        """Behind the last character."""
        self.move_cursor(self.document.end)

    def notify_style_update(self) -> None:
        """Another theme: styles are looked up anew."""
        self._styles_by_kind.clear()
        super().notify_style_update()

    def get_line(self, line_index: int) -> Text:
        """A line with its colours, as a terminal may get it; Textual draws cursor and selection over them."""
        line = Text(printable(self.document.get_line(line_index), "\t"), end="", no_wrap=True)
        for start, end, kind in self._pieces(line_index):
            line.stylize(self._style(kind), start, end)
        return line

    def _pieces(self, index: int) -> list[Piece]:
        text = self.text
        if len(text) > _LONGEST:
            return []
        if self._coloured[0] != text:
            self._coloured = (text, lines_of(text.replace("\r\n", "\n"), self._code_language))
        lines = self._coloured[1]
        return lines[index] if index < len(lines) else []

    def _style(self, kind: str) -> Style:
        style = self._styles_by_kind.get(kind)
        if style is None:
            style = self.get_component_rich_style(f"code--{kind}", partial=True)
            self._styles_by_kind[kind] = style
        return style
