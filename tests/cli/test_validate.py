"""`oxtui validate`: every error at once, and nothing made."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from oxtui.cli import main
from oxtui.component.registry import COMPONENTS, OLDER_TYPES
from tests.cli.running import on
from tests.rack_process import rack
from tests.sessions import shell, template

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Validates a text, or words as they are, in a folder of its own; nobody is logged in."""
    monkeypatch.chdir(tmp_path)
    for folder in ("STATE", "DATA", "CACHE", "CONFIG", "SESSIONS"):
        monkeypatch.setenv(f"OXTUI_{folder}_DIR", str(tmp_path / "own" / folder.lower()))

    def validate(*words: str, text: str | None = None) -> tuple[int, str]:
        if text is not None:
            (tmp_path / "t.pkr.hcl").write_text(text)
            words = (*words, "t.pkr.hcl")
        code = main(["validate", *words])
        out, err = capsys.readouterr()
        assert err == ""
        return code, out

    return validate


GOOD = template(shell("true"))
DATA = """
data "oxide-image" "base" {
  name = "ubuntu-24-04"
}
"""


def test_a_good_template_is_valid_and_nothing_is_made(run: Run, tmp_path: Path) -> None:
    assert run(text=GOOD) == (0, "The configuration is valid.\n")
    assert [path.name for path in tmp_path.iterdir()] == ["t.pkr.hcl"]


def test_an_error_has_its_place_its_line_and_the_name_that_was_meant(run: Run) -> None:
    code, out = run(text=template(source="cpu = 2"))
    assert code == 1
    assert out == (
        "Error: Unsupported argument\n"
        "\n"
        '  on t.pkr.hcl line 7, in source "oxide-instance" "t":\n'
        "  7:   cpu = 2\n"
        "       ^^^ t.pkr.hcl:7:3\n"
        "\n"
        'There is no option "cpu" here. Did you mean "cpus"?\n'
        "\n"
    )


