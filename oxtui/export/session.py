"""`export_session`: a session, recorded or running, as a template that reproduces it with stock Packer."""

from __future__ import annotations

import asyncio
import difflib
from pathlib import Path

from oxtui.build.live import LiveSession
from oxtui.build.recorded import RecordedSession
from oxtui.build.state import SessionState
from oxtui.component.errors import StepError
from oxtui.component.registry import unknown_to_packer
from oxtui.export.exported import Exported, ExportError, ExportOptions
from oxtui.export.language import in_hcl
from oxtui.export.plugins import plugins_of
from oxtui.export.rewrite import beginning, rewrite
from oxtui.export.variables import variable_file
from oxtui.export.verify import verify
from oxtui.logs.redact import Redactor
from oxtui.template.editing.address import AddressError
from oxtui.template.hcl.diagnostic import TemplateError
from oxtui.template.hcl.tree.bodies import Body


async def export_session(
    session: RecordedSession | LiveSession, options: ExportOptions | None = None
) -> Exported:
    """What the session ran, as a template; the event loop is free meanwhile.

    Raises:
        ExportError: there is no template to begin with, or it cannot be read any more.
    """
    state = session.state
    environment = None if isinstance(session, RecordedSession) else session.environment
    redactor = Redactor() if environment is None else environment.redactor
    text = await asyncio.to_thread(_text, session)

    def work() -> Exported:
        return asyncio.run(export_text(state, text, options or ExportOptions(), redactor))

    return await asyncio.to_thread(work)


def _text(session: RecordedSession | LiveSession) -> str:
    if not isinstance(session, RecordedSession):
        return session.environment.redactor.text(session.plan.text)
    try:
        return session.folder.template.read_bytes().decode()
    except FileNotFoundError:
        raise ExportError(
            f"Session {session.state.session} kept no template, so there is nothing to export."
        ) from None
    except (OSError, UnicodeDecodeError) as problem:
        raise ExportError(f"{session.folder.template} cannot be read: {problem}.") from problem


async def export_text(
    state: SessionState, text: str, options: ExportOptions, redactor: Redactor
) -> Exported:
    """The same from a session's state and the template's text, its secrets masked.

    Raises:
        ExportError: it cannot be read, or the changes do not fit it.
    """
    if not state.builds:
        raise ExportError(f"Session {state.session} has built nothing yet.")
    state, text, told = await in_hcl(state, text, options.inputs)
    began = await beginning(state, text, options)
    draft = began.draft
    draft.notes += told
    try:
        rewrite(state, began, options)
        await verify(state, began, options)
    except (TemplateError, AddressError, StepError) as problem:
        raise ExportError(f"The session's changes do not fit its template: {problem}") from problem

    def hide(told: str) -> str:
        return redactor.text(began.redactor.text(told))

    variables: dict[Path, str] = {}
    if options.variables is not None:
        values, problems = await variable_file(
            draft.document.text,
            draft.document.filename,
            options.inputs,
            began.redactor,
            draft.secrets,
        )
        variables[options.variables] = hide(values)
        draft.problems += problems
    made = hide(draft.document.text)
    if made != draft.document.text:
        draft.problems.append("A secret of the session stood in the export, and is masked in it.")
    draft.problems += _own(draft.document.body)
    notes = [
        *draft.notes,
        *_secrets(draft.secrets),
        *_rack(state, draft.document.body),
        *_promoted(state),
    ]
    return Exported(
        session=state.session,
        text=made,
        began=began.shown,
        diff=unified(began.shown, made, state.template, _name(state, options)),
        notes=tuple(dict.fromkeys(map(hide, notes))),
        problems=tuple(dict.fromkeys(map(hide, draft.problems))),
        scripts={path: hide(script) for path, script in draft.scripts.items()},
        variables=variables,
        copies=draft.copies,
    )


def unified(before: str, after: str, old: str, new: str) -> str:
    """A unified diff of two texts; empty if they are the same."""
    lines = difflib.unified_diff(
        before.splitlines(keepends=True), after.splitlines(keepends=True), old, new
    )
    marked = (
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )
    return "".join(marked)


def _name(state: SessionState, options: ExportOptions) -> str:
    return str(options.target) if options.target is not None else f"session {state.session}"


def _secrets(names: list[str]) -> list[str]:
    if not names:
        return []
    return [
        f"Secrets were left out. Give them as variables, such as PKR_VAR_{names[0]} in the environment: "
        f"{', '.join(dict.fromkeys(names))}."
    ]


def _rack(state: SessionState, body: Body) -> list[str]:
    """Where stock Packer learns of the rack, if it needs one."""
    plugins = plugins_of(body)
    if not plugins:
        return []
    if state.simulated:
        return ["The session ran on a simulated rack: ids of images are of that rack alone."]
    named = f" ({state.host})" if state.host else ""
    return [
        f"Packer takes the {plugin.title}{named if plugin.name == 'oxide' else ''} from {plugin.access}, "
        "where the template does not name it."
        for plugin in plugins
    ]


def _own(body: Body) -> list[str]:
    """What stock Packer does not have at all, and the export has not put into its words."""
    used = dict.fromkeys(
        block.labels[0].value for block in body.blocks_of("source") if block.labels
    )
    return [told for name in used if (told := unknown_to_packer("builder", name))]


def _promoted(state: SessionState) -> list[str]:
    """What stock Packer does not do with the new image."""
    steps = (build.steps.get("promote") for build in state.builds.values())
    if not any(step is not None and step.phase == "done" for step in steps):
        return []
    return [
        "The session promoted its image to the silo, which Packer does not: after it, run "
        "`oxide image promote --image IMAGE_ID`, or `oxtui image promote`."
    ]
