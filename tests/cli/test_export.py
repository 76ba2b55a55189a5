"""`oxtui export`: to standard output, to a file, as a diff; and what it refuses."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from oxtui.cli import main
from oxtui.component.debugger_events import CommandRan
from oxtui.component.events import BreakpointSet
from tests.export.sessions import IMAGE_ID, Told, shell, template
from tests.screens.export.stage import record

pytestmark = pytest.mark.usefixtures("one_grammar")

Run = Callable[..., tuple[int, str, str]]
TEXT = template(shell("echo one"))


@pytest.fixture
def sessions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "sessions"
    folder.mkdir()
    monkeypatch.setenv("OXTUI_SESSIONS_DIR", str(folder))
    monkeypatch.chdir(tmp_path)
    return folder


@pytest.fixture
def run(sessions: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def command(*words: str) -> tuple[int, str, str]:
        code = main(["export", *words])
        out, err = capsys.readouterr()
        return code, out, err

    return command


def recorded(sessions: Path, told: Told, text: str = TEXT) -> None:
    asyncio.run(record(sessions, told, text))


def test_the_text_goes_to_standard_output_and_what_was_done_to_standard_error(
    sessions: Path, run: Run
) -> None:
    recorded(sessions, Told().build("shell"), template(shell("echo other")))
    recorded(sessions, Told().build("shell"))
    code, out, err = run("last")
    assert code == 0
    assert "echo one" in out
    assert f'"{IMAGE_ID}" # ubuntu-24-04' in out
    assert "runs sync" in err
    code, out, err = run("1")
    assert (code, "echo other" in out) == (0, True), err


def test_the_changes_alone(sessions: Path, run: Run) -> None:
    recorded(sessions, Told().build("shell").edit(1, {"inline": ["echo two"]}))
    code, out, _ = run("1", "--diff")
    assert code == 0
    assert out.startswith("--- t.pkr.hcl\n+++ session 1\n")
    assert '-    inline = ["echo one"]\n' in out
    assert '+    inline = ["echo two"]\n' in out


def test_a_file_is_not_overwritten_unless_that_is_asked_for(sessions: Path, run: Run) -> None:
    recorded(sessions, Told().build("shell"))
    target = sessions.parent / "made.pkr.hcl"
    target.write_text("mine\n")
    code, out, err = run("1", "-o", str(target))
    assert code == 1
    assert "-mine\n" in out
    assert "--force overwrites" in err
    assert target.read_text() == "mine\n"
    code, out, err = run("1", "-o", str(target), "--force")
    assert (code, out) == (0, "")
    assert f"wrote {target}" in err
    assert IMAGE_ID in target.read_text()


def test_scripts_are_files_on_request(sessions: Path, run: Run) -> None:
    script = sessions.parent / "setup.sh"
    script.write_text("false\n")
    text = template('  provisioner "shell" {\n    script = "setup.sh"\n  }')
    recorded(sessions, Told().build("shell").edit(1, {"inline": ["true"]}), text)
    code, out, err = run("1", "--scripts", "scripts")
    assert code == 0, err
    assert 'script = "scripts/1-setup.sh"' in out
    assert (sessions.parent / "scripts/1-setup.sh").read_text() == "#!/bin/sh -e\ntrue\n"


def test_values_of_variables_are_given_as_to_a_build(sessions: Path, run: Run) -> None:
    head = 'variable "project" {\n  default = "other"\n}\n\n'
    text = template(shell("true"), head=head).replace('= "web"', "= var.project")
    recorded(sessions, Told().build("shell"), text)
    code, out, err = run("1")
    assert (code, out) == (1, "")
    assert "--var" in err
    assert run("1", "--var", "project=web")[0] == 0


def test_what_was_done_at_stops_is_in_it_as_the_operator_wants(sessions: Path, run: Run) -> None:
    told = Told().build("shell")
    build = "oxide-instance.t"
    for event in (
        CommandRan(time=1.5, build=build, step="provision-1", command="id", status=0, seconds=1),
        BreakpointSet(time=1.6, build=build, step="provision-1", on=True),
    ):
        told._tell(event)
    text = template(shell("true"), head='variable "x" {\n  default = "a"\n}\n\n')
    recorded(sessions, told, text)
    code, out, err = run("1", "--var", "x=b", "--variables", "v.pkrvars.hcl")
    assert (code, 'inline = ["id"]' in out, "breakpoint" in out) == (0, True, False), err
    assert (sessions.parent / "v.pkrvars.hcl").read_text() == 'x = "b"\n'
    code, out, err = run("1", "--no-commands", "--breakpoints")
    assert (code, 'inline = ["id"]' in out, "breakpoint" in out) == (0, False, True), err
    assert "# At a stop here, by hand (exit 0): id" in out
    code, out, err = run("1", "--variables", "v.hcl")
    assert (code, out) == (2, "")
    assert "has to end in .pkrvars.hcl" in err


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("9",), 1, "There is no session 9"),
        (("last",), 1, "no session yet"),
        (("first",), 2, "give its number, or `last`"),
    ],
)
def test_what_is_no_session(run: Run, words: tuple[str, ...], code: int, told: str) -> None:
    found, out, err = run(*words)
    assert (found, out) == (code, "")
    assert told in err
