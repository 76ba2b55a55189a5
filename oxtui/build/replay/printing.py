"""A replay as plain text, from its beginning to its end."""

from __future__ import annotations

from collections.abc import Callable

from oxtui.build.replay.replay import Replay
from oxtui.build.report.plain import PlainLog


def print_replay(replay: Replay, write: Callable[[str], None]) -> None:
    """Writes what the plain log wrote while the session ran, line by line.

    Output stands where it stood: of each only so much is there as had come by then.

    Raises:
        OSError: an output cannot be read.
    """
    log = PlainLog(replay.spool, write, builds=list(replay.state.builds), header=True)
    try:
        for position, event in enumerate(replay.recording.events, 1):
            replay.go(position)
            log(event)
        log.cut_off(replay.state)
    finally:
        log.close()
