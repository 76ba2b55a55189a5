"""The timeline of a session as plain text, and as values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from oxtui.build.history import History
from oxtui.build.report.durations import duration
from oxtui.build.state import BuildPhase, BuildState, StepPhase
from oxtui.build.timeline import Row, rows, spent

HEADINGS = ("STEP", "STATE", "THIS", "LAST", "MEDIAN", "RUNS", "")
_MARKS = {"slower": "▲ slower", "faster": "▼ faster", "": " "}


def cells(build: BuildState, history: History, now: float) -> Sequence[Sequence[str]]:
    """A row a step, as `HEADINGS` says; LAST and MEDIAN are of earlier runs."""
    return [
        (
            row.name,
            words(row.step.phase),
            _time(row.seconds),
            _time(row.past.last if row.past else None),
            _time(row.past.median if row.past else None),
            str(row.past.runs) if row.past else "",
            _MARKS[row.verdict],
        )
        for row in rows(build, history, now)
    ]


def words(phase: BuildPhase | StepPhase) -> str:
    """A phase in words: `not run`."""
    return phase.replace("_", " ")


def totals(build: BuildState, now: float) -> str:
    """Where the time of a build went, as a sentence."""
    time = spent(build, now)
    looked = f", {duration(time.looked)} of it to look for changes" if time.looked else ""
    stood = f" and stood still at stops for {duration(time.stood)}" if time.stood else ""
    return f"It ran for {duration(time.running)}{looked}{stood}."


def values(build: BuildState, history: History, now: float) -> dict[str, object]:
    """The same as plain values; times in seconds."""
    time = spent(build, now)
    return {
        "build": build.name,
        "running_seconds": time.running,
        "stood_seconds": time.stood,
        "looked_seconds": time.looked,
        "steps": list(_values(rows(build, history, now))),
    }


def _values(each: Iterator[Row]) -> Iterator[dict[str, object]]:
    for row in each:
        yield {
            "step": row.step.plan.id,
            "title": row.name,
            "state": row.step.phase,
            "seconds": row.seconds,
            "last_seconds": row.past and row.past.last,
            "median_seconds": row.past and row.past.median,
            "earlier_runs": row.past.runs if row.past else 0,
            "verdict": row.verdict or None,
        }


def _time(seconds: float | None) -> str:
    return "" if seconds is None else duration(seconds)
