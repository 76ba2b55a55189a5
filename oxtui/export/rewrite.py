"""From the template that a session began with to the one that reproduces it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from oxtui.build.state import BuildState, SessionState
from oxtui.export.by_hand import puts, told
from oxtui.export.decoded import DecodedBuild, decoded_builds, resolve_text
from oxtui.export.draft import Draft
from oxtui.export.exported import ExportError, ExportOptions
from oxtui.export.language import place_of
from oxtui.export.located import LocatedBuild, locate
from oxtui.export.maas import maas_as_packer
from oxtui.export.older import without_older_words
from oxtui.export.placed import placed
from oxtui.export.plugins import require_plugins
from oxtui.export.provisioners import as_it_ran, breakpoints_off, sync_last
from oxtui.export.secrets import (
    mask_literals,
    masked_text,
    masks_to_variables,
    secret_options,
    without_defaults,
)
from oxtui.export.sources import written_out
from oxtui.export.steps import ScriptFiles
from oxtui.export.times import actions_to_expressions
from oxtui.export.told import provisioner_steps
from oxtui.logs.redact import Redactor
from oxtui.template.document import Document
from oxtui.template.hcl.diagnostic import Diagnostic, has_errors
from oxtui.template.load import parse_template
from oxtui.template.resolve import Resolved, resolve


@dataclass(frozen=True, slots=True)
class Beginning:
    """The template that the session began with, without its secrets, evaluated."""

    draft: Draft
    shown: str
    """Its text, masks in the place of secrets."""
    resolved: Resolved
    decoded: Mapping[str, DecodedBuild]
    redactor: Redactor
    """Knows the secrets that its variables and options came to."""


async def beginning(state: SessionState, text: str, options: ExportOptions) -> Beginning:
    """Reads the session's template.

    Raises:
        ExportError: it cannot be read any more, or is not the one of this session.
    """
    filename = place_of(state.template)
    draft = Draft(Document(masked_text(text), filename))
    _check(draft.document.template.diagnostics, "read")
    mask_literals(draft)
    shown = draft.document.text
    without_defaults(draft)
    given = await resolve(parse_template(draft.document.text, filename), options.inputs)
    redactor = Redactor(given.secrets() | _secret_values(given))
    hidden = redactor.text(shown)
    if hidden != shown:
        shown = masked_text(hidden)
        draft = Draft(Document(shown, filename))
        without_defaults(draft)
    resolved, _ = await resolve_text(draft.document.text, filename, options.inputs)
    _check(resolved.diagnostics, "evaluated")
    decoded, problems = decoded_builds(resolved)
    _check(problems, "evaluated")
    _same_steps(state.builds, decoded)
    return Beginning(draft, shown, resolved, decoded, redactor)


def _check(diagnostics: list[Diagnostic], done: str) -> None:
    if has_errors(diagnostics):
        first = next(problem for problem in diagnostics if problem.is_error)
        raise ExportError(
            f"The session's template cannot be {done} again: {first} "
            "Export in the folder that the session ran in, with the values of variables that it ran with."
        )


def _secret_values(resolved: Resolved) -> set[str]:
    """What secret options of sources came to, wherever it was written."""
    found: set[str] = set()
    for build in resolved.builds:
        attributes = build.body.evaluate().attributes
        for name in secret_options("builder", build.source_type):
            if name in attributes and isinstance(data := attributes[name].value.data, str):
                found.add(data)
    return found


def _same_steps(builds: Mapping[str, BuildState], decoded: Mapping[str, DecodedBuild]) -> None:
    for name, build in builds.items():
        if name not in decoded:
            known = ", ".join(decoded) or "none"
            raise ExportError(
                f"The session built {name}, but its template gives {known}. Export with the values of "
                "variables that the session ran with (--var, --var-file)."
            )
        told, there = provisioner_steps(build), decoded[name].steps
        if len(told) != len(there):
            raise ExportError(
                f"{name} had {len(told)} provisioners, but the session's template gives {len(there)}. "
                "Export with the values of variables that the session ran with (--var, --var-file)."
            )


def rewrite(state: SessionState, began: Beginning, options: ExportOptions) -> None:
    """Makes the draft what the session ran, in the words of stock Packer.

    Raises:
        TemplateError: a change does not fit the text.
    """
    draft = began.draft
    everything = locate(draft.document, began.resolved)
    located: dict[str, LocatedBuild] = {name: everything[name] for name in state.builds}
    put = {name: puts(build, began.decoded[name], options) for name, build in state.builds.items()}
    for build in state.builds.values():
        draft.notes += told(build, options)
    files = ScriptFiles(options.scripts, options.target)
    as_it_ran(
        draft, state.builds, located, files, placed(draft, put, everything, options, state.template)
    )
    if not options.breakpoints:
        breakpoints_off(draft)
    maas_as_packer(draft, state)
    sync_last(draft, list(located.values()))
    written_out(draft, state.builds, located)
    actions_to_expressions(draft, everything)
    masks_to_variables(draft)
    without_older_words(draft)
    require_plugins(draft)
    others = [name for name in everything if name not in located]
    if others:
        draft.notes.append(
            f"Not part of the session, and left as {'it was' if len(others) == 1 else 'they were'}: "
            f"{', '.join(others)}. Build with -only={','.join(located)} to leave it out."
        )
