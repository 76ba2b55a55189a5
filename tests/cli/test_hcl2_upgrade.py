"""`oxtui hcl2_upgrade` writes a file of HCL, loses no other, and says what to look at."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from oxtui.cli import main
from tests.shared import shared

TEMPLATE = {
    "variables": {"a": "1", "b": "{{user `a`}}"},
    "builders": [{"type": "null", "communicator": "none"}],
    "provisioners": [{"type": "shell", "inline": ["{{sed `a` `b`}} {{user `a`}}"]}],
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with a template in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "t.json").write_text(json.dumps(TEMPLATE))
    return tmp_path


def test_the_reference_case(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What 1.6.6 loses is kept, and the result is a template without an error (its step 3 has one)."""
    work = tmp_path / "case"
    shutil.copytree(shared("cases/packer/c10-hcl2-upgrade"), work, copy_function=shutil.copyfile)
    monkeypatch.chdir(work)
    monkeypatch.setenv("HOME", "/home/somebody")
    assert main(["hcl2_upgrade", "t.json"]) == 0
    assert capsys.readouterr().out == "Successfully created t.json.pkr.hcl\n"
    text = Path("t.json.pkr.hcl").read_text()
    for kept in (
        '\n    pause_before = "1s"\n    max_retries  = 2\n    timeout      = "1m"\n',
        '\n    override = {\n      nn = {\n        environment_vars = ["A=1"]\n',
        '\n  error-cleanup-provisioner "shell-local" {\n    inline = ["echo cleanup"]\n',
        '\n  n         = "${var.who}-x"\n',
        '\n  default   = env("HOME")\n  sensitive = true\n',
        '"echo hello ${var.who} ${source.name} ${upper("x")}"',
        '"echo ${legacy_isotime("2006")} ${uuidv4()} ${build.ID}"',
        '\n    only         = ["null.nn"]\n',
        '\n      only   = ["file.file"]\n',
        "\n      keep_input_artifact = true\n",
    ):
        assert kept in text, kept
    assert text.startswith("# c\n\n")
    assert main(["hcl2_upgrade", "-output-file=o.pkr.hcl", "t.json"]) == 0
    assert Path("o.pkr.hcl").read_text() == text
    capsys.readouterr()
    assert main(["validate", "-syntax-only", "t.json.pkr.hcl"]) == 0
    assert main(["inspect", "t.json.pkr.hcl"]) == 0
    assert 'local.n: "world-x"' in capsys.readouterr().out
    assert main(["fmt", "-check", "t.json.pkr.hcl"]) == 0


def test_what_to_look_at_is_told_and_stands_in_the_file(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["hcl2_upgrade", "t.json"]) == 0
    out, err = capsys.readouterr()
    assert out == "Successfully created t.json.pkr.hcl\n"
    told = (
        '{{sed `a` `b`}} stays as it was: HCL has no function "sed"; write its result in its place.'
    )
    assert f"oxtui: provisioner shell: {told}\n" in err
    assert 'oxtui: variable "b": its value depends on more than the environment, so it is a' in err
    text = (folder / "t.json.pkr.hcl").read_text()
    assert f'    # {told}\n    inline = ["{{{{sed `a` `b`}}}} ${{var.a}}"]\n' in text


@pytest.mark.parametrize("dash", ["-", "--"])
def test_annotations_are_added_where_they_are_asked_for(folder: Path, dash: str) -> None:
    assert main(["hcl2_upgrade", "t.json"]) == 0
    bare = (folder / "t.json.pkr.hcl").read_text()
    words = ["hcl2_upgrade", f"{dash}with-annotations", f"{dash}output-file", "a.pkr.hcl", "t.json"]
    assert main(words) == 0
    annotated = (folder / "a.pkr.hcl").read_text()
    added = [line for line in annotated.splitlines() if line not in bare.splitlines()]
    assert added
    assert all(line.startswith("# ") for line in added)
    assert [line for line in annotated.splitlines() if line not in added] == bare.splitlines()


def test_no_file_is_lost(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    there = folder / "t.json.pkr.hcl"
    there.write_text("mine")
    there.chmod(0o640)
    assert main(["hcl2_upgrade", "t.json"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err == (
        "oxtui: t.json.pkr.hcl is there already and says something else; move it away, or overwrite "
        "it with -output-file=t.json.pkr.hcl.\n"
    )
    assert there.read_text() == "mine"
    assert main(["hcl2_upgrade", "-output-file=t.json.pkr.hcl", "t.json"]) == 0
    assert there.read_text().startswith('variable "a" {')
    assert there.stat().st_mode & 0o777 == 0o640
    assert main(["hcl2_upgrade", "t.json"]) == 0  # the same again
    assert sorted(path.name for path in folder.iterdir()) == ["t.json", "t.json.pkr.hcl"]


def test_a_file_of_variables_becomes_one(folder: Path) -> None:
    (folder / "v.json").write_text(
        '{"variables": {"a": null, "b": "{{env `B`}}"}, "sensitive-variables": ["a"]}'
    )
    assert main(["hcl2_upgrade", "v.json"]) == 0
    assert (folder / "v.json.pkr.hcl").read_text() == (
        'variable "a" {\n  type      = string\n  sensitive = true\n}\n\n'
        'variable "b" {\n  type    = string\n  default = env("B")\n}\n'
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (None, "x.json could not be read: No such file or directory."),
        ("{", "on x.json line 1:"),
        ('{"variables": {}, "provisioners": []}', "Error: No builder"),
        ('{"builders": [{"type": "x"}], "foo": 1}', "Error: Unknown root level key"),
    ],
)
def test_what_cannot_be_read_is_told_and_nothing_is_written(
    folder: Path, capsys: pytest.CaptureFixture[str], text: str | None, told: str
) -> None:
    if text is not None:
        (folder / "x.json").write_text(text)
    assert main(["hcl2_upgrade", "x.json"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert told in err
    assert not (folder / "x.json.pkr.hcl").exists()


def test_a_place_that_cannot_be_written_is_told(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["hcl2_upgrade", "-output-file=no/such/o.pkr.hcl", "t.json"]) == 1
    assert capsys.readouterr().err == (
        "oxtui: no/such/o.pkr.hcl cannot be written: No such file or directory.\n"
    )


def test_an_outdated_template_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "old.json").write_text(
        '{"builders": [{"type": "qemu", "disk_size": 5, "ssh_wait_timeout": "1m"}]}'
    )
    assert main(["hcl2_upgrade", "old.json"]) == 0
    assert capsys.readouterr().err == (
        "oxtui: old.json has options that Packer has renamed or dropped since (qemu-disk-size, "
        "ssh-wait-timeout); `oxtui fix old.json` brings them up to date; do that first.\n"
    )
    assert main(["fix", "old.json"]) == 0
    (folder / "new.json").write_text(capsys.readouterr().out)
    assert main(["hcl2_upgrade", "new.json"]) == 0
    assert capsys.readouterr().err == ""
    assert 'disk_size   = "5M"\n' in (folder / "new.json.pkr.hcl").read_text()


def test_a_secret_is_not_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "s.json").write_text(
        '{"variables": {"p": "hunter2{{"}, "sensitive-variables": ["p"], "builders": [{"type": "null"}]}'
    )
    assert main(["hcl2_upgrade", "s.json"]) == 0
    assert capsys.readouterr().err == (
        'oxtui: variable "p": A part of it stays as it was: it cannot be read.\n'
    )
