"""The line below a session that is played again: speed, position, and what is played short."""

from __future__ import annotations

from datetime import datetime

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from oxtui.build.replay.replay import Replay
from screens.build.look import duration

_SHORTEST_TRACK = 10
"""Cells; where there is less room, the track is left out."""


class ReplayBar(Widget):
    """Draws a replay; a click on its beginning plays it, one on the track goes there."""

    DEFAULT_CSS = """
    ReplayBar { height: 1; padding: 0 1; background: $surface; display: none; }
    ReplayBar.-there { display: block; }
    """

    class Pressed(Message):
        """The sign at its beginning was clicked."""

    class Sought(Message):
        """A place on the track was clicked: `share` of the whole, 0 to 1."""

        def __init__(self, share: float) -> None:
            super().__init__()
            self.share = share

    def __init__(self) -> None:
        super().__init__()
        self._drawn: tuple[object, ...] = ()
        self._sign = self._place = self._note = ""
        self._share = 0.0
        self._track = range(0)

    def show(self, replay: Replay | None) -> None:
        """Draw a replay; None: the session is no replay."""
        self.set_class(replay is not None, "-there")
        if replay is None:
            return
        speed = f"{replay.speed}×" if replay.speed else "max"
        self._sign = f"{'▶' if replay.playing else '⏸'} {speed:>3} "
        whole = replay.recording.seconds
        self._place = (
            f" {_clock(replay.moment)} of {_clock(whole)} · "
            f"{replay.position} of {len(replay.recording)} "
        )
        self._share = replay.moment / whole if whole else 1.0
        pause = replay.pause
        self._note = (
            f"pause of {duration(pause.seconds, exact=False)}, played short"
            if pause is not None
            else datetime.fromtimestamp(replay.now).strftime("%H:%M:%S")
        )
        drawn = (self._sign, self._place, self._note, self._share)
        if drawn != self._drawn:
            self._drawn = drawn
            self.refresh()

    def render(self) -> Content:
        """Sign, track, place, and a word."""
        width = self.content_size.width
        texts = [self._sign, self._place, self._note]
        room = width - sum(map(len, texts))
        track = self._cells(room) if room >= _SHORTEST_TRACK else []
        return Content.assemble(
            (self._sign, "bold $text-accent"), *track, self._place, (self._note, "$text-muted")
        ).truncate(width, ellipsis=True)

    def _cells(self, room: int) -> list[tuple[str, str]]:
        self._track = range(len(self._sign), len(self._sign) + room)
        at = min(room - 1, int(self._share * room))
        return [
            ("━" * at, "$text-accent"),
            ("●", "bold $text-accent"),
            ("─" * (room - at - 1), "$text-muted"),
        ]

    def on_click(self, event: events.Click) -> None:
        """Play, or go there."""
        x = event.x - self.styles.padding.left
        if x < len(self._sign):
            self.post_message(self.Pressed())
        elif x in self._track:
            room = len(self._track)
            self.post_message(self.Sought((x - self._track.start) / max(1, room - 1)))


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"