def test_all_errors_of_all_files_come_at_once(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")  # no packer
    (tmp_path / "a.pkr.hcl").write_text('variable "x" {\n  default = \n}\nlocals {\n a = b.c\n}\n')
    (tmp_path / "b.pkr.hcl").write_text(
        'sorce "null" "x" {}\n'
        + template(
            shell("true", more='max_retries = "often"'),
            'provisioner "shell" {\n script = "gone.sh"\n}',
            source="cpus = 0",
            build='post-processor "provenance" {\n output = var.nope\n}\n'
            'error-cleanup-provisioner "shell" {\n inlne = ["x"]\n}',
        )
        + DATA.replace("name", "nane")
    )
    (tmp_path / "v.pkrvars.hcl").write_text("y = 1\nz = = 2\n")
    code, out = run("-var", "no=1", "-var-file=v.pkrvars.hcl", ".")
    assert code == 1
    for said in (
        "a.pkr.hcl:2:13",  # no default
        "a.pkr.hcl:5:6",  # no object b
        "b.pkr.hcl:1:1",  # no source
        'Did you mean "source"?',
        "v.pkrvars.hcl:2:5",
        'A value was given for "no", but no variable block declares it.',
        '"max_retries" must be a number',
        "Script gone.sh is not there",
        '"cpus": It must be at least 1.',
        'oxtui has no post-processor "provenance" yet, though Packer does.',
        'No variable "nope" is declared.',
        'Did you mean "inline"?',
        'There is no option "nane" here. Did you mean "name"?',
    ):
        assert said in out, said
    assert "is valid" not in out


def test_a_component_that_is_not_there_hides_no_other_error(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")  # no packer
    text = 'source "qemu" "x" {\n a = nofunc()\n}\nbuild {\n sources = ["qemu.x"]\n'
    text += 'provisioner "powershell" {\n inline = [var.nope]\n}\nprovisioner "shel" {}\n}\n'
    code, out = run(text=text)
    assert code == 1
    known = ", ".join(sorted(COMPONENTS["builder"].keys() - OLDER_TYPES["builder"].keys()))
    assert f'oxtui has no builder "qemu". It has: {known}. Packer would' in out
    assert 'The provisioner "powershell" works in Windows over WinRM' in out
    assert 'oxtui has no provisioner "shel". Did you mean "shell"?' in out
    assert 'There is no function named "nofunc".' in out
    assert 'No variable "nope" is declared.' in out


@pytest.mark.parametrize(
    ("sources", "message"),
    [
        ('sources = ["oxide-instance.tt"]', 'Did you mean "oxide-instance.t"?'),
        ('sources = ["t"]', "Invalid source reference"),
        ("", "Missing source reference"),
    ],
)
def test_a_source_that_is_not_there_hides_no_error_of_what_is_done_to_it(
    run: Run, sources: str, message: str
) -> None:
    text = template(shell("true", more="bogus = 1\n pause_before = 3"))
    code, out = run(text=text.replace('sources = ["source.oxide-instance.t"]', sources))
    assert code == 1
    assert message in out
    assert 'There is no option "bogus" here.' in out
    assert "pause_before" in out


def test_syntax_only_evaluates_nothing(run: Run) -> None:
    passed = "Syntax-only check passed. Everything looks okay.\n"
    text = 'variable "unset" {}\nbuild {\n sources = ["source.no.such"]\n}\n'
    assert run("-syntax-only", text=text) == (0, passed)
    assert run(text=text)[0] == 1
    code, out = run("--syntax-only", text="build {\n")
    assert (code, "Unclosed configuration block" in out) == (1, True)
    code, out = run("-syntax-only", "-var", "no=1", text=text)
    assert (code, "Undefined -var variable" in out) == (1, True)


def test_a_message_shows_no_secret(run: Run) -> None:
    text = (
        'variable "pw" {\n sensitive = true\n default = "hunter2"\n bogus = "hunter2"\n}\n' + GOOD
    )
    for flags in ((), ("-syntax-only",)):
        code, out = run(*flags, text=text)
        assert code == 1
        assert "hunter2" not in out
        assert ' bogus = "<sensitive>"' in out


def test_what_is_not_declared_is_a_warning_that_can_be_turned_off(run: Run, tmp_path: Path) -> None:
    (tmp_path / "v.pkrvars.hcl").write_text("nobody = 1\n")
    code, out = run("-var-file=v.pkrvars.hcl", text=GOOD)
    assert code == 0
    assert out.startswith("Warning: Undefined variable\n\n  on v.pkrvars.hcl line 1:\n")
    assert out.endswith("\nThe configuration is valid.\n")
    found = run("-var-file=v.pkrvars.hcl", "-no-warn-undeclared-var", text=GOOD)
    assert found == (0, "The configuration is valid.\n")


def test_only_and_except_choose_what_is_checked(run: Run) -> None:
    text = GOOD.replace(
        'sources = ["source.oxide-instance.t"]',
        'sources = ["source.oxide-instance.t"]\nsource "oxide-instance.t" {\nname = "bad"\nx = 1\n}'
        '\npost-processor "manifest" {\n bogus = 1\n}',
    )
    valid = (0, "The configuration is valid.\n")
    assert run("-except=*.bad,manifest", text=text) == valid
    assert run("-only=*.t", "-except=manifest", text=text) == valid
    code, out = run("-except=manifest", text=text)
    assert (code, 'There is no option "x" here.' in out) == (1, True)
    code, out = run("-only=zzz", text=text)
    assert (code, "Error: No builds to run" in out) == (1, True)
    code, out = run("-only=*.t,zzz", "-except=manifest", text=text)
    assert (code, out.splitlines()[0]) == (0, "Warning: A pattern of -only matches nothing")


def test_what_depends_on_a_data_source_is_not_known_and_not_complained_about(run: Run) -> None:
    text = DATA + template(
        'provisioner "shell" {\n script = local.id\n}',
        'provisioner "file" {\n sources = [local.id]\n destination = local.id\n}',
        source="cpus = local.id\n boot_disk_size = local.id",
    )
    text += "locals {\n id = data.oxide-image.base.image_id\n}\n"
    assert run(text=text) == (0, "The configuration is valid.\n")


def test_where_no_rack_is_named_data_sources_cannot_be_looked_up(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("OXIDE_HOST", "OXIDE_TOKEN", "OXIDE_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    assert run(text=DATA + GOOD)[0] == 0
    code, out = run("-evaluate-datasources", text=DATA + GOOD)
    assert (code, "Error: Data source oxide-image.base failed" in out) == (1, True)
    assert "t.pkr.hcl:2:1" in out


async def test_data_sources_are_looked_up_where_that_is_asked_for(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = DATA + template(source='cpus = data.oxide-image.base.image_id == "" ? 1 : "many"')
    async with rack() as there:
        for name, value in on(there).items():
            monkeypatch.setenv(name, value)
        assert (await asyncio.to_thread(run, text=text))[0] == 0
        code, out = await asyncio.to_thread(run, "-evaluate-datasources", text=text)
        assert (code, '"cpus" must be a number' in out) == (1, True)
        missing = text.replace('name = "ubuntu-24-04"', 'name = "gone"')
        code, out = await asyncio.to_thread(run, "-evaluate-datasources", text=missing)
        assert (code, 'has no image "gone"' in out) == (1, True)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("none.pkr.hcl", "none.pkr.hcl could not be read: No such file or directory."),
        (".", "Could not find any config file in ."),
        ("old.json", "A template needs at least one builder"),
    ],
)
def test_what_is_no_template_is_told(run: Run, tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / "old.json").write_text("{}")
    code, out = run(name)
    assert (code, message in out) == (1, True), out
