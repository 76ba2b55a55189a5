"""The line under a log in which a search or a filter is typed, and where its result is told."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input, Static

TYPING_PAUSE = 0.08
"""Seconds without a key after which a search begins."""


class LogPrompt(Horizontal):
    """What is looked for, and what came of it; there only while something is looked for."""

    DEFAULT_CSS = """
    LogPrompt {
        height: 1;
        background: $panel;
        & > .kind { width: auto; padding: 0 1; color: $text-accent; text-style: bold; }
        & > Input {
            width: 1fr; height: 1; border: none; padding: 0;
            background: $panel; color: $text;
            &:focus { border: none; }
        }
        & > .found { width: auto; padding: 0 1; color: $text-muted; }
        & > .found.-problem { color: $text-error; }
    }
    """

    class Typed(Message):
        """Other text stands in it, and no key was pressed for a moment."""

        def __init__(self, prompt: LogPrompt) -> None:
            super().__init__()
            self.prompt = prompt

        @property
        def control(self) -> LogPrompt:
            """The prompt that was typed in."""
            return self.prompt

    class Entered(Typed):
        """Enter was pressed."""

    def __init__(self, kind: str, hint: str, *, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.display = False
        self.kind = kind
        self._label = Static(kind, classes="kind", markup=False)
        self._field = Input(placeholder=hint, select_on_focus=False)
        self._found = Static("", classes="found", markup=False)
        self._pause: Timer | None = None

    def compose(self) -> ComposeResult:
        """Kind, text, result."""
        yield self._label
        yield self._field
        yield self._found

    @property
    def text(self) -> str:
        """What is looked for."""
        return self._field.value

    def open(self, kind: str | None = None) -> None:
        """Ready to type; the last text is there to be changed."""
        if kind is not None:
            self.kind = kind
            self._label.update(kind)
        # At once, so that keys that are already on their way go here and not to the log.
        self.display = True
        self.screen.set_focus(self._field)
        self._field.action_select_all()

    def close(self) -> None:
        """Nothing is looked for any more."""
        self.display = False
        with self.prevent(Input.Changed):
            self._field.value = ""
        self.tell("")

    def tell(self, text: str, *, problem: bool = False) -> None:
        """Say what came of it."""
        self._found.update(text)
        self._found.set_class(problem, "-problem")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Wait whether another key follows."""
        event.stop()
        if self._pause is not None:
            self._pause.stop()
        self._pause = self.set_timer(TYPING_PAUSE, lambda: self.post_message(self.Typed(self)))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter."""
        event.stop()
        if self._pause is not None:
            self._pause.stop()
        self.post_message(self.Entered(self))
