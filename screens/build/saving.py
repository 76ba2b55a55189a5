"""What can be saved of a session's output: one step, a build, all of it, or a bundle to hand on."""

from __future__ import annotations

from pathlib import Path

from oxtui.build.report.json_lines import json_line
from oxtui.build.state import BuildState, SessionState
from oxtui.component.event_records import record
from oxtui.logs.sanitise import plain
from screens.build.log_files import Part, file_name, write_bundle, write_parts, write_text
from screens.build.look import BUILDS, STEPS, build_seconds, duration, kind_word, step_duration
from screens.build.source import SERIAL, SessionView
from screens.dialogs.choice import Choice
from screens.wording import plural


def save_choices(state: SessionState, title: str) -> list[Choice]:
    """What can be saved, the output that is read (called `title`) first."""
    several = len(state.builds) > 1
    return [
        Choice("step", f"This output: {title}", "plain text"),
        Choice("step-color", "This output, with colours", "escape codes for less -R"),
        Choice("build", "Every step of this build", "plain text"),
        Choice("build-color", "Every step of this build, with colours"),
        *([Choice("all", "Every build of this session", "plain text")] if several else []),
        Choice("bundle", "A bundle of the session", "zip of outputs, steps, calls; no secrets"),
    ]  # fmt: skip


def save(session: SessionView, what: str, build: str, source: str, folder: Path) -> str:
    """Write it into `folder`, and say so; called in a thread.

    Raises:
        OSError: it cannot be written.
    """
    state = session.state
    color = what.endswith("-color")
    chosen = what.removesuffix("-color")
    ending = ".ansi" if color else ".zip" if chosen == "bundle" else ".log"
    names = {"step": (build, source), "build": (build,)}.get(chosen, ())
    name = "-".join(filter(None, ("oxtui", state.session, *names)))
    file = folder / (file_name(name) + ending)
    if chosen == "step":
        spool = session.spool(build, source)
        lines = 0 if spool is None else write_text(spool, file, color=color)
        return f"{plural(lines, 'line')} written to {file}"
    builds = [build] if chosen == "build" else list(state.builds)
    parts = [part for each in builds for part in parts_of(session, each)]
    if chosen == "bundle":
        count = write_bundle(parts, facts(state), file)
        return f"{plural(count, 'file')} packed into {file}"
    return f"{plural(write_parts(parts, file, color=color), 'line')} written to {file}"


def parts_of(session: SessionView, build: str) -> list[Part]:
    """The outputs of a build in the order of its steps, the serial console last."""
    steps = session.state.builds[build].steps
    titles = {
        name: plain(f"{step.plan.title} {step.plan.detail}").rstrip()
        for name, step in steps.items()
    }
    found = [
        (name, title, session.spool(build, name))
        for name, title in {**titles, SERIAL: "serial console"}.items()
    ]
    return [Part(build, name, title, spool) for name, title, spool in found if spool is not None]


def facts(state: SessionState) -> dict[str, str]:
    """What a bundle tells beside the outputs, by the name of its file."""
    builds = "\n".join(_build(build) for build in state.builds.values())
    head = f"session {state.session}: {plain(state.template)} on {plain(state.host)}\n\n"
    told = [{**record(each.call), "times": each.times} for each in state.calls]
    calls = "".join(json_line(call) + "\n" for call in told)
    return {"session.txt": head + builds, "calls.jsonl": calls}


def _build(build: BuildState) -> str:
    took = build_seconds(build, build.started or 0.0)
    lines = [f"build {plain(build.name)}: {BUILDS[build.phase].word}"]
    if took:
        lines[0] += f" after {duration(took)}"
    if build.error:
        lines.append(f"  {plain(build.error)}")
    lines += [f"  {plain(value.name)} = {plain(value.value)}  ({plain(value.source)})"
              for value in build.values if value.value]  # fmt: skip
    for step in build.steps.values():
        time = step_duration(step, step.started or 0.0)
        title = plain(f"{step.plan.title} {step.plan.detail}").rstrip()
        lines.append(f"  {STEPS[step.phase].word:<9} {time:>8}  {title}")
        if step.failure is not None:
            lines.append(f"      {plain(step.failure.summary)}")
    lines += [
        f"  {resource.phase:<9} {kind_word(resource.kind)} {plain(resource.name)} {plain(resource.id)}"
        for resource in build.resources.values()
    ]
    return "\n".join(lines) + "\n"
