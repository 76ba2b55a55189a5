"""A shell that has the whole terminal, in a real one: it gets all of it, and nothing of it stays behind."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import asyncssh
import pytest

from tests.bench.terminal import own_folders
from tests.screens.shell.seat import PYTHON, Seat, State, seat
from tests.sshd import Sshd, sshd

pytestmark = pytest.mark.slow

LEFT_ON = (
    r"\033[?1000h\033[?1003h\033[?1006h\033[?1004h\033[?2004h\033[?1h\033=\033[?5h\033[?25l\033[5;10r\033[?6h"
    r"\033[?7l\033[4h\033(0\033[>1u\033[>4;2m\033[?1049h\033[3J\033]2;guest\007\033]52;c;aGk=\007"
)
"""What a program sets that dies before it can set it back."""


@dataclass
class Place:
    """The app with a shell in its pane, over SSH to a real server."""

    at: Seat
    server: Sshd
    before: State
    """The terminal's before the app began."""
    inside: State
    """The terminal's while the app is shown."""

    def take(self) -> None:
        """Let the shell have the whole terminal."""
        self.at.type(b"\x1d")
        self.at.shows("x close")
        self.at.type(b"z")
        self.at.until(lambda: "z whole" not in self.at.text and "ready>" in self.at.text)

    def run(self, command: str) -> None:
        """Type a command."""
        self.at.type(f"{command}\r".encode())

    def back(self) -> None:
        """The app is shown, on a terminal as it was."""
        self.at.shows("build web-01")
        self.at.until(lambda: self.at.state == self.inside)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    key = asyncssh.generate_private_key("ssh-ed25519")
    key.write_private_key(str(tmp_path / "id"))
    (tmp_path / "id").chmod(0o600)
    with sshd(tmp_path, key.export_public_key().decode().strip()) as server:
        app = [PYTHON, "-m", "tests.bench.shell_app", str(tmp_path), str(server.port), server.user]
        # A terminal's own shell around it, which shows what the app leaves behind.
        outer = (
            f"echo before; echo started; read -r go; {shlex.join(app)}; echo over $?; read -r go"
        )
        environment = {**own_folders(tmp_path), "COLORTERM": "truecolor"}
        with seat("sh", "-c", outer, environment=environment, size=(80, 24)) as at:
            at.shows("started")
            before = at.state
            at.type(b"\r")
            at.shows("z whole", "build web-01")
            at.until(lambda: re.search(r"[$#] +│$", at.text, re.MULTILINE))
            at.type(b"exec env PS1='ready> ' bash --norc --noprofile\r")
            at.shows("ready>")
            at.type(b"bind 'set enable-bracketed-paste off'; clear\r")
            at.until(lambda: "exec" not in at.text and "ready>" in at.text)
            yield Place(at, server, before, at.state)


def test_it_has_all_of_the_terminal_at_any_size(place: Place) -> None:
    at = place.at
    place.take()
    place.run("stty size")
    at.shows("24 80")
    place.run('while [ "$(stty size)" = "24 80" ]; do :; done; stty size')
    at.resize(120, 40)
    at.shows("40 120")
    place.run("printf '\\033[40;100Hcorner'; read -r x")
    at.until(lambda: at.text.endswith("corner"))
    at.type(b"\r\x1dz")
    place.back()
    at.until(lambda: len(at.text.split("\n")[0]) > 100)
    place.run("clear; stty size | tr ' ' x")
    at.until(lambda: any(f"{rows}x" in at.text for rows in range(10, 39)))


@pytest.mark.parametrize("way", ["to the pane", "leave", "it ends", "the connection drops"])
def test_whatever_a_program_left_on_the_app_comes_back_on_a_clean_terminal(
    place: Place, way: str
) -> None:
    at = place.at
    place.take()
    seen = len(at.written)
    place.run(f"printf '{LEFT_ON}'")
    at.until(lambda: 1003 in at.state.modes)
    assert b"\x1b]52" not in at.written[seen:]
    assert b"\x1b[>1u" not in at.written[seen:]
    assert b"\x1b[3J" not in at.written[seen:]
    if way == "to the pane":
        at.type(b"\x1dz")
        place.back()
        at.type(b"\x1dq")
    elif way == "leave":
        at.type(b"\x1dq")
    elif way == "it ends":
        place.run("exit")
    else:
        place.server.restart()
    place.back()
    at.until(lambda: "z whole" not in at.text and "s shell   c continue" in at.text)
    at.type(b"\x11")
    at.shows("over 0")
    assert at.state == place.before
    assert at.text.startswith("before\nstarted")
