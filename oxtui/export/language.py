"""A session whose template is in JSON, as if it had been in HCL's own syntax: exports are HCL."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from oxtui.build.state import SessionState
from oxtui.template.hcl.diagnostic import has_errors
from oxtui.template.hcl.source import SourceFile
from oxtui.template.json.as_hcl import json_as_hcl
from oxtui.template.json.bodies import parse_json_body
from oxtui.template.legacy.model import LegacyTemplate
from oxtui.template.legacy.read import read_legacy
from oxtui.template.legacy.upgrade import upgrade
from oxtui.template.load import is_legacy, parse_template
from oxtui.template.read.files import HCL_SUFFIX, JSON_SUFFIX
from oxtui.template.resolve import resolve
from oxtui.template.variables import VariableInputs


def place_of(template: str) -> str:
    """A file name in the folder that the session's template was in, for `path.root`."""
    path = Path(template)
    return str(path / f"session{HCL_SUFFIX}") if path.is_dir() else str(path)


async def in_hcl(
    state: SessionState, text: str, inputs: VariableInputs
) -> tuple[SessionState, str, list[str]]:
    """The session and its template in HCL's own syntax, and sentences about that it was in another.

    A text that cannot be read stays as it is. `inputs` are the values that the session ran with.
    """
    if Path(state.template).is_dir():
        return state, text, []
    file = SourceFile(state.template, text)
    if state.template.endswith(JSON_SUFFIX):
        _, problems = parse_json_body(file)
        if has_errors(problems):
            return state, text, []
        name = state.template.removesuffix(JSON_SUFFIX) + HCL_SUFFIX
        told = "The session's template is HCL in JSON syntax; the export is in HCL's own."
        return replace(state, template=name), json_as_hcl(file), [told]
    if not is_legacy(file):
        return state, text, []
    legacy, problems = read_legacy(file)
    return (
        (state, text, []) if has_errors(problems) else await _upgraded(state, text, legacy, inputs)
    )


async def _upgraded(
    state: SessionState, text: str, legacy: LegacyTemplate, inputs: VariableInputs
) -> tuple[SessionState, str, list[str]]:
    made = upgrade(legacy)
    name = state.template + HCL_SUFFIX
    before = await resolve(parse_template(text, state.template), inputs)
    after = await resolve(parse_template(made.text, name), inputs)
    # The builds are in the order of the builders in both.
    names = {old.name: new.name for old, new in zip(before.builds, after.builds, strict=False)}
    builds = {names.get(old, old): build for old, build in state.builds.items()}
    told = "The session's template is a legacy one in JSON; the export is HCL that does the same."
    return replace(state, template=name, builds=builds), made.text, [told, *made.warnings]
