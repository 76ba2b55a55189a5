"""A log with everything that can be done with it: search, filter, errors, modes, copy."""

from __future__ import annotations

import asyncio
from pathlib import Path

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input

from oxtui.logs.errors import next_error, previous_error
from oxtui.logs.reader import SpoolReader
from oxtui.logs.search import Pattern
from screens.acting import Acts
from screens.widgets.log.drawing import Times
from screens.widgets.log.finding import Finding
from screens.widgets.log.prompt import LogPrompt
from screens.widgets.log.view import FOCUSED_RATE, LogView


class LogPane(Acts, Vertical):
    """A log view with its prompts; its actions are those of the context `log`."""

    DEFAULT_CSS = """
    LogPane { height: 1fr; }
    """

    class ErrorsEnd(Message):
        """There is no further error in this spool; the next one may be in another."""

        def __init__(self, *, forward: bool) -> None:
            super().__init__()
            self.forward = forward

    class HitsEnd(Message):
        """There is no further hit in this spool; the next one may be in another.

        Where it is in none, `go_around` goes on at the other end of this one.
        """

        def __init__(self, pattern: Pattern, *, forward: bool) -> None:
            super().__init__()
            self.pattern = pattern
            self.forward = forward

    class Copy(Message):
        """Text that the operator wants in the clipboard; `what` says what it is."""

        def __init__(self, text: str, what: str) -> None:
            super().__init__()
            self.text = text
            self.what = what

    class Save(Message):
        """The operator wants this spool, or more, in a file."""

        def __init__(self, spool: Path) -> None:
            super().__init__()
            self.spool = spool

    class Page(Message):
        """The operator wants to read this spool in the pager."""

        def __init__(self, spool: Path) -> None:
            super().__init__()
            self.spool = spool

    def __init__(self, *, id: str | None = None, rate: int = FOCUSED_RATE) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.view = LogView(rate=rate)
        self._search_prompt = LogPrompt("/", "text, or /regular expression/", id="search")
        self._filter_prompt = LogPrompt("&", "lines with this text; +3 adds context", id="filter")
        self._finding = Finding(self.view, self._search_prompt, self._filter_prompt)

    def compose(self) -> ComposeResult:
        """The log, and under it what is looked for."""
        yield self.view
        yield self._filter_prompt
        yield self._search_prompt

    def on_unmount(self) -> None:
        """No scan goes on without a view."""
        self._finding.forget()

    # as an actor

    def contexts(self) -> tuple[str, ...]:
        """While something is searched for, `n` and `N` belong to that."""
        return ("log-search", "log") if self.searching else ("log",)

    @property
    def log_pane(self) -> LogPane:
        """What actions of a log are asked about."""
        return self

    @property
    def searching(self) -> bool:
        """Something is searched for."""
        return self.view.model.search is not None

    @property
    def has_lines(self) -> bool:
        """There is something to act on."""
        return self.view.model.window.count > 0

    def can_step_back(self) -> bool:
        """Something is looked for, or a line is marked."""
        prompts = self._search_prompt, self._filter_prompt
        return self.view.model.pointer is not None or any(p.display for p in prompts)

    def step_back(self) -> bool:
        """Leave the prompt, then the search, then the filter, then the marked line."""
        focused = self.screen.focused
        if isinstance(focused, Input) and focused in self.walk_children(Input):
            self.focus_log()
            return True
        if self._search_prompt.display:
            self._finding.search_for("")
            self._search_prompt.close()
            return True
        if self._filter_prompt.display:
            self._finding.filter_by("", "&")
            self._filter_prompt.close()
            return True
        if self.view.model.pointer is not None:
            self.view.model.pointer = None
            self.view.changed()
            return True
        return False

    def focus_log(self) -> None:
        """Keys go to the log."""
        self.view.focus()

    def show(self, path: Path | None, *, origin: float = 0.0, live: bool = True) -> None:
        """Draw another spool; a search and a filter go on in it."""
        self._finding.forget()
        self.view.show(path, origin=origin, live=live)
        self._finding.again()
        self._scan()

    # moving

    def do_up(self) -> None:
        """One row up."""
        self.view.scroll_rows(-1)

    def do_down(self) -> None:
        """One row down."""
        self.view.scroll_rows(1)

    def do_page_up(self) -> None:
        """One screenful up."""
        self.view.scroll_rows(1 - self.view.model.window.height)

    def do_page_down(self) -> None:
        """One screenful down."""
        self.view.scroll_rows(self.view.model.window.height - 1)

    def do_top(self) -> None:
        """The first line."""
        self.view.go_to(0)

    def do_follow(self) -> None:
        """The end, and what comes."""
        self.view.follow()

    def do_left(self) -> None:
        """Half a screen to the left."""
        self.view.scroll_columns(-self.view.size.width // 2)

    def do_right(self) -> None:
        """Half a screen to the right."""
        self.view.scroll_columns(self.view.size.width // 2)

    # modes

    def do_wrap(self) -> None:
        """Long lines on several rows, or cut at the edge."""
        self.view.model.set_wrap(not self.view.model.wrap)
        self.view.moved()

    def do_time(self) -> None:
        """No times, time of day, time since the step began."""
        modes = list(Times)
        self.view.model.times = modes[(modes.index(self.view.model.times) + 1) % len(modes)]
        self.view.changed()

    # finding

    def do_find(self) -> None:
        """Type what to search for."""
        self._finding.begin()
        self._search_prompt.open()

    def do_keep(self) -> None:
        """Type what lines must hold."""
        self._filter_prompt.open("&")

    def do_drop(self) -> None:
        """Type what lines must not hold."""
        self._filter_prompt.open("!")

    def do_next_hit(self) -> None:
        """The next line with what is searched for."""
        self._go_to_hit(forward=True)

    def do_previous_hit(self) -> None:
        """The one before."""
        self._go_to_hit(forward=False)

    def _go_to_hit(self, *, forward: bool) -> None:
        pattern = self._finding.everywhere
        if not self._finding.go(forward=forward, around=pattern is None) and pattern is not None:
            self.post_message(self.HitsEnd(pattern, forward=forward))

    def go_around(self, *, forward: bool) -> None:
        """From the last hit to the first, or the other way."""
        self._finding.go(forward=forward, around=True)

    def on_log_prompt_typed(self, event: LogPrompt.Typed) -> None:
        """Search or filter while typing; Enter leaves the prompt."""
        event.stop()
        if event.prompt is self._search_prompt:
            self._finding.search_for(event.prompt.text)
        else:
            self._finding.filter_by(event.prompt.text, event.prompt.kind)
        if isinstance(event, LogPrompt.Entered):
            self.focus_log()
            if not event.prompt.text:
                event.prompt.close()
        self._scan()

    def on_log_prompt_entered(self, event: LogPrompt.Entered) -> None:
        """Enter."""
        self.on_log_prompt_typed(event)

    def on_log_view_moved(self, event: LogView.Moved) -> None:
        """New lines are searched too."""
        event.stop()
        self._scan()

    def _scan(self) -> None:
        if self._finding.waiting and self.is_attached:
            self.run_worker(self._scans(), group="log-scan", exclusive=False, exit_on_error=False)

    async def _scans(self) -> None:
        # Scans run in threads; their results are picked up at this pace.
        progress = self.set_interval(0.1, self._finding.progress)
        try:
            while scan := self._finding.take():
                try:
                    await asyncio.to_thread(scan.run)
                except asyncio.CancelledError:
                    scan.cancelled.set()
                    raise
                finally:
                    self._finding.done(scan)
        finally:
            progress.stop()
            self._finding.progress()

    # errors

    def do_next_error(self) -> None:
        """The next line that looks like an error."""
        self._seek_error(forward=True)

    def do_previous_error(self) -> None:
        """The one before."""
        self._seek_error(forward=False)

    def _seek_error(self, *, forward: bool) -> None:
        self.run_worker(
            self._go_to_error(forward), group="log-error", exclusive=True, exit_on_error=False
        )

    async def _go_to_error(self, forward: bool) -> None:
        path = self.view.model.reader.path
        visible = self.view.model.visible_lines()
        here = self.view.model.pointer
        if here is None:
            here = visible.start - 1 if forward else visible.stop
        found = await asyncio.to_thread(_find_error, path, here, forward)
        if self.view.model.reader.path != path:
            return
        if found is None:
            self.post_message(self.ErrorsEnd(forward=forward))
        else:
            self.view.reveal(found)

    # taking away

    def do_copy(self) -> None:
        """What is selected, else the marked line, else what is on the screen."""
        selected = self.screen.get_selected_text()
        lines = self.view.model.visible_lines()
        if selected:
            self.post_message(self.Copy(selected, "selection"))
        elif self.view.model.pointer is not None:
            self.post_message(self.Copy(self.view.model.text_of(self.view.model.pointer), "line"))
        else:
            text = "\n".join(map(self.view.model.text_of, lines))
            self.post_message(self.Copy(text, f"{len(lines)} lines"))

    def do_save(self) -> None:
        """This log, or more, in a file."""
        self.post_message(self.Save(self.view.model.reader.path))

    def do_pager(self) -> None:
        """This log, in the operator's own pager."""
        self.post_message(self.Page(self.view.model.reader.path))


def _find_error(path: Path, here: int, forward: bool) -> int | None:
    with SpoolReader(path) as reader:
        return next_error(reader, here) if forward else previous_error(reader, here)
