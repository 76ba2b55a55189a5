"""What a guest once wrote on its console, read on a terminal and by a program."""

from __future__ import annotations

import io
from argparse import Namespace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from oxtui.cli.serial_console import show_console

SAID = b"boot \x1b[32mok\x1b[0m\r\n\x1b]52;c;ZXZpbA==\x07\xc2\x9b6n\x1b]0;evil\x1b\\ login:\r\n"
ID = "b8e099a1-8cc8-5273-9ce4-922c3480efc7"


class Instances:
    """An instance with a console that says `SAID`."""

    async def view(self, *_: object) -> SimpleNamespace:
        return SimpleNamespace(id=ID, name="web")

    async def serial_history(self, _id: str, *, from_start: int, **_: object) -> SimpleNamespace:
        return SimpleNamespace(data=SAID[from_start:], last_byte_offset=len(SAID))


class Output(io.TextIOWrapper):
    """Standard output that may be a terminal."""

    terminal = False

    def isatty(self) -> bool:
        return self.terminal


@pytest.mark.parametrize(
    ("terminal", "expected"), [(True, b"boot ok\n login:\n"), (False, SAID)], ids=["screen", "pipe"]
)
async def test_a_terminal_gets_text_and_a_program_every_byte(
    monkeypatch: pytest.MonkeyPatch, terminal: bool, expected: bytes
) -> None:
    written = io.BytesIO()
    output = Output(written, encoding="utf-8", newline="\n")
    output.terminal = terminal
    monkeypatch.setattr("sys.stdout", output)
    rack: Any = SimpleNamespace(client=SimpleNamespace(instances=Instances()))
    arguments = Namespace(instance=ID, project=None, history=True)
    assert await show_console(arguments, cast("Any", rack)) == 0
    assert written.getvalue() == expected
