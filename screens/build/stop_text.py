"""What the box under the output says: why a build stands still, or how it ended."""

from __future__ import annotations

from textual.content import Content
from textual.style import Style

from oxtui.build.changes.told import summary
from oxtui.build.folding import CUT_OFF
from oxtui.build.state import BuildState, ResourceState
from oxtui.component.debugger_events import CommandRan, FileUploaded
from oxtui.component.events import ArtifactMade, Failure, LogLine, Paused
from oxtui.logs.sanitise import plain
from screens.build.look import BUILDS, build_seconds, duration, kind_word
from screens.tables.cell import Tone
from screens.widgets.top_line import TONES
from screens.wording import plural, size

ERRORS = 3
"""Error-looking lines of a failed step that are told."""
LAST_LINES = 5
"""Lines of a failed step's output that are repeated, where none looks like an error, while another's is drawn."""


def stop_lines(
    build: BuildState, reading: str, now: float | None = None
) -> tuple[list[Content], Tone]:
    """Why the build stands still and where, and at the time `now` for how long and until when.

    The output of the step `reading` is drawn above.
    """
    pause = build.pause
    if pause is None:
        return [], ""
    lines = [Content.assemble(_headline(build, pause), (_standing(pause, now), "$text-muted"))]
    if pause.note:
        lines.append(Content(plain(pause.note)))
    if pause.failure is not None:
        lines += _failure(pause.failure, repeat=reading != pause.step)
    lines += by_hand(build)
    return lines, "warn" if pause.failure is None else "bad"


def by_hand(build: BuildState) -> list[Content]:
    """What is done in the guest just now, else how that ended which was done last."""
    step = build.steps.get(build.pause.step) if build.pause is not None else None
    if step is None:
        return []
    if build.beside is not None:
        text = plain(step.progress.text) if step.progress is not None else plain(build.beside.text)
        return [
            Content.assemble(
                ("◐ ", TONES["busy"]),
                (text.splitlines()[0], "bold"),
                ("  esc cancels", "$text-muted"),
            )
        ]
    match step.by_hand[-1:]:
        case [CommandRan(command=command, status=status)]:
            if status is None:
                return [_ran("⊘", "muted", command, "cut off")]
            if status == 0:
                return [_ran("✓", "good", command, "exit 0")]
            return [_ran("✗", "bad", command, f"exit {status}")]
        case [FileUploaded(source=source, destination=destination, size=sent)]:
            return [_ran("✓", "good", f"{source} → {destination}", size(sent))]
    return []


def _ran(glyph: str, tone: Tone, what: str, told: str) -> Content:
    first = plain(what).split("\n")[0]
    return Content.assemble((f"{glyph} ", TONES[tone]), first, (f"  {told}", "$text-muted"))


def end_lines(build: BuildState, *, resumes: bool = True) -> tuple[list[Content], Tone]:
    """How the build ended; nothing while it runs. `resumes`: the operator may be able to go on with its session."""
    look = BUILDS[build.phase]
    if build.phase in ("planned", "running", "paused"):
        return [], ""
    if build.phase == "cut_off":
        lines = [Content.styled(f"{look.glyph} {look.word}", f"bold {TONES[look.tone]}")]
        lines.append(Content(CUT_OFF))
        if build.pause is not None:
            head = _headline(build, build.pause, there=False)
            lines.append(Content.assemble("It stood at a stop:  ", head))
            if build.pause.failure is not None:
                lines += _failure(build.pause.failure, repeat=False)
        if resumes:
            lines.append(
                Content(
                    "On the Sessions screen (f3) R goes on with it.",
                )
            )
        return lines, look.tone
    took = duration(build_seconds(build, 0.0) or 0.0, exact=False)
    lines = [Content.styled(f"{look.glyph} {look.word} after {took}", f"bold {TONES[look.tone]}")]
    lines += [_artifact(each) for each in build.artifacts]
    if build.changes is not None:
        told = plain(summary(build.changes))
        lines.append(Content.assemble("Changed: ", told, ("  7 shows it", "$text-muted")))
    if build.error:
        lines.append(Content(plain(build.error)))
    left = [resource for resource in build.resources.values() if resource.phase == "left"]
    if left:
        lines.append(_left_over(left))
    return lines, look.tone


