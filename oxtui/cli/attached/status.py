"""How a session stands, in lines."""

from __future__ import annotations

from collections.abc import Iterator

from oxtui.build.report.durations import duration
from oxtui.build.report.stops import moment, paused
from oxtui.build.state import BuildState, SessionState
from oxtui.build.stops import stop_words
from oxtui.logs.sanitise import plain


def status(state: SessionState, now: float) -> Iterator[str]:
    """The session, and each of its builds with where it stands and since when; `now` in Unix seconds."""
    yield plain(f"Session {state.session}: {state.template}")
    for build in state.builds.values():
        for line in _build(build, now):
            yield plain(f"{build.name}: {line}")


def _build(build: BuildState, now: float) -> Iterator[str]:
    pause = build.pause
    if pause is not None:
        step = build.steps.get(pause.step)
        told = paused(pause, step.plan if step else None) or pause.note
        yield f"{told}, {duration(max(0.0, now - pause.time))} ago"
        if pause.failure is not None:
            yield pause.failure.summary
            yield from (f"  {line}" for line in pause.failure.last_lines)
        if pause.until is not None:
            left = duration(max(0.0, pause.until - now))
            yield f"it ends by itself at {moment(pause.until)}, in {left}, if nobody answers"
    else:
        at = build.current
        pausing = ", pausing at the next safe point" if build.pausing else ""
        yield f"{build.phase}{f' at {at.plan.title}' if at else ''}{pausing}"
        if build.error:
            yield build.error
    if build.address is not None and build.instance_state != "destroyed":
        yield f"instance {build.instance} at {build.address.place}"
    for step in build.steps.values():
        for when, on in (("before", step.breakpoint), ("after", step.break_after)):
            if on:
                yield f"stops {when} {step.plan.title}"
    yield from (f"stops {stop_words(stop.kind, stop.pattern)}" for stop in build.stops)
