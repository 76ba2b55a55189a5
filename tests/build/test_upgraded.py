"""A template that was upgraded to HCL gives every component of oxtui the options that it had before."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from oxtui.build.plan import PlannedBuild
from oxtui.build.planner import make_plan
from oxtui.component.options import Options
from oxtui.template.legacy.interpolate import Interpolation
from oxtui.template.load import parse_template
from oxtui.template.variables import VariableInputs
from tests.template.legacy.upgrade.plans import (
    BUILD,
    DOTS,
    EXAMPLES,
    STARTED,
    freeze,
    upgraded,
)


async def planned(text: str, filename: str, folder: Path) -> PlannedBuild:
    inputs = VariableInputs({}, (), ["boot_image=00000000-0000-4000-8000-000000000007"])
    planning = await make_plan(
        parse_template(text, filename), inputs, name=filename, text=text, folder=folder, data=None
    )
    assert [str(each) for each in planning.diagnostics] == []
    assert planning.plan is not None
    (build,) = planning.plan.builds
    return build


def plain(value: Any, rendering: Interpolation) -> Any:
    """Options as plain data; those that are templates evaluated, as they will be when the build runs."""
    if isinstance(value, str):
        return rendering.render(value)
    if isinstance(value, list | tuple):
        return [plain(item, rendering) for item in value]
    if isinstance(value, dict):
        return {key: plain(item, rendering) for key, item in value.items()}
    if isinstance(value, Options):
        return plain(value.model_dump(), rendering)
    return value


def options_of(build: PlannedBuild) -> list[Any]:
    known = build.interpolation or Interpolation(started=STARTED, build_name=build.source_name)
    rendering = replace(known, build=BUILD, later=(), variables=DOTS)
    each = [(p.type_name, p.common, plain(p.decode(BUILD), rendering)) for p in build.provisioners]
    for p in (member for chain in build.post_processors for member in chain):
        each.append((p.type_name, p.keep_input, plain(p.decode(BUILD), rendering)))
    return [build.source_name, build.builder_type, plain(build.options, rendering), *each]


async def test_the_options_are_the_same(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    freeze(monkeypatch)
    (example,) = [path for path in EXAMPLES if path.stem == "oxide"]
    text = example.read_text()
    old = options_of(await planned(text, "t.json", tmp_path))
    new = options_of(await planned(upgraded(text).text, "t.json.pkr.hcl", tmp_path))
    assert new == old
    assert new[2]["artifact_name"] == f"web-{int(STARTED.timestamp())}"
    assert new[2]["cpus"] == 2
    assert new[4][2]["inline"][-1] == "echo <User>@<Host>"
