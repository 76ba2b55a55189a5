"""What is said of stops: where a build stands still and why, until when, and what it stops for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from oxtui.build.stops import stop_words
from oxtui.component import debugger_events as d
from oxtui.component import events as e


def paused(event: e.Paused, plan: e.StepPlan | None) -> str:
    """Where a build stands still, and why; empty where the question that follows says it all."""
    title = plan.title if plan else event.step
    long_title = f"{plan.title} {plan.detail}".rstrip() if plan else event.step
    note = f": {event.note}" if event.note else ""
    if event.reason == "breakpoint" and plan is not None and plan.breakpoint:
        told = f' with note "{event.note}"' if event.note else ""
        return f"Pausing at breakpoint provisioner{told}."
    if event.failure is not None:
        return f'Step "{title}" failed{note}'
    if event.reason == "step" and event.note:  # of -debug
        return ""
    if event.reason in ("after", "output", "exit"):
        return f"⏸ stopped after {long_title}{note}"
    if event.reason == "cleanup":
        return "⏸ stopped before the clean-up"
    return f"⏸ stopped at {long_title} ({event.reason})"


def waiting(event: e.Paused, session: str, *, shell: bool) -> str:
    """How to answer a stop that ends by itself, and when it does; empty where it waits for ever.

    `shell`: there is an instance to look into.
    """
    if event.until is None:
        return ""
    looks = f", `oxtui attach {session} --shell` looks into the instance" if shell else ""
    return f"`oxtui attach {session}` answers it{looks}; it ends by itself at {moment(event.until)}"


def stops_told(event: e.Event, title: str) -> Iterator[str]:
    """What is said of a change of the stops; `title` of the step that the event names."""
    match event:
        case e.BreakpointSet():
            yield f"{'stops' if event.on else 'no longer stops'} {event.when} {title}"
        case d.StopSet():
            words = stop_words(event.kind, event.pattern)
            yield f"{'stops' if event.on else 'no longer stops'} {words}"
        case d.PauseAsked():
            yield (
                "pausing at the next safe point"
                if event.on
                else "goes on: the pause was taken back"
            )
        case d.DeadlineMoved(until=None):
            yield "somebody is at work in it: it does not end by itself meanwhile"
        case d.DeadlineMoved(until=float(until)):
            yield f"it ends by itself at {moment(until)}"


def moment(seconds: float) -> str:
    """The local time of day, with its offset: a log is read elsewhere than it is written."""
    return datetime.fromtimestamp(seconds).astimezone().strftime("%H:%M:%S %z")
