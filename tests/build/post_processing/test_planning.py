"""Chains of a template: decoded and checked, with the problems of all members at their places."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from oxtui.build.plan import PlannedBuild
from oxtui.build.planner import Planning, make_plan
from oxtui.build.selection import Selection
from oxtui.template.load import parse_template
from oxtui.template.variables import VariableInputs
from tests.build.post_processing.components import chain, filed


async def planned(text: str, name: str = "t.pkr.hcl", *excluded: str) -> Planning:
    return await make_plan(
        parse_template(text, name), VariableInputs({}), name=name, text=text, folder=Path.cwd(),
        data=None, selection=Selection(excluded=excluded),
    )  # fmt: skip


async def build_of(text: str, name: str = "t.pkr.hcl", *excluded: str) -> PlannedBuild:
    planning = await planned(text, name, *excluded)
    assert planning.plan is not None, [str(each) for each in planning.diagnostics]
    return planning.plan.builds[0]


def titles(build: PlannedBuild) -> list[list[str]]:
    return [[member.title for member in members] for members in build.post_processors]


CHAINS = (
    chain('keep name = "first"', 'keep only = ["filed.other"]', 'replace name = "last"\nto = "x"'),
    'post-processor "keep" {\n keep_input_artifact = false\n}',
)


async def test_chains_are_those_of_the_template(components: Path) -> None:
    build = await build_of(filed(*CHAINS))
    assert titles(build) == [["first", "last"], ["keep"]]
    (first, last), (alone,) = build.post_processors
    assert (first.name, alone.name, alone.type_name) == ("first", "", "keep")
    assert (first.keep_input, alone.keep_input) == (None, False)
    assert last.component.detail(last.options) == "x"


@pytest.mark.parametrize(
    ("excluded", "left"),
    [("last", [["first"], ["keep"]]), ("first", [["keep"]]), ("k*p", [["first", "last"]])],
)
async def test_except_drops_a_member_and_the_rest_of_its_chain(
    components: Path, excluded: str, left: list[list[str]]
) -> None:
    assert titles(await build_of(filed(*CHAINS), "t.pkr.hcl", excluded)) == left


async def test_json_and_legacy_templates_have_the_same_chains(components: Path) -> None:
    source = {"communicator": "none"}
    modern = {
        "source": {"filed": {"x": source}},
        "build": {
            "sources": ["filed.x"],
            "post-processors": [{"post-processor": [{"keep": {}}, {"replace": {"to": "x"}}]}],
            "post-processor": [{"add": {"to": "y"}}],
        },
    }
    assert titles(await build_of(json.dumps(modern), "t.pkr.json")) == [
        ["keep", "replace"],
        ["add"],
    ]
    legacy = {
        "builders": [{"type": "filed", "name": "x", **source}],
        "post-processors": [
            "keep",
            {"type": "add", "to": "{{build_name}}", "keep_input_artifact": True},
            [
                "keep",
                {"type": "replace", "name": "n", "to": "z"},
                {"type": "keep", "except": ["x"]},
            ],
        ],
    }
    build = await build_of(json.dumps(legacy), "t.json")
    assert titles(build) == [["keep"], ["add"], ["keep", "n"]]
    (bare,), (added,), (_, named) = build.post_processors
    assert (bare.name, named.name, added.keep_input) == ("keep", "n", True)
    assert added.component.detail(added.options) == "x"


async def test_problems_of_all_members_come_at_once_with_their_lines(components: Path) -> None:
    planning = await planned(
        filed(chain('replace to = "a/b"', "keep bogus = 1"), 'post-processor "kep" {}')
    )
    told = [str(each) for each in planning.diagnostics]
    assert planning.plan is None
    assert told[0].startswith("t.pkr.hcl:9:6: Post-processor cannot run: No folders here.")
    assert 'There is no option "bogus" here.' in told[1]
    assert 'no post-processor "kep". Did you mean "keep"?' in told[2]
    excluded = await planned(
        filed(chain('replace to = "a/b"', "keep bogus = 1")), "t.pkr.hcl", "replace"
    )
    assert excluded.plan is not None


async def test_one_that_needs_the_machine_cannot_stand_behind_one_that_comes_later(
    components: Path,
) -> None:
    planning = await planned(filed(chain("snap", "seal")))
    (problem,) = planning.diagnostics
    assert problem.detail == (
        '"seal" runs before seal, and "snap" in front of it in its chain before cleanup. '
        "Put it first, or into a chain of its own."
    )
    assert (await planned(filed(chain("seal", "snap", "keep")))).plan is not None


async def test_one_that_needs_a_snapshot_is_refused_where_there_is_none(components: Path) -> None:
    (problem,) = (await planned(filed(chain("snap"), more="unsnapped = true"))).diagnostics
    assert (problem.summary, problem.detail) == (
        "Post-processor without a snapshot",
        '"snap" reads the snapshot of the build, and filed.x has none: it was told so. Leave that out.',
    )
    late = filed(chain("snap late = true"), more="unsnapped = true")
    assert (await planned(late)).plan is not None
