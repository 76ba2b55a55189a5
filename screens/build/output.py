"""What a log view draws of a build: the file of an output, and what is said where it is empty."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from oxtui.build.state import BuildState
from screens.build.focus import silence
from screens.build.source import SERIAL, SessionView


class Output(NamedTuple):
    """The output of one step, or the serial console."""

    spool: Path | None
    origin: float
    """Unix seconds from which its times count."""
    live: bool
    """It may still grow."""
    empty: str


def output_of(session: SessionView | None, build: BuildState, source: str) -> Output:
    """The output of a step by its id, or of the console (`serial`)."""
    step = None if source == SERIAL else build.steps.get(source)
    begun = build.started if step is None or step.started is None else step.started
    beside = build.beside is not None and build.beside.step == source
    goes_on = build.phase in ("planned", "running", "paused")
    return Output(
        spool=None if session is None else session.spool(build.name, source),
        origin=begun or 0.0,
        live=goes_on and (step is None or step.phase == "running" or beside),
        empty=silence(build, source),
    )
