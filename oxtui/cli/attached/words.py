"""The words that an operator steers a session with from another terminal."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import get_args

from oxtui.build.state import BuildState, SessionState
from oxtui.build.stops import found_steps, stop_problem
from oxtui.component import commands as c
from oxtui.component.debugger_events import StopKind
from oxtui.component.events import BreakpointPlace


class NotUnderstood(Exception):
    """What was typed makes no command; the text says why and what would."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word, what it is called at a stop, and the command that it makes of what follows it.

    `command` is the name of the command in the choices of a stop; empty: it can be said at any time.
    """

    word: str
    help: str
    command: str
    make: Callable[[BuildState, Sequence[str]], c.Command]
    key: str = ""
    """A letter that says the same; the keys of the Build screen."""


def _plain(kind: Callable[..., c.Command], **values: object) -> Callable[..., c.Command]:
    def make(build: BuildState, rest: Sequence[str]) -> c.Command:
        if rest:
            raise NotUnderstood(f'"{" ".join(rest)}" is too much.')
        return kind(build=build.name, **values)

    return make


def _until(build: BuildState, rest: Sequence[str]) -> c.Command:
    return c.RunUntil(build=build.name, step=found_step(build, " ".join(rest)))


def _breakpoint(on: bool) -> Callable[[BuildState, Sequence[str]], c.Command]:
    def make(build: BuildState, rest: Sequence[str]) -> c.Command:
        text = " ".join(rest)
        place, colon, name = text.partition(":")
        when: BreakpointPlace = "after" if colon and place == "after" else "before"
        step = found_step(build, name if colon and place in ("before", "after") else text)
        return c.SetBreakpoint(build=build.name, step=step, on=on, when=when)

    return make


def _stop(on: bool) -> Callable[[BuildState, Sequence[str]], c.Command]:
    def make(build: BuildState, rest: Sequence[str]) -> c.Command:
        kind, pattern = (rest[0] if rest else ""), " ".join(rest[1:])
        kinds: tuple[StopKind, ...] = get_args(StopKind)
        found = next((each for each in kinds if each == kind), None)
        if found is None:
            raise NotUnderstood("Say which: error, cleanup, output REGEX, or exit STATUS.")
        if on and (problem := stop_problem(found, pattern)):
            raise NotUnderstood(problem)
        return c.SetStop(build=build.name, kind=found, on=on, pattern=pattern)

    return make


def _run(build: BuildState, rest: Sequence[str]) -> c.Command:
    if not rest:
        raise NotUnderstood("Say what to run: run COMMAND.")
    return c.RunCommand(build=build.name, command=" ".join(rest))


def _upload(build: BuildState, rest: Sequence[str]) -> c.Command:
    if len(rest) != 2:
        raise NotUnderstood("Say what goes where: upload FILE PLACE.")
    # The session runs in another folder, maybe; a slash at the end is for what is in a directory.
    source = os.path.abspath(os.path.expanduser(rest[0])) + "/" * rest[0].endswith("/")
    return c.UploadFile(build=build.name, source=source, destination=rest[1])


def found_step(build: BuildState, name: str) -> str:
    """The id of the step that a name stands for.

    Raises:
        NotUnderstood: there is none.
    """
    plans = [step.plan for step in build.steps.values()]
    found = [plan.id for plan in found_steps(plans, name)]
    if not found:
        known = ", ".join(f"{plan.id} ({plan.title})" for plan in plans)
        raise NotUnderstood(f'There is no step "{name}". The steps are: {known}.')
    return found[0]


WORDS = (
    Word("continue", "go on", "resume", _plain(c.Resume), "c"),
    Word("step", "run one step, then stop again", "step_over", _plain(c.StepOver), "n"),
    Word("until", "go on, and stop before a step", "run_until", _until),
    Word("retry", "run the step again", "retry", _plain(c.Retry), "r"),
    Word(
        "trace", "run it again, with each command shown", "retry", _plain(c.Retry, trace=True), "R"
    ),
    Word("skip", "leave the step out", "skip", _plain(c.Skip), "k"),
    Word("done", "go on behind the step: you did its work", "mark_done", _plain(c.MarkDone)),
    Word("run", "have a command run in the instance", "run_command", _run),
    Word("upload", "send a file to the instance", "upload_file", _upload),
    Word("keep", "end it and leave the instance running", "keep", _plain(c.Keep)),
    Word("abort", "end it and clean up", "abort", _plain(c.Abort)),
    Word("leave", "end it and leave all as it is", "abort", _plain(c.Abort, cleanup=False)),
    Word("pause", "stop at the next safe point", "", _plain(c.Pause), "p"),
    Word("unpause", "do not", "", _plain(c.Pause, on=False)),
    Word("break", "stop before a step (or after:STEP)", "", _breakpoint(True)),
    Word("unbreak", "do not", "", _breakpoint(False)),
    Word("stop", "stop at error, cleanup, output REGEX, exit STATUS", "", _stop(True)),
    Word("unstop", "do not", "", _stop(False)),
)
LOCAL = {
    "shell": "open a shell in the instance",
    "edit": "edit the step that failed in your $EDITOR, and run it again; or STEP",
    "status": "how it stands",
    "help": "this list",
    "quit": "leave; the session goes on",
}
"""Words that make no command of their own."""
EDITS = ("edit_and_retry", "edit_step")
"""Of a stop's choices those that `edit` is for."""


def understood(words: Sequence[str], state: SessionState, build: str | None) -> c.Command:
    """The command that words make.

    Raises:
        NotUnderstood: they make none.
    """
    first, rest = words[0], words[1:]
    found = next((each for each in WORDS if first in (each.word, each.key)), None)
    if found is None:
        known = ", ".join([*(each.word for each in WORDS), *LOCAL])
        raise NotUnderstood(f'There is no "{first}" here; there are {known}.')
    return found.make(addressed(state, build, stopped=bool(found.command)), rest)


def addressed(state: SessionState, name: str | None, *, stopped: bool = False) -> BuildState:
    """The build that is meant: the one named, the only one, or the only one that stands still.

    Raises:
        NotUnderstood: it could be several, or none.
    """
    builds = state.builds
    if name is not None:
        if name not in builds:
            raise NotUnderstood(f'There is no build "{name}"; there are {", ".join(builds)}.')
        return builds[name]
    running = [each for each in builds.values() if each.phase in ("planned", "running", "paused")]
    waiting = [each for each in running if each.pause is not None]
    for candidates in (waiting, running) if stopped else (running, waiting):
        if len(candidates) == 1:
            return candidates[0]
    if not running:
        raise NotUnderstood("All of its builds are over.")
    names = ", ".join(each.name for each in running)
    raise NotUnderstood(f"Say which build, with --build: {names}.")


def offered(build: BuildState) -> list[Word]:
    """The words that apply where a build stands still."""
    choices = build.pause.choices if build.pause is not None else ()
    return [word for word in WORDS if word.command in choices]
