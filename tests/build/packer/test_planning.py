"""What planning leaves to packer, and what it does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from oxtui.build.packer.components import is_foreign
from oxtui.build.planner import Planning, make_plan
from oxtui.build.selection import Selection
from oxtui.template.load import parse_template
from oxtui.template.variables import VariableInputs
from tests.build.packer.standing_in import StandIn, stand_in
from tests.sessions import shell, template

DOCKER = """
source "docker" "box" {
  image = "alpine"
  login_password = "hidden-word"
}
source "null" "here" {
  communicator = "none"
}
build {
  sources = ["docker.box", "null.here"]
  provisioner "shell-local" {
    inline = ["true"]
  }
}
"""


@pytest.fixture
def there(tmp_path: Path) -> StandIn:
    return stand_in(tmp_path)


def told(planning: Planning) -> list[str]:
    return [str(each) for each in planning.diagnostics]


async def test_a_source_that_oxtui_has_not_is_left_to_packer_and_said_so(there: StandIn) -> None:
    planning = await there.plan(DOCKER)
    assert planning.plan is not None
    packer = planning.plan.packer
    assert packer is not None
    assert packer.binary == there.folder / "bin" / "packer"
    assert [(each.kind, each.type) for each in planning.plan.foreign] == [("builder", "docker")]
    assert packer.components[0].place.endswith("t.pkr.hcl:2")
    assert [build.name for build in packer.builds] == ["docker.box", "null.here"]
    assert [build.connects for build in packer.builds] == [True, False]
    assert not planning.plan.needs_rack
    (warning,) = planning.diagnostics
    assert not warning.is_error
    assert "Only packer can check its options." in warning.detail
    assert planning.secrets == {"hidden-word"}


async def test_without_packer_the_component_is_named_with_what_to_do(there: StandIn) -> None:
    there.environ["PATH"] = ""
    planning = await there.plan(DOCKER)
    assert planning.plan is None
    (problem,) = told(planning)
    assert 'Unknown source type "docker": oxtui has no builder "docker".' in problem
    assert "no packer on the PATH: install it" in problem


MAAS = 'post-processor "oxtui-maas" {\n image_name = "web"\n }\n}'


async def test_what_no_packer_has_is_an_error_only_where_packer_is_to_run_it(
    there: StandIn,
) -> None:
    text = DOCKER.rstrip().removesuffix("}") + MAAS
    planning = await there.plan(text)
    assert planning.plan is None
    (problem,) = [each for each in planning.diagnostics if each.is_error]
    assert 'Packer has no post-processor "oxtui-maas"' in problem.detail
    assert planning.for_packer == []
    planning = await there.plan(text.replace('"docker.box", ', ""))
    assert planning.plan is not None
    assert planning.diagnostics == []
    (problem,) = planning.for_packer
    assert 'Packer has no post-processor "oxtui-maas"' in problem.detail
    assert "`oxtui export` writes it" in problem.detail
    assert not problem.is_error


async def test_what_oxtui_knows_is_checked_all_the_same(there: StandIn) -> None:
    text = DOCKER.replace('"alpine"', "var.nope").replace("inline", "inlne")
    planning = await there.plan(text)
    assert planning.plan is None
    assert any('No variable "nope" is declared.' in each for each in told(planning))
    assert any('Did you mean "inline"?' in each for each in told(planning))


async def test_builds_that_need_no_packer_are_run_without_it(there: StandIn) -> None:
    path = there.folder / "t.pkr.hcl"
    path.write_text(DOCKER)
    planning = await make_plan(
        parse_template(DOCKER, "t.pkr.hcl"), VariableInputs(there.environ), name="t", text=DOCKER,
        folder=there.folder, data=None, selection=Selection(only=["null.*"]),
    )  # fmt: skip
    assert planning.plan is not None
    assert planning.plan.packer is None
    assert [build.name for build in planning.plan.builds] == ["null.here"]


@pytest.mark.parametrize(
    ("kind", "name", "plugins", "foreign"),
    [
        ("provisioner", "shell", (), False),
        ("provisioner", "shel", (), False),
        ("provisioner", "ansible-local", (), True),
        ("builder", "amazon-ebs", (), True),
        ("builder", "oxide-instanc", (), False),
        ("builder", "oxide-instanc", ("oxide",), True),
        ("builder", "acme", (), True),
        ("post-processor", "vagrant", (), True),
        ("data source", "amazon-ami", (), True),
        ("data source", "oxide-images", (), False),
    ],
)
def test_a_slip_of_the_pen_is_not_left_to_packer(
    kind: str, name: str, plugins: tuple[str, ...], foreign: bool
) -> None:
    assert is_foreign(kind, name, plugins) is foreign  # type: ignore[arg-type]


async def test_windows_guests_are_packers_where_it_alone_has_the_builder(there: StandIn) -> None:
    powershell = 'provisioner "powershell" {\n inline = ["x"]\n}'
    theirs = (
        'source "amazon-ebs" "w" {\n communicator = "winrm"\n}\n'
        f'build {{\n sources = ["source.amazon-ebs.w"]\n{powershell}\n}}\n'
    )
    foreign = await there.plan(theirs)
    assert foreign.plan is not None, told(foreign)
    kinds = [(each.kind, each.type) for each in foreign.plan.foreign]
    assert kinds == [("builder", "amazon-ebs"), ("provisioner", "powershell")]
    ours = await there.plan(template(powershell))
    assert ours.plan is None
    assert any("works in Windows over WinRM" in each for each in told(ours))
    over_winrm = await there.plan(template(shell("true"), source='communicator = "winrm"'))
    assert over_winrm.plan is None
    assert any("over SSH alone, not over WinRM" in each for each in told(over_winrm))


async def test_what_a_data_source_of_packers_gives_is_not_known(there: StandIn) -> None:
    text = 'data "amazon-ami" "base" {\n filters = {}\n}\n' + template(
        shell("echo ${data.amazon-ami.base.id}")
    )
    planning = await there.plan(text)
    assert planning.plan is not None, told(planning)
    assert [each.type for each in planning.plan.foreign] == ["amazon-ami"]


async def test_scripts_and_files_of_a_provisioner_are_counted(there: StandIn) -> None:
    (there.folder / "a.sh").write_text("true\n")
    text = DOCKER.replace(
        'inline = ["true"]', 'scripts = ["a.sh", "a.sh"]\n script = "a.sh"\n'
    ).replace("shell-local", "acme")
    planning = await there.plan(text)
    assert planning.plan is not None
    assert planning.plan.packer is not None
    assert planning.plan.packer.builds[0].provisioners[0].parts == 3
