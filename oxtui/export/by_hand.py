"""What an operator put into a session beside its template: provisioners, commands, files, breakpoints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from oxtui.build.state import BuildState, ByHand, StepState
from oxtui.component.debugger_events import CommandRan, FileUploaded
from oxtui.export.decoded import DecodedBuild, dumped
from oxtui.export.exported import ExportOptions

AT_A_STOP = "In the session this was done by hand at a stop."
BREAKPOINT = "breakpoint"
_Done = CommandRan | FileUploaded
_BEHIND = ("capture", "cleanup", "post-process")
"""Kinds of steps at which nothing gets into the image any more."""
_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Put:
    """What stands before the template's provisioner `before` (of this build, from 0; behind all: their number)."""

    before: int
    type: str
    """Empty: a comment alone."""
    options: Mapping[str, Any] = field(default_factory=dict)
    comment: str = ""


def puts(build: BuildState, began: DecodedBuild, options: ExportOptions) -> list[Put]:
    """All of it that counted in the end, in its order."""
    manner = _manner(began)
    added = {each.plan.id: each for each in build.added}
    found: list[Put] = []
    number = 0
    for id_, step in build.steps.items():
        if step.plan.kind in _BEHIND:
            continue
        before, behind = _parted(step)
        stops = options.breakpoints and step.plan.kind not in ("prepare", "connect")
        if stops and step.breakpoint and not step.plan.breakpoint:
            found.append(_stop(number, f"before {step.plan.title}"))
        found += [_done(number, each, manner, options) for each in before]
        if id_ in added:
            if step.phase != "skipped":
                given = {**added[id_].options, **step.changes}
                found.append(Put(number, added[id_].type_name, given))
        elif step.plan.kind == "provision":
            number += 1
        found += [_done(number, each, manner, options) for each in behind]
        if stops and step.break_after:
            found.append(_stop(number, f"after {step.plan.title}"))
    return found


def told(build: BuildState, options: ExportOptions) -> Iterator[str]:
    """Sentences about what became of it."""
    added = {each.plan.id for each in build.added}
    new = [build.steps[id_] for id_ in added if id_ in build.steps]
    for step in new:
        if step.phase == "skipped":
            yield f"Step {step.plan.title}, which was added in the session, was skipped and left out."
    if kept := [step.plan.title for step in new if step.phase != "skipped"]:
        yield f"Added in the session, and in the template now: {', '.join(sorted(kept))}."
    commands = [each for _, each in _all(build) if isinstance(each, CommandRan)]
    if commands and not options.commands:
        yield (
            f"{_count(commands, 'command')} that ran at stops stand as comments (--no-commands); what they "
            "did is in the image of the session, but not in the template."
        )
    elif good := [each for each in commands if each.status == 0]:
        yield (
            f"{_count(good, 'command')} that ran at stops became shell provisioners, each under /bin/sh; "
            "--no-commands leaves them out."
        )
    if bad := [each for each in commands if each.status != 0]:
        yield f"{_count(bad, 'command')} that failed at stops stand as comments."
    late = [step for step, each in _all(build) if step.plan.kind in _BEHIND]
    if late:
        yield "What was done by hand behind the last provisioner's seal is not in the template."


def _all(build: BuildState) -> Iterator[tuple[StepState, ByHand]]:
    for step in build.steps.values():
        for each in step.by_hand:
            yield step, each


def _parted(step: StepState) -> tuple[list[_Done], list[_Done]]:
    """What was done before the step did its work, and behind it (a stop after a step)."""
    done = [each for each in step.by_hand if isinstance(each, CommandRan | FileUploaded)]
    marked = len(done) < len(step.by_hand)
    if step.phase != "done" or marked or step.started is None or step.seconds is None:
        return list(done), []
    ended = step.started + step.seconds
    return [e for e in done if e.time < ended], [e for e in done if e.time >= ended]


def _done(number: int, done: _Done, manner: Mapping[str, Any], options: ExportOptions) -> Put:
    if isinstance(done, FileUploaded):
        given = {"source": done.source, "destination": done.destination}
        return Put(number, "file", given, AT_A_STOP)
    if options.commands and done.status == 0:
        return Put(number, "shell", {**manner, "inline": done.command.split("\n")}, AT_A_STOP)
    first, _, more = done.command.partition("\n")
    text = first if len(first) <= _SHOWN and not more else f"{first[:_SHOWN]}…"
    ended = "did not end" if done.status is None else f"exit {done.status}"
    return Put(number, "", comment=f"At a stop here, by hand ({ended}): {text}")


def _stop(number: int, where: str) -> Put:
    return Put(number, BREAKPOINT, {"disable": False, "note": where})


def _manner(began: DecodedBuild) -> dict[str, Any]:
    """Where scripts go in the guest, if all shell steps of the build say the same."""
    shells = [step for step in began.steps if step.type == "shell" and step.options is not None]
    given = [
        dumped(step.options).get("remote_folder")
        for step in shells
        if "remote_folder" in step.options.model_fields_set  # type: ignore[union-attr]
    ]
    same = len(given) == len(shells) and len(set(given)) == 1
    return {"remote_folder": given[0]} if same else {}


def _count(found: Sequence[object], what: str) -> str:
    return f"{len(found)} {what}{'' if len(found) == 1 else 's'}"