def _artifact(artifact: ArtifactMade) -> Content:
    if artifact.files or not artifact.name:
        return Content(plain(artifact.text))
    name, id_ = plain(artifact.name), plain(artifact.id)
    return Content.assemble(
        f"{plain(artifact.noun).capitalize()} ", (name, "bold"), (f"  {id_}", "$text-muted")
    )


def _left_over(left: list[ResourceState]) -> Content:
    names = ", ".join(f"{kind_word(each.kind)} {plain(each.name)}" for each in left[:3])
    more = ", …" if len(left) > 3 else ""
    return Content.styled(
        f"{plural(len(left), 'resource')} still there: {names}{more}. "
        "4 shows how to remove what is left.",
        "$text-warning",
    )


def _standing(pause: Paused, now: float | None) -> str:
    """For how long it stands already, from the first second on; and how long it will."""
    if now is None:
        return ""
    stood = now - pause.time
    told = [f"Stands for {duration(stood, exact=False)}."] if stood >= 1 else []
    if pause.until is not None:
        left = duration(max(0.0, pause.until - now), exact=False)
        told.append(f"Ends by itself in {left} if nobody answers.")
    return "".join(f" {each}" for each in told)


def _headline(build: BuildState, pause: Paused, *, there: bool = True) -> Content:
    """One sentence: where it stands and why; `there`: its instance is."""
    step = build.steps.get(pause.step)
    detail = step.plan.detail if step and step.plan.detail != pause.note else ""
    title = plain(f"{step.plan.title} {detail}".strip()) if step else plain(pause.step)
    failure = pause.failure
    if pause.failure is not None:
        status = ""
        if failure and failure.exit_status is not None:
            meaning = f": {plain(failure.meaning)}" if failure.meaning else ""
            status = f" ({failure.exit_status}{meaning})"
        is_kept = there and build.instance and "keep" in pause.choices
        kept = " The instance is kept." if is_kept else ""
        return Content.assemble(
            (f"✗ Stopped here: {title} failed{status}.", "bold $text-error"),
            (kept, "$text-muted"),
        )
    why = {
        "failure": f"{title} failed",
        "breakpoint": f"Breakpoint before {title}",
        "requested": f"Stopped before {title}, as you asked",
        "step": f"Stopped before {title}, one step on",
        "after": f"Breakpoint after {title}",
        "output": f"Stopped after {title}, for what it printed",
        "exit": f"Stopped after {title}, for its exit status",
        "cleanup": "Stopped before the clean-up",
    }[pause.reason]
    return Content.styled(f"⏸ {why}.", "bold $text-warning")


def _failure(failure: Failure, *, repeat: bool) -> list[Content]:
    lines = [Content(plain(failure.summary))] if failure.summary else []
    if failure.line is not None:
        told = {"bash": " (bash told)", "message": " (its message told)"}
        where = plain(f"{failure.script} line {failure.line}".strip())
        text = plain(failure.line_text)
        lines.append(
            Content.assemble(
                (where, "bold"),
                (told.get(failure.line_source, ""), "$text-muted"),
                (f"  {text}" if text else "", "$text-error"),
            )
        )
    if failure.errors:
        lines += [_error(line) for line in failure.errors[-ERRORS:]]
    elif repeat:
        lines += [
            Content.assemble(("│ ", "$text-error"), (plain(line), "$text-muted"))
            for line in failure.last_lines[-LAST_LINES:]
        ]
    return lines


def _error(line: LogLine) -> Content:
    """A line of the log that looks like an error; a click goes there, as the key does."""
    goes = Style.from_meta({"@click": f"screen.reveal_line({line.number})"})
    text = Content.styled(plain(line.text), "$text-error").stylize(goes)
    return Content.assemble((f"{line.number:>6}  ", "$text-muted"), text)
