"""Recording in real shells of a guest: what they report, and what they never do."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from oxtui.build.recording.recorder import NotRecorded, begin, end
from oxtui.build.recording.recording import Recording
from oxtui.component.protocols import Communicator, Shell
from tests.guests import live_guest

pytestmark = pytest.mark.slow

BASHRC = """
PS1='p> '; HISTCONTROL=ignoreboth; HISTFILE=~/history; alias ll='ls -l'
PROMPT_COMMAND='last=$?; asked=$((asked + 1))'
"""
ZSHRC = "PS1='p> '; HISTFILE=~/history; SAVEHIST=9; setopt hist_ignore_space; alias ll='ls -l'\n"
SHELLS = [
    "bash",
    pytest.param("zsh", marks=pytest.mark.skipif(shutil.which("zsh") is None, reason="no zsh")),
]


class Typist:
    """Types into a shell and waits for what it has drawn."""

    def __init__(self, communicator: Communicator, shell: Shell) -> None:
        self.communicator = communicator
        self.shell = shell
        self.recording = Recording("0" * 32)
        self.shown = b""
        self._more = asyncio.Event()

    async def read(self) -> None:
        """Feeds the recording, for ever."""
        while data := await self.shell.read():
            self.shown += self.recording.feed(data)
            self._more.set()

    async def until(self, known: Callable[[], object]) -> None:
        """Waits until that is so."""
        async with asyncio.timeout(60):
            while not known():
                self._more.clear()
                await self._more.wait()

    async def begin(self) -> None:
        """Starts recording."""
        self.recording = Recording("0123456789abcdef" * 2)
        await begin(self.recording, self.communicator, self.shell.write)

    async def type(self, text: str) -> None:
        """One command line of which a report is to come."""
        counts = self._reports()
        self.shell.write(text.replace("\n", "\r").encode() + b"\r")
        await self.until(lambda: self._reports() > counts)

    def _reports(self) -> int:
        there = self.recording
        return len(there.commands) + there.unseen + there.lost

    @property
    def texts(self) -> list[str]:
        """What was recorded."""
        return [command.text for command in self.recording.commands]


@asynccontextmanager
async def typist(folder: Path, shell: str) -> AsyncIterator[Typist]:
    """A shell of its own home and with a prompt of its own."""
    home = folder / "home"
    home.mkdir()
    (home / ".bashrc").write_text(BASHRC)
    (home / ".zshrc").write_text(ZSHRC)
    async with live_guest(folder) as live:
        opened = await live.communicator.open_shell(80, 24)
        there = Typist(live.communicator, opened)
        reading = asyncio.create_task(there.read())
        try:
            line = f"cd {home}; exec env HOME={home} HISTFILE=/dev/null LC_ALL=C.UTF-8 {shell} -i\r"
            opened.write(line.encode())
            await there.until(lambda: b"p> " in there.shown)
            yield there
        finally:
            await opened.close()
            await reading


@pytest.mark.parametrize("shell", SHELLS)
async def test_commands_come_with_status_and_directory(tmp_path: Path, shell: str) -> None:
    async with typist(tmp_path, shell) as there:
        there.shell.write(b"half typed")
        await there.begin()
        home = str(tmp_path / "home")
        assert (there.recording.home, Path(there.recording.shell).name) == (home, shell)
        for text in (
            "echo one", "echo one", " echo hidden", "cd /", "(exit 3)", "ll /dev/null | cat",
            "cat <<X\nü;%\nX", "for i in 1 2; do\necho $i\ndone", "sh -c 'kill -INT $$'", "export A=b",
        ):  # fmt: skip
            await there.type(text)
        assert there.texts == [
            "echo one", "echo one", "cd /", "(exit 3)", "ll /dev/null | cat", "cat <<X\nü;%\nX",
            "for i in 1 2; do\necho $i\ndone", "sh -c 'kill -INT $$'", "export A=b",
        ]  # fmt: skip
        assert (there.recording.unseen, there.recording.lost) == (1, 0)
        commands = there.recording.commands
        assert [command.status for command in commands[:4]] == [0, 0, 0, 3]
        assert [(c.directory, c.after) for c in commands[1:4]] == [
            (home, home),
            (home, "/"),
            ("/", "/"),
        ]
        assert commands[4].alias == "ls -l"
        assert all(command.seconds is not None for command in commands)
        assert b"5713" not in there.shown
        assert b"0123456789abcdef" not in there.shown


@pytest.mark.parametrize("shell", SHELLS)
async def test_nothing_that_is_typed_into_a_program_is_taken(tmp_path: Path, shell: str) -> None:
    async with typist(tmp_path, shell) as there:
        await there.begin()
        there.shell.write(b"read -s word\r")
        await there.until(lambda: there.recording.running)
        await there.type("s3cret")
        there.shell.write(b"sh\r")
        await there.until(lambda: there.recording.running)
        there.shell.write(b"echo in''side; exit 4\r")
        await there.until(lambda: b"inside" in there.shown)
        await there.until(lambda: len(there.recording.commands) == 2)
        assert there.texts == ["read -s word", "sh"]
        assert [command.starts_shell for command in there.recording.commands] == [False, True]
        assert there.recording.commands[1].status == 4


async def test_a_customised_prompt_goes_on_and_comes_back(tmp_path: Path) -> None:
    async with typist(tmp_path, "bash") as there:
        await there.begin()
        await there.type("(exit 5)")
        await there.type('echo "<$last> $((asked > 1))"')
        await there.until(lambda: b"<5> 1" in there.shown)
        assert end(there.recording, there.shell.write)
        there.shell.write(
            b'echo "[${PROMPT_COMMAND[*]}] [$PS0] [$HISTCONTROL] $(set | grep -c ^__oxtui)"\r'
        )
        told = b"[last=$?; asked=$((asked + 1))] [] [ignoreboth] 0"
        await there.until(lambda: told in there.shown)
        assert there.texts == ["(exit 5)", 'echo "<$last> $((asked > 1))"']
        there.shell.write(b"history | grep -c 'ox[t]ui-'; echo en''d\r")
        await there.until(lambda: b"\r0\r\nend" in there.shown)
        # It can be switched on again, with a nonce of its own.
        await there.begin()
        await there.type("echo again")
        assert there.texts == ["echo again"]


async def test_lines_pasted_together_are_all_recorded(tmp_path: Path) -> None:
    async with typist(tmp_path, "bash") as there:
        await there.begin()
        there.shell.write(b"\x1b[200~(exit 2)\ncat <<X\nX\necho p3\x1b[201~\r")
        await there.until(lambda: len(there.recording.commands) == 3)
        found = [(command.text, command.status) for command in there.recording.commands]
        assert found == [("(exit 2)", None), ("cat <<X\nX", None), ("echo p3", 0)]


@pytest.mark.parametrize("options", ["-u", "-e", "-x", "-C"])
async def test_options_of_the_shell_are_left_alone(tmp_path: Path, options: str) -> None:
    async with typist(tmp_path, "bash") as there:
        there.shell.write(f"set {options}\r".encode())
        await there.begin()
        await there.type("echo one")
        await there.type("[[ -o history ]] && echo $-")
        assert there.texts == ["echo one", "[[ -o history ]] && echo $-"]
        await there.until(lambda: there.shown.count(options[1:].encode()) > 1)


async def test_another_shell_is_refused_with_the_reason(tmp_path: Path) -> None:
    async with typist(tmp_path, "bash") as there:
        there.shell.write(b"PS1='d> ' exec dash -i\r")
        await there.until(lambda: there.shown.endswith(b"d> "))
        with pytest.raises(NotRecorded, match="cannot be recorded: it is neither"):
            await there.begin()
        assert there.recording.phase == "off"


async def test_a_shell_without_history_is_refused(tmp_path: Path) -> None:
    async with typist(tmp_path, "bash") as there:
        there.shell.write(b"set +o history\r")
        with pytest.raises(NotRecorded, match="keeps no history"):
            await there.begin()


async def test_what_does_not_read_the_hooks_gets_none_and_keeps_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("oxtui.build.recording.recorder.ANSWER", 0.2)
    async with typist(tmp_path, "bash") as there:
        there.shell.write(b"cat\r")
        await there.until(lambda: b"cat\r\n" in there.shown)
        with pytest.raises(NotRecorded, match="login shell is"):
            await there.begin()
        await there.until(lambda: b"/tmp/oxtui-" in there.shown)
        path = there.shown.partition(b"/tmp/oxtui-")[2][:16]
        assert not Path(f"/tmp/oxtui-{path.decode()}").exists()
