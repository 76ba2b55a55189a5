"""What all screens and dialogs of oxtui have: the line of keys, and Esc."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar, cast

from textual.app import ComposeResult
from textual.screen import Screen
from textual.widget import Widget
from textual.worker import Worker

from screens.acting import Acts, offers
from screens.widgets.key_footer import KeyFooter
from screens.widgets.top_line import TopLine

if TYPE_CHECKING:
    from screens.app import OxtuiApp

T = TypeVar("T")

TOP_EVERY = 0.2
"""Seconds between two drawings of the top line while builds run."""


class OxtuiScreen(Acts, Screen[T], Generic[T]):
    """A screen with a footer that shows what its focused place can do."""

    _keys_due = False

    @property
    def oxtui(self) -> OxtuiApp:
        """The app, with the services that it holds."""
        return cast("OxtuiApp", self.app)

    def on_compose(self) -> None:
        """The width's class is there before the widgets: set at the first resize, it would style them all again."""
        widths = self.app.HORIZONTAL_BREAKPOINTS or []
        fitting = [name for width, name in widths if self.app.size.width >= width]
        self.add_class(*fitting[-1:])

    def on_mount(self) -> None:
        """Keep the footer true."""
        self.bindings_updated_signal.subscribe(self, self._show_keys, immediate=True)

    def on_screen_resume(self) -> None:
        """The screen is in front again: other things may be possible now."""
        self.call_later(self._show_keys_now)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Workers tell only the widget that runs them; the app knows what to say."""
        self.oxtui.on_worker_state_changed(event)

    def _show_keys(self, _screen: object) -> None:
        # One key moves the focus, changes bindings and redraws: keys are shown once, behind what it did.
        if not self._keys_due:
            self._keys_due = self.call_after_refresh(self._show_keys_now)

    def _show_keys_now(self) -> None:
        self._keys_due = False
        for footer in self.query(KeyFooter):
            footer.show(list(offers(self, self.oxtui.keymap)))


class Workplace(OxtuiScreen[None]):
    """A screen that fills the terminal: top line, body, keys."""

    _top_due = False

    def compose(self) -> ComposeResult:
        """Top line, body and footer."""
        yield TopLine()
        yield from self.body()
        yield KeyFooter()

    def body(self) -> ComposeResult:
        """What stands between top line and footer."""
        yield Widget()

    def visit(self, names: tuple[str, ...]) -> None:
        """Show what the names of a `Place` say; the screen is in front or about to be."""

    def crumbs(self) -> str:
        """The way to what is shown, for the top line."""
        return ""

    def unsaved(self) -> str:
        """What of this screen would be lost if oxtui ended; empty if nothing."""
        return ""

    def rack_changed(self) -> None:
        """The connection changed its state."""

    def running_changed(self) -> None:
        """A build in flight told something: the top line is drawn again, once for many of them."""
        if self.is_current and not self._top_due:
            self._top_due = True
            self.set_timer(TOP_EVERY, self._show_top_now)

    def _show_top_now(self) -> None:
        self._top_due = False
        self.show_top()

    def show_top(self) -> None:
        """Draw the top line anew."""
        top = self.query_one(TopLine)
        top.crumbs = self.crumbs()
        self.oxtui.describe_rack(top)
