"""Reading an export back: by our reader, by another one, and as a plan that is compared with what ran."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from oxtui.build.planner import make_plan
from oxtui.build.state import BuildState, SessionState
from oxtui.component.errors import StepError
from oxtui.export.compare import differences, ran
from oxtui.export.decoded import STAND_IN, DecodedBuild, decoded_builds, dumped, resolve_text
from oxtui.export.exported import ExportOptions
from oxtui.export.language import place_of
from oxtui.export.older import now_called
from oxtui.export.rewrite import Beginning
from oxtui.export.second_reader import read_otherwise
from oxtui.export.told import planned_value
from oxtui.template.hcl.diagnostic import has_errors
from oxtui.template.load import parse_template

_TIMES = ("timestamp(", "uuidv4(", "legacy_isotime(", "legacy_strftime(")
_TOLD = ("project", "cpus", "memory", "vpc", "subnet")
"""Values that a session tells, and whose meaning does not depend on its rack."""


async def verify(state: SessionState, began: Beginning, options: ExportOptions) -> None:
    """Adds to the draft's problems what the text would do otherwise than the session, and why."""
    draft = began.draft
    text = draft.document.text
    template = parse_template(text, draft.document.filename)
    if has_errors(template.diagnostics):
        draft.problems += [str(each) for each in template.diagnostics if each.is_error]
        return
    difference, reason = read_otherwise(text, draft.document.body, options.cache)
    if difference:
        draft.problems.append(difference)
    if reason:
        draft.notes.append(f"Not verified by the second reader, python-hcl2: {reason}.")
    await _planned(began, text, options)
    await _compared(state, began, text, options)


async def _planned(began: Beginning, text: str, options: ExportOptions) -> None:
    """Plans it once more; files that are not here are told, since a session may be exported anywhere."""
    draft = began.draft
    filename = draft.document.filename
    _, inputs = await resolve_text(text, filename, options.inputs)
    planning = await make_plan(
        parse_template(text, filename), inputs, name=filename, text=text, folder=Path.cwd(),
        data=None,
    )  # fmt: skip
    for problem in planning.diagnostics:
        if not problem.is_error:
            continue
        if not problem.summary.endswith(" cannot run"):  # a provisioner, a post-processor
            draft.problems.append(str(problem))
        elif not any(path.name in problem.detail for path in (*draft.scripts, *draft.copies)):
            draft.notes.append(str(problem))


async def _compared(
    state: SessionState, began: Beginning, text: str, options: ExportOptions
) -> None:
    draft = began.draft
    filename = place_of(state.template) if options.target is None else str(options.target)
    resolved, _ = await resolve_text(text, filename, options.inputs)
    found, _ = decoded_builds(resolved)
    volatile = any(call in text for call in _TIMES)
    moved = Path(filename).parent.resolve() != Path(place_of(state.template)).parent.resolve()
    if moved and "path.root" in began.shown:
        resolved, _ = await resolve_text(text, place_of(state.template), options.inputs)
        found, _ = decoded_builds(resolved)
        draft.notes.append(
            "It names files beside the template (path.root): keep it in the folder of "
            f"{state.template}, or take those files along."
        )
    for name, build in state.builds.items():
        draft.problems += _other_values(build, began.decoded[name])
        try:
            expected = ran(began.decoded[name], build, options)
        except StepError as problem:
            draft.problems.append(f"{name}: {problem}")
            continue
        now = now_called(name)
        if now not in found:
            draft.problems.append(f"{name} would not be built.")
            continue
        draft.problems += differences(
            expected, found[now], draft.scripts, draft.copies, volatile=volatile
        )


def _other_values(build: BuildState, began: DecodedBuild) -> Iterator[str]:
    """Values that the session used and that its template gives no more: of variables that were given."""
    options = dumped(began.options)
    for name in _TOLD:
        told, _ = planned_value(build, name)
        value = str(options.get(name, ""))
        if told and name in options and told != value and not _unsure(value, told):
            yield (
                f'{build.name} ran with {name} "{told}", but the template gives "{value}": export with '
                "the values of variables that the session ran with (--var, --var-file)."
            )


def _unsure(*values: str) -> bool:
    return any(STAND_IN in value or "<" in value for value in values)
