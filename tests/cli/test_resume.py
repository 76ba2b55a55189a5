"""`oxtui resume`: a session whose process ended goes on, from the step that failed or was cut off."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
from pathlib import Path

import pytest

from tests.build.test_sigkill import environ
from tests.cli.build_templates import null_template, shell_local
from tests.cli.running import conversation, oxtui, started
from tests.rack_process import rack
from tests.sessions import shell, template


@pytest.fixture(autouse=True)
def sessions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("OXTUI_SESSIONS_DIR", str(tmp_path / "sessions"))
    return tmp_path / "sessions"


async def killed(path: str, *words: str, at: bytes = b": begin") -> None:
    """A build that is killed once its script has said that it begins."""
    process = await started("build", "-color=false", *words, path, forked=False)
    assert process.stdout is not None
    while at not in (line := await process.stdout.readline()):
        assert line, "the build ended too early"
    os.kill(process.pid, signal.SIGKILL)
    await process.communicate()


def once_then(folder: Path, script: str) -> str:
    """A template whose first step counts its runs; the second one is the script."""
    return null_template(folder, f"echo once >> {folder}/count", script)


async def test_after_sigkill_the_step_that_was_cut_off_runs_again(tmp_path: Path) -> None:
    path = once_then(tmp_path, f"test -e {tmp_path}/go || (echo begin; exec sleep 600)")
    await killed(path)
    _, listed, _ = await oxtui("sessions")
    assert listed.splitlines()[-1].endswith("it can be one of: 1.")
    (tmp_path / "go").touch()
    code, out, err = await oxtui("resume", "last", "-color=false")
    assert code == 0, out + err
    assert "==> null.x: · 1 shell-local " in out
    assert " reused: Done in this session at " in out
    assert "▶ 2 shell-local" in out
    assert "begin" not in out.split("▶ 2 shell-local")[1].partition("\n")[2]
    assert (tmp_path / "count").read_text() == "once\n"
    records = json.loads((await oxtui("sessions", "--json"))[1])
    assert [(each["state"], each["resumable"]) for each in records] == [("succeeded", False)]
    code, _, err = await oxtui("resume", "1")
    assert (code, err) == (1, "oxtui: Session 1 succeeded: there is nothing left to do.\n")


@pytest.mark.slow
async def test_a_session_that_fails_again_can_be_resumed_again(tmp_path: Path) -> None:
    path = once_then(tmp_path, f"test -e {tmp_path}/go")
    assert (await oxtui("build", path))[0] == 1
    code, out, _ = await oxtui("resume", "1", "--json")
    assert code == 1
    types = [json.loads(line)["type"] for line in out.splitlines()]
    assert types[0] == "session_continued"
    (tmp_path / "go").touch()
    assert (await oxtui("resume", "1"))[0] == 0
    assert (tmp_path / "count").read_text() == "once\n"


@pytest.mark.slow
async def test_a_session_at_work_is_not_taken_up(tmp_path: Path) -> None:
    path = null_template(tmp_path, "echo begin; exec sleep 600")
    process = await started("build", "-color=false", path)
    assert process.stdout is not None
    while b": begin" not in await process.stdout.readline():
        pass
    code, _, err = await oxtui("resume", "1")
    process.terminate()
    await process.communicate()
    assert code == 1
    assert re.fullmatch(r"oxtui: Session 1 is at work in process \d+; end it there first.\n", err)


@pytest.mark.parametrize(
    ("number", "code", "message"),
    [("7", 1, "There is no session 7;"), ("x", 2, '"x" is no session: give its number, or `last`')],
)
async def test_a_session_that_is_not_there(
    tmp_path: Path, number: str, code: int, message: str
) -> None:
    await oxtui("build", null_template(tmp_path, "true"))
    got, _, err = await oxtui("resume", number)
    assert got == code
    assert message in err


def secret_template(folder: Path) -> str:
    """A template that writes two variables into a file, one of them sensitive, once it is let."""
    lines = [
        'variable "plain" {\n default = "usual"\n}\n',
        'variable "hidden" {\n default = "weak-secret"\n sensitive = true\n}\n',
        'source "null" "x" {\n communicator = "none"\n}\nbuild {\n sources = ["source.null.x"]\n',
        shell_local(f"test -e {folder}/go"),
        shell_local(f"echo ${{var.plain}} ${{var.hidden}} > {folder}/said"),
        "}\n",
    ]
    path = folder / "t.pkr.hcl"
    path.write_text("".join(lines))
    return str(path)


async def test_given_values_are_known_again_and_secret_ones_are_asked_for(
    tmp_path: Path, sessions: Path
) -> None:
    path = secret_template(tmp_path)
    values = ("-var", "plain=kept ${x}%{y}", "-var", "hidden=hunter2hunter2")
    assert (await oxtui("build", *values, path))[0] == 1
    for file in sessions.rglob("*"):
        assert file.is_dir() or b"hunter2hunter2" not in file.read_bytes()
    (tmp_path / "go").touch()
    code, _, err = await oxtui("resume", "1")
    assert code == 2
    assert "Give them again: -var 'hidden=…'" in err
    code, out, err = await oxtui("resume", "1", "-var", "hidden=other-secret")
    assert code == 0, out + err
    assert (tmp_path / "said").read_text() == "kept %{y} other-secret\n"


@pytest.mark.slow
async def test_on_a_terminal_secrets_are_typed_and_not_shown(tmp_path: Path) -> None:
    path = secret_template(tmp_path)
    assert (await oxtui("build", "-var", "hidden=hunter2hunter2", path))[0] == 1
    (tmp_path / "go").touch()
    asked = b"Value of the sensitive variable hidden: "
    code, screen = await conversation("resume", "1", chat=[(asked, b"typed-secret\n")])
    assert code == 0, screen
    assert "typed-secret" not in screen
    assert (tmp_path / "said").read_text() == "usual typed-secret\n"


async def test_a_changed_template_is_not_guessed_about(tmp_path: Path) -> None:
    path = Path(once_then(tmp_path, f"test -e {tmp_path}/go"))
    first = path.read_text()
    assert (await oxtui("build", str(path)))[0] == 1
    path.write_text(first.replace(f"test -e {tmp_path}/go", f"touch {tmp_path}/mended"))
    code, _, err = await oxtui("resume", "1")
    assert code == 1
    assert f'{path} has changed since session 1 began, first in line 10: "inline = ["test' in err
    assert "--template=file" in err
    code, _, _ = await oxtui("resume", "1", "--template=session")
    assert code == 1  # it is as it was, and so it fails as it did
    code, out, err = await oxtui("resume", "1", "--template=file")
    assert code == 0, out + err
    assert (tmp_path / "mended").exists()
    assert (tmp_path / "count").read_text() == "once\n"


@pytest.mark.slow
async def test_what_is_done_must_still_be_what_the_template_does(tmp_path: Path) -> None:
    path = Path(once_then(tmp_path, "false"))
    assert (await oxtui("build", str(path)))[0] == 1
    other = 'provisioner "sleep" {\n duration = "1s"\n}\n'
    path.write_text(null_template(tmp_path, other, "true") and path.read_text())
    code, _, err = await oxtui("resume", "1", "--template=file")
    assert code == 1
    assert 'Step "1 shell-local" of build "null.x" is done' in err
    assert 'the template has "1 sleep" in its place now' in err


@pytest.mark.slow
async def test_a_template_that_is_gone_is_taken_from_the_session(tmp_path: Path) -> None:
    path = Path(once_then(tmp_path, f"test -e {tmp_path}/go"))
    assert (await oxtui("build", str(path)))[0] == 1
    path.unlink()
    (tmp_path / "go").touch()
    code, out, err = await oxtui("resume", "1")
    assert code == 0, out + err


@pytest.mark.slow
async def test_ctrl_c_twice_leaves_a_session_that_goes_on(tmp_path: Path) -> None:
    path = once_then(
        tmp_path,
        f"test -e {tmp_path}/go && exit; trap '' TERM INT; echo begin; while :; do sleep 1; done",
    )
    process = await started("build", "-color=false", path)
    assert process.stdout is not None
    assert process.stderr is not None
    while b": begin" not in await process.stdout.readline():
        pass
    process.send_signal(signal.SIGINT)
    while b"cleaning up" not in await process.stderr.readline():
        pass
    process.send_signal(signal.SIGINT)
    _, farewell = await process.communicate()
    assert farewell.endswith(b"\n`oxtui resume 1` goes on with it.\n")
    (tmp_path / "go").touch()
    code, out, err = await oxtui("resume", "1")
    assert code == 0, out + err
    assert (tmp_path / "count").read_text() == "once\n"


async def test_post_processors_that_are_done_do_not_run_again(tmp_path: Path) -> None:
    path = tmp_path / "t.pkr.hcl"
    path.write_text(f"""
