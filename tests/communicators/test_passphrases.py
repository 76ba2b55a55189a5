"""Private keys with a passphrase: who is asked, what is tried, and that it is written nowhere."""

from __future__ import annotations

import asyncio
import os
import pty
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import asyncssh
import pytest

from oxtui.build.control import Policy
from oxtui.build.engine import Session
from oxtui.communicators.ssh.key_ring import VARIABLE
from oxtui.communicators.ssh.keys import (
    NoPassphrase,
    WrongPassphrase,
    private_key_problem,
    read_private_key,
)
from oxtui.component.commands import Abort, GiveSecret
from oxtui.component.events import Event, SecretAnswered, SecretAsked
from tests.builders.test_null import local, template
from tests.sessions import Sessions, rackless, shell
from tests.sshd import sshd

PASSPHRASE = " canary phrase of the key "
WRONG = "canary of another key"


@asynccontextmanager
async def locked_guest(folder: Path, **environ: str) -> AsyncIterator[tuple[Sessions, str]]:
    """Sessions, and a template for a machine that takes a key with a passphrase."""
    key = asyncssh.generate_private_key("ssh-ed25519")
    key.write_private_key(folder / "key", passphrase=PASSPHRASE, rounds=1, ignore_few_rounds=True)
    public = key.export_public_key().decode().strip()
    async with rackless(folder) as there:
        there.environment = replace(
            there.environment, environ={**there.environment.environ, **environ}
        )
        with sshd(folder, public) as guest:
            yield (
                there,
                template(
                    shell("echo in"),
                    source=(
                        f'ssh_host = "127.0.0.1"\n ssh_port = {guest.port}\n'
                        f' ssh_username = "{guest.user}"\n ssh_private_key_file = "{folder}/key"'
                    ),
                ),
            )


async def answering(there: Sessions, text: str, *answers: GiveSecret | Abort) -> Session:
    """Runs a session; each question gets the next answer."""
    session = await there.session(text, Policy(secrets=True))
    left = list(answers)

    def heard(event: Event) -> None:
        if isinstance(event, SecretAsked):
            for control in session._controls.values():
                control.command(left.pop(0))

    session.subscribe(heard)
    await session.run()
    assert not left
    return session


async def nowhere(there: Sessions, folder: Path, *canaries: str) -> None:
    """None of them is in a file of the sessions, in an event or in the text of one."""
    await there.environment.journal.flush()
    files = [path for path in (folder / "sessions").rglob("*") if path.is_file()]
    assert len(files) > 3
    for canary in canaries:
        assert all(canary.strip().encode() not in path.read_bytes() for path in files)
        assert all(canary.strip() not in repr(event) for event in there.events)


async def test_a_passphrase_is_asked_for_until_it_is_right_and_is_written_nowhere(
    tmp_path: Path,
) -> None:
    async with locked_guest(tmp_path) as (there, text):
        await answering(there, text, GiveSecret(text=WRONG), GiveSecret(text=PASSPHRASE))
        assert there.build.phase == "succeeded", there.build.error
        asked = [event for event in there.events if isinstance(event, SecretAsked)]
        assert [event.problem for event in asked] == ["", "That passphrase does not open it"]
        assert {event.question for event in asked} == {f"Passphrase of {tmp_path}/key"}
        given = [event.given for event in there.events if isinstance(event, SecretAnswered)]
        assert given == [True, True]
        await nowhere(there, tmp_path, PASSPHRASE, WRONG)


async def test_without_anybody_to_ask_the_environment_gives_it(tmp_path: Path) -> None:
    async with locked_guest(tmp_path, **{VARIABLE: PASSPHRASE}) as (there, text):
        await there.run(text)
        assert there.build.phase == "succeeded", there.build.error
        await nowhere(there, tmp_path, PASSPHRASE)


@pytest.mark.parametrize(
    ("environ", "why"),
    [({}, "nobody gave it. Set"), ({VARIABLE: WRONG}, f"{VARIABLE} does not open it. Set")],
)
async def test_a_key_that_nobody_opens_fails_the_step_with_what_to_do(
    tmp_path: Path, environ: dict[str, str], why: str
) -> None:
    async with locked_guest(tmp_path, **environ) as (there, text):
        await there.run(text)
        assert f"{tmp_path}/key is locked with a passphrase, and {why}" in there.build.error
        await nowhere(there, tmp_path, WRONG)


