"""A session as JSON, one typed record a line: events, and output as records of step, stream, time, text."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from oxtui.build.report.output import OutputFollower, Place
from oxtui.build.state import SessionState
from oxtui.component.event_records import record
from oxtui.component.events import Event, OutputGrown
from oxtui.logs.sanitise import plain, safe_json


def json_line(values: Mapping[str, Any]) -> str:
    """One record in readable Unicode, without a character that a terminal would obey."""
    return safe_json(json.dumps(values, ensure_ascii=False))


class JsonLines:
    """Writes each event and each output line as one line of JSON."""

    def __init__(self, place: Place, write: Callable[[str], None]) -> None:
        self._output = OutputFollower(place)
        self._write = write

    def __call__(self, event: Event) -> None:
        """Takes an event of the session."""
        for line in self._output.lines(event):
            self._write(
                json_line(
                    {
                        "type": "output",
                        "time": line.time,
                        "build": event.build,
                        "step": event.step if isinstance(event, OutputGrown) else "",
                        "stream": line.stream.name.lower(),
                        "text": plain(line.text, expand=False),
                    }
                )
            )
        if not isinstance(event, OutputGrown):
            self._write(json_line(record(event)))

    def interrupted(self, signal: str, builds: Sequence[str], time: float) -> None:
        """A signal asks the running builds to end."""
        values = {"type": "interrupted", "time": time, "signal": signal, "builds": list(builds)}
        self._write(json_line(values))

    def cut_off(self, state: SessionState) -> None:
        """What was told was all: the session, in its last state, has no end."""
        builds = [build.name for build in state.builds.values() if build.phase == "cut_off"]
        self._write(json_line({"type": "cut_off", "session": state.session, "builds": builds}))

    def close(self) -> None:
        """Closes all files."""
        self._output.close()
