"""Planning: every error at once, at its place, before anything is spent."""

from __future__ import annotations

from pathlib import Path

import pytest

from oxtui.build.planner import Planning, make_plan
from oxtui.build.selection import Selection
from oxtui.template.load import parse_template
from oxtui.template.variables import VariableInputs
from tests.sessions import shell, template


async def plan(text: str, folder: Path, selection: Selection | None = None) -> Planning:
    return await make_plan(
        parse_template(text, "t.pkr.hcl"), VariableInputs({}), name="t", text=text, folder=folder,
        data=None, selection=selection,
    )  # fmt: skip


async def test_a_plan_has_each_build_with_its_decoded_parts(tmp_path: Path) -> None:
    text = template(
        shell("true", more='name = "base"\nmax_retries = 2\npause_before = "3s"'),
        'provisioner "sleep" {\n duration = "5s"\n}',
    )
    planning = await plan(text, tmp_path)
    assert planning.plan is not None
    (build,) = planning.plan.builds
    assert build.name == "oxide-instance.t"
    assert [p.title for p in build.provisioners] == ["base", "sleep"]
    assert build.provisioners[0].common.max_retries == 2
    assert build.provisioners[0].common.pause_before == 3.0


async def test_all_errors_come_at_once_with_their_lines(tmp_path: Path) -> None:
    text = template(
        'provisioner "shell" {\n script = "gone.sh"\n}',
        'provisioner "shel" {\n inline = ["x"]\n}',
        'provisioner "file" {\n}',
        source="cpu = 2",
    )
    planning = await plan(text, tmp_path)
    assert planning.plan is None
    told = [str(problem) for problem in planning.diagnostics]
    assert any("Script gone.sh is not there" in text for text in told)
    assert any('has no provisioner "shel". Did you mean "shell"?' in text for text in told)
    assert any('"destination" is needed' in text for text in told)
    assert any('Did you mean "cpus"?' in text for text in told)
    assert all(text.startswith("t.pkr.hcl:") for text in told)


@pytest.mark.parametrize(
    ("selection", "names"),
    [
        (Selection(), ["oxide-instance.t", "oxide-instance.u"]),
        (Selection(only=["oxide-instance.u"]), ["oxide-instance.u"]),
        (Selection(only=["*.t"]), ["oxide-instance.t"]),
        (Selection(excluded=["oxide*u"]), ["oxide-instance.t"]),
    ],
)
async def test_only_and_except_choose_builds(
    tmp_path: Path, selection: Selection, names: list[str]
) -> None:
    text = template().replace(
        'sources = ["source.oxide-instance.t"]',
        'sources = ["source.oxide-instance.t"]\nsource "oxide-instance.t" {\nname = "u"\n}',
    )
    planning = await plan(text, tmp_path, selection)
    assert planning.plan is not None
    assert [build.name for build in planning.plan.builds] == names


async def test_a_selection_that_matches_nothing_is_an_error_that_lists_the_builds(
    tmp_path: Path,
) -> None:
    planning = await plan(template(), tmp_path, Selection(only=["nope"]))
    assert planning.plan is None
    assert "None of the builds (oxide-instance.t) matches" in planning.diagnostics[0].detail


@pytest.mark.parametrize(
    ("password", "hidden"), [("hunter2", True), ("packer", False), ("ubuntu", False)]
)
async def test_an_option_that_is_secret_is_hidden_unless_a_name_tells_it_anyway(
    tmp_path: Path, password: str, hidden: bool
) -> None:
    text = template(source=f'ssh_password = "{password}"\nuser_data = "#!/bin/sh\\n: {password}"')
    hides: list[str] = []
    await make_plan(
        parse_template(text, "t.pkr.hcl"), VariableInputs({}), name="t", text=text,
        folder=tmp_path, data=None, hide=hides.append,
    )  # fmt: skip
    assert (password in hides) is hidden


async def test_what_a_body_makes_of_a_secret_is_hidden_too(tmp_path: Path) -> None:
    text = template(shell("echo ${upper(var.word)} ${build.ID}"))
    text += 'variable "word" {\n sensitive = true\n default = "hunter2"\n}\n'
    hides: list[str] = []
    await make_plan(
        parse_template(text, "t.pkr.hcl"), VariableInputs({}), name="t", text=text,
        folder=tmp_path, data=None, hide=hides.append,
    )  # fmt: skip
    assert "HUNTER2" in hides