async def test_no_answer_fails_the_step_and_the_environment_is_told_to_be_wrong(
    tmp_path: Path,
) -> None:
    async with locked_guest(tmp_path, **{VARIABLE: WRONG}) as (there, text):
        await answering(there, text, GiveSecret(text=""))
        assert f"{VARIABLE} does not open it" in there.build.error
        (asked,) = (event for event in there.events if isinstance(event, SecretAsked))
        assert asked.problem == f"{VARIABLE} does not open it"


async def test_a_build_that_waits_for_a_secret_can_be_aborted(tmp_path: Path) -> None:
    async with locked_guest(tmp_path) as (there, text):
        await answering(there, text, Abort())
        assert there.build.phase == "cancelled"
        assert there.build.secret is None


async def test_a_secret_that_nobody_asked_for_is_refused_without_being_shown(
    tmp_path: Path,
) -> None:
    async with rackless(tmp_path) as there:
        session = await there.session(template(local("true")), Policy(secrets=True))
        session.subscribe(
            lambda event: [
                control.command(GiveSecret(text=WRONG))
                for control in session._controls.values()
                if type(event).__name__ == "StepStarted"
            ]
        )
        await session.run()
        assert "Give secret needs a step that asks for a secret." in {
            note.text for note in there.build.notes
        }
        assert WRONG not in repr(GiveSecret(text=WRONG))
        await nowhere(there, tmp_path, WRONG)


@pytest.mark.parametrize("form", ["openssh", "pkcs1-pem", "pkcs8-pem"])
@pytest.mark.parametrize("kind", ["ssh-rsa", "ecdsa-sha2-nistp256"])
def test_keys_of_all_forms_are_opened(tmp_path: Path, kind: str, form: str) -> None:
    size = {"key_size": 2048} if kind == "ssh-rsa" else {}
    key = asyncssh.generate_private_key(kind, **size)
    free, locked = tmp_path / "free", tmp_path / "locked"
    key.write_private_key(free, form)
    key.write_private_key(locked, form, passphrase=PASSPHRASE, rounds=1, ignore_few_rounds=True)
    assert read_private_key(str(free)).public_data == key.public_data
    assert read_private_key(str(locked), PASSPHRASE).public_data == key.public_data
    assert private_key_problem(str(locked)) == ""
    with pytest.raises(NoPassphrase):
        read_private_key(str(locked))
    with pytest.raises(WrongPassphrase):
        read_private_key(str(locked), WRONG)


@pytest.mark.slow
async def test_on_a_terminal_it_is_typed_without_being_shown(tmp_path: Path) -> None:
    """`oxtui build`, whose controlling terminal is a pty of the test's."""
    async with locked_guest(tmp_path) as (there, text):
        (tmp_path / "t.pkr.hcl").write_text(text)
        environ = {
            **there.environment.environ, "PYTHONPATH": os.getcwd(), "TERM": "dumb",
            **{f"OXTUI_{name}_DIR": f"{tmp_path}/{name}" for name in ("DATA", "STATE", "CACHE", "CONFIG")},
        }  # fmt: skip
        pid, terminal = pty.fork()
        if pid == 0:
            import sys

            os.chdir(tmp_path)
            command = [sys.executable, "-m", "oxtui", "build", "t.pkr.hcl"]
            os.execve(command[0], command, environ)
        seen = b""
        typed = [WRONG, PASSPHRASE]
        loop = asyncio.get_running_loop()
        while True:
            try:
                data = await loop.run_in_executor(None, os.read, terminal, 65536)
            except OSError:
                break  # the terminal is gone with its last user
            if not data:
                break
            seen += data
            if typed and seen.count(b"/key: ") == 3 - len(typed):
                os.write(terminal, typed.pop(0).encode() + b"\n")
        _, status = await loop.run_in_executor(None, os.waitpid, pid, 0)
        os.close(terminal)
    assert os.waitstatus_to_exitcode(status) == 0, seen.decode()
    assert b"That passphrase does not open it. Passphrase of" in seen
    assert WRONG.encode() not in seen
    assert PASSPHRASE.strip().encode() not in seen
