"""Spools and panes for tests of the log view."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from textual.pilot import Pilot

from oxtui.logs.spool import SpoolWriter, Stream
from screens.widgets.log.pane import LogPane
from tests.screens.acting_app import ActingApp

START = 1_700_000_000.0
"""Time of the first line, Unix seconds; each further write is a second later."""


def writer(path: Path) -> SpoolWriter:
    """A spool whose lines are a second apart."""
    times = iter(range(1_000_000))
    return SpoolWriter(path, clock=lambda: START + next(times))


def numbered(count: int, word: str = "line") -> bytes:
    """So many lines, numbered from 0."""
    return b"".join(f"{word} {number}\n".encode() for number in range(count))


def written(path: Path, *pieces: bytes) -> Path:
    """A closed spool of standard output."""
    with writer(path) as spool:
        for piece in pieces:
            spool.write(Stream.STDOUT, piece)
    return path


class LogApp(ActingApp):
    """One log pane, and what it asked for."""

    def __init__(self) -> None:
        self.pane = LogPane()
        self.asked: list[LogPane.Copy | LogPane.Save | LogPane.ErrorsEnd] = []
        super().__init__(self.pane)

    def on_log_pane_copy(self, event: LogPane.Copy) -> None:
        self.asked.append(event)

    def on_log_pane_save(self, event: LogPane.Save) -> None:
        self.asked.append(event)

    def on_log_pane_hits_end(self, event: LogPane.HitsEnd) -> None:
        self.pane.go_around(forward=event.forward)

    def on_log_pane_errors_end(self, event: LogPane.ErrorsEnd) -> None:
        self.asked.append(event)

    def on_mount(self) -> None:
        self.pane.focus_log()


def screen_text(app: LogApp) -> list[str]:
    """The rows of the log as they stand on the screen, without the bar."""
    view = app.pane.view
    return [view.render_line(y).text[:-1].rstrip() for y in range(view.size.height)]


async def settle(pilot: Pilot[None]) -> None:
    """Wait until no scan runs any more."""
    await pilot.pause(0.1)  # longer than the pause after typing
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


async def press(pilot: Pilot[None], *keys: str | Iterable[str]) -> None:
    """Press keys, then wait for what they set off."""
    for key in keys:
        await pilot.press(*([key] if isinstance(key, str) else key))
    await settle(pilot)
