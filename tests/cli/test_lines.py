"""Standard output of a build, with a question at its end and without."""

from __future__ import annotations

import pytest

from oxtui.cli import lines as module
from oxtui.cli.lines import HELD, Lines


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a terminal has got."""
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    return []


def never() -> None:
    """Nobody loses this terminal."""
    raise AssertionError("it was there all the time")


def test_lines_wait_behind_an_open_question(shown: list[str]) -> None:
    lines = Lines(shown.append, never)
    lines.line("one")
    lines.ask("go on? ")
    lines.line("two")
    lines.reply("no such answer")
    assert shown == ["one\n", "go on? ", "no such answer\n"]
    lines.ask("go on? ")
    lines.answered()
    lines.line("three")
    assert shown[3:] == ["go on? ", "two\n", "three\n"]


def test_a_question_that_is_taken_back_ends_its_line(shown: list[str]) -> None:
    lines = Lines(shown.append, never)
    lines.ask("go on? ")
    lines.line("one")
    lines.withdraw()
    lines.withdraw()
    assert shown == ["go on? ", "\n", "one\n"]


def test_what_waits_is_bounded_and_the_question_put_again(shown: list[str]) -> None:
    lines = Lines(shown.append, never)
    lines.ask("go on? ")
    for number in range(HELD + 1):
        lines.line(str(number))
    assert shown == ["go on? ", "\n", *(f"{number}\n" for number in range(HELD)), "go on? "]
    lines.answered()
    assert shown[-1] == f"{HELD}\n"


def test_while_another_program_has_the_terminal_the_last_lines_wait(shown: list[str]) -> None:
    lines = Lines(shown.append, never)
    lines.hold(on=True)
    for number in range(HELD + 2):
        lines.line(str(number))
    lines.ask("go on? ")
    lines.withdraw()
    assert shown == []
    lines.hold(on=False)
    told = "==> oxtui: 2 lines before these are not shown\n"
    assert shown == [told, *(f"{number}\n" for number in range(2, HELD + 2))]


def test_a_question_goes_to_the_terminal_where_the_log_goes_elsewhere(
    capsys: pytest.CaptureFixture[str],
) -> None:
    written: list[str] = []
    Lines(written.append, never).ask("go on? ")
    assert (written, capsys.readouterr().err) == ([], "go on? ")


def test_a_reader_that_is_gone_is_told_of_once(
    shown: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[bool] = []
    monkeypatch.setattr(module, "lose", lambda stream: None)

    def broken(text: str) -> None:
        raise BrokenPipeError

    lines = Lines(broken, lambda: told.append(True))
    lines.line("one")
    lines.line("two")
    assert told == [True]
