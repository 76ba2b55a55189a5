"""What all dialogs have: a frame with a title, a footer of their own keys, and Esc."""

from __future__ import annotations

from typing import ClassVar, Generic, TypeVar

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget

from oxtui.logs.sanitise import plain
from screens.oxtui_screen import OxtuiScreen
from screens.widgets.key_footer import KeyFooter

T = TypeVar("T")


class Dialog(OxtuiScreen["T | None"], Generic[T]):
    """A frame in the middle; closing it without an answer gives None."""

    CONTEXTS: ClassVar[tuple[str, ...]] = ("dialog",)
    DEFAULT_CSS = """
    Dialog {
        align: center middle;
        background: $background 60%;
        & > .dialog--frame {
            width: 72;
            max-width: 100%;
            height: auto;
            max-height: 100%;
            background: $surface;
            border: round $border;
            border-title-color: $text;
            border-title-style: bold;
            padding: 1 2 0 2;
        }
        &.-grave > .dialog--frame { border: round $text-error; border-title-color: $text-error; }
        & .dialog--body { height: auto; max-height: 1fr; scrollbar-size-vertical: 1; }
        & KeyFooter { dock: none; background: $surface; padding: 0; margin-top: 1; }
        &:ansi { background: transparent; }
    }
    """

    def __init__(self, title: str, *, grave: bool = False) -> None:
        super().__init__(classes="-grave" if grave else "")
        self._title = title

    @property
    def is_modal(self) -> bool:
        """Keys of what lies behind do nothing."""
        return True

    def compose(self) -> ComposeResult:
        """Frame, body, keys."""
        frame = Frame(classes="dialog--frame")
        # A title may hold a command or a name of others: brackets in it are no markup.
        frame.border_title = Content(plain(self._title))
        with frame:
            yield from self.above()
            with Body(classes="dialog--body"):
                yield from self.body()
            yield from self.below()
            yield KeyFooter()

    def above(self) -> ComposeResult:
        """What stays in sight above the body."""
        yield from ()

    def body(self) -> ComposeResult:
        """What the dialog says and asks."""
        yield Widget()

    def below(self) -> ComposeResult:
        """What stays in sight between body and keys."""
        yield from ()

    def do_close(self) -> None:
        """Leave without an answer."""
        self.dismiss(None)


class Body(VerticalScroll, can_focus=False, inherit_bindings=False):
    """Scrolls, but leaves the arrow keys to the dialog's actions."""


class Frame(Widget):
    """Holds what is in a dialog."""

    DEFAULT_CSS = "Frame { layout: vertical; }"
