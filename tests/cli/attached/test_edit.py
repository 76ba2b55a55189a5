"""`edit` at another terminal: the failed step's script in an editor of one's own, and that step alone again."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from oxtui.build.remote.client import RemoteSession
from oxtui.cli.attached.editing import Editing, edited_step
from oxtui.cli.attached.words import NotUnderstood
from oxtui.component.events import PauseReason
from tests.build.remote.test_editing import AT_FAILURE, FAILS, FIRST, SECOND
from tests.build.remote.test_remote import BUILD, stopped
from tests.cli.attached.test_attach import building, sessions
from tests.cli.attached.test_words import state
from tests.cli.build_templates import null_template
from tests.cli.running import conversation


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def editor(folder: Path, script: str) -> dict[str, str]:
    """An editor that runs this on the file, `$1`; what it saw is in `seen`."""
    path = folder / "editor"
    path.write_text(f'#!/bin/sh\ncat "$1" > {folder}/seen\nls -l "$1" > {folder}/mode\n{script}\n')
    path.chmod(0o755)
    return {"EDITOR": str(path)}


async def test_the_step_that_failed_runs_again_and_leaves_no_file(
    tmp_path: Path, temporary: Path
) -> None:
    environment = editor(tmp_path, 'cp "$1" "$1~"; sed -i "s/exit 3/echo repaired/" "$1"')
    async with stopped(tmp_path, FAILS, AT_FAILURE) as at:
        remote = await RemoteSession.open(at.folder)
        outcome = await Editing(remote, environment).edit((), None)
        assert (outcome.text, outcome.taken) == ("", True)
        assert (await at.running).status == "succeeded"
        steps = at.session.state.builds[BUILD].steps
        assert (steps[FIRST].attempt, steps[SECOND].attempt) == (1, 2)
        assert steps[SECOND].edit is not None  # it is an edit of the session
        assert "repaired" in at.there.log(SECOND)
        await remote.close()
    assert (tmp_path / "seen").read_text() == "test <sensitive 1> = <sensitive 1>\nexit 3\n"
    assert (tmp_path / "mode").read_text().startswith("-rw------- ")
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("true", "Nothing is changed, so nothing runs; `retry` runs it again as it is."),
        ("echo x > $1; exit 1", "The editor ended with an error, so nothing is changed."),
    ],
)
async def test_what_changes_nothing_runs_nothing(
    tmp_path: Path, temporary: Path, script: str, told: str
) -> None:
    async with stopped(tmp_path, FAILS, AT_FAILURE) as at:
        remote = await RemoteSession.open(at.folder)
        outcome = await Editing(remote, editor(tmp_path, script)).edit((), None)
        assert (outcome.text, outcome.taken) == (told, False)
        none = await Editing(remote, {"EDITOR": "/no/editor"}).edit((), None)
        assert none.text.startswith("The editor cannot be started: No such file")
        assert at.session.state.builds[BUILD].steps[SECOND].attempt == 1
        await remote.close()
    assert list(temporary.iterdir()) == []


async def test_a_text_that_is_wrong_is_edited_on(tmp_path: Path, temporary: Path) -> None:
    del temporary
    async with stopped(tmp_path, FAILS, AT_FAILURE) as at:
        remote = await RemoteSession.open(at.folder)
        editing = Editing(remote, editor(tmp_path, 'echo "duration = 3 3" > "$1"'))
        outcome = await editing.edit(["3"], None)
        assert outcome.text.endswith("`edit` goes on with your text.")
        assert editing.is_open
        editor(tmp_path, 'echo "duration = \\"2ms\\"" > "$1"')
        outcome = await editing.edit(["3"], None)
        assert (outcome.text, outcome.taken) == ("3 sleep 0.001 s runs so in this session.", True)
        assert (tmp_path / "seen").read_text() == "duration = 3 3\n"
        await remote.close()


@pytest.mark.parametrize(
    ("reason", "words", "meant"),
    [
        ("failure", "", ("provision-1", True)),
        ("failure", "2", ("provision-2", False)),
        ("failure", "1 shell", ("provision-1", True)),
        ("breakpoint", "", ("provision-1", False)),
        ("after", "", "Say which"),
        ("failure", "9", "There is no step"),
    ],
)
def test_which_step_is_meant(reason: PauseReason, words: str, meant: object) -> None:
    build = state("x", reason=reason).builds["x"]
    if isinstance(meant, str):
        with pytest.raises(NotUnderstood, match=meant):
            edited_step(build, words.split())
    else:
        assert edited_step(build, words.split()) == meant


def test_nothing_is_edited_while_the_build_runs() -> None:
    with pytest.raises(NotUnderstood, match="`pause` stops it"):
        edited_step(state().builds["x"], ())


@pytest.mark.slow
async def test_it_is_a_word_and_an_answer_at_a_terminal(tmp_path: Path) -> None:
    path = null_template(tmp_path, "echo one", "exit 5", "exit 6")
    environ = sessions(tmp_path)
    async with building("--break-on-error", path, environ=environ) as build:
        await build.until("paused")
        build.environ |= editor(tmp_path, 'sed -i "s/exit 5/echo two/" "$1"')
        assert await build.attach("edit") == (0, "", "")
        await build.until("step_finished", step="provision-2", status="done")
        await build.until("paused")
        assert (await build.attach("edit"))[0] == 1  # it finds nothing to change
        editor(tmp_path, 'sed -i "s/exit 6/echo three/" "$1"')
        chat = [(b"edit, retry", b""), (b"null.x> ", b"edit\r"), (b"==> null.x: three", b"")]
        code, screen = await conversation("attach", environ=build.environ, chat=chat)
        assert code == 0, screen
        assert (await build.until("session_finished"))["status"] == "succeeded"