source "file" "f" {{
  content = "words"
  target  = "{tmp_path}/made"
}}
build {{
  sources = ["source.file.f"]
  post-processors {{
    post-processor "checksum" {{
      output = "{tmp_path}/sums"
    }}
    post-processor "shell-local" {{
      inline = ["test -e {tmp_path}/go", "echo $PACKER_BUILDER_TYPE > {tmp_path}/said"]
    }}
  }}
}}
""")
    assert (await oxtui("build", str(path)))[0] == 1
    (tmp_path / "made").write_text("it would have another sum")
    sums = (tmp_path / "sums").read_text()
    (tmp_path / "go").touch()
    code, out, err = await oxtui("resume", "1")
    assert code == 0, out + err
    assert "· checksum" in out
    assert (tmp_path / "sums").read_text() == sums
    assert (tmp_path / "said").read_text() == "file\n"


@pytest.mark.slow
async def test_two_resume_at_a_time_and_one_of_them_wins(tmp_path: Path) -> None:
    path = once_then(tmp_path, f"test -e {tmp_path}/go")
    assert (await oxtui("build", path))[0] == 1
    (tmp_path / "go").touch()
    ends = await asyncio.gather(oxtui("resume", "1"), oxtui("resume", "1"))
    assert sorted(code for code, _, _ in ends) == [0, 1]
    assert (tmp_path / "count").read_text() == "once\n"


@pytest.mark.slow
async def test_builds_that_are_over_do_not_run_again(tmp_path: Path) -> None:
    script = f"echo $PACKER_BUILD_NAME >> {tmp_path}/ran; test $PACKER_BUILD_NAME = good || test -e {tmp_path}/go"
    path = null_template(tmp_path, script, builds=("good", "bad"))
    assert (await oxtui("build", "-parallel-builds=1", path))[0] == 1
    (tmp_path / "go").touch()
    code, out, err = await oxtui("resume", "1")
    assert code == 0, out + err
    assert (tmp_path / "ran").read_text().split() == ["good", "bad", "bad"]


async def test_the_report_tells_of_resume_where_that_can_be(tmp_path: Path) -> None:
    path = once_then(tmp_path, f"test -e {tmp_path}/go")
    hint = "==> oxtui: `oxtui resume 1` goes on where it ended\n"
    for words in (["build", path], ["resume", "1"]):
        code, out, _ = await oxtui(*words)
        assert (code, out.count(hint)) == (1, 1)
        assert out.index(hint) < out.index("==> Some builds didn't complete successfully")
    (tmp_path / "go").touch()
    code, out, _ = await oxtui("resume", "1")
    assert (code, "oxtui resume" in out) == (0, False)


@pytest.mark.slow
async def test_what_was_cleaned_up_is_not_said_to_go_on(tmp_path: Path) -> None:
    text = template(shell("true"), shell("false"))
    async with rack() as there:
        file = tmp_path / "t.pkr.hcl"
        file.write_text(text.replace('"web"\n', f'"web"\n  ssh_port = {there.ssh_port}\n', 1))
        on_it = environ(there)
        code, out, _ = await oxtui("build", str(file), environ=on_it)
        assert (code, "oxtui resume" in out) == (1, False)
        code, out, _ = await oxtui("build", "-on-error=abort", str(file), environ=on_it)
        assert (code, "`oxtui resume 2` goes on where it ended" in out) == (1, True)
        code, out, _ = await oxtui("resume", "2", "-on-error=cleanup", environ=on_it)
        assert (code, "oxtui resume" in out) == (1, False)
        code, _, err = await oxtui("resume", "2", environ=on_it)
        assert (code, "was cleaned up" in err) == (1, True)
