"""What `--help` says of every command: it fits the terminal, and ends with lines that can be typed."""

from __future__ import annotations

import shlex
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path

import pytest

from oxtui.cli.commands import COMMANDS, SCREENS, Command
from oxtui.cli.examples import EXAMPLES, examples_of
from oxtui.cli.help_text import filled
from oxtui.cli.parser import nested_parsers, parse, parser_of

BY_NAME = {each.name: each for each in COMMANDS}


def parsers(command: Command) -> Iterator[ArgumentParser]:
    waiting = [parser_of(command, command.load())]
    while waiting:
        parser = waiting.pop()
        yield parser
        waiting += nested_parsers(parser).values()


@pytest.mark.parametrize("width", [60, 80])
def test_no_paragraph_is_wider_than_the_terminal(
    monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    for command in (SCREENS, *COMMANDS):
        for parser in parsers(command):
            for line in parser.format_help().splitlines():
                assert line[:1] == " " or len(line) <= width, (parser.prog, line)


def test_every_command_has_an_example_in_its_help() -> None:
    for command in (SCREENS, *COMMANDS):
        parser = next(parsers(command))
        told = parser.format_help().partition("\nexamples:\n")[2]
        assert all(line in told for line, _ in examples_of(parser.prog))
        assert told, command.name
        commands = {f"  {line}" for line, _ in EXAMPLES}
        assert all(len(line) <= 80 or line in commands for line in told.splitlines())


@pytest.mark.parametrize("line", [line for line, _ in EXAMPLES])
def test_every_example_is_understood(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("web.pkr.hcl", "failed.oxtui"):
        (tmp_path / name).touch()
    own = line.partition("| ")[2] or line
    _, *words = shlex.split(own.split(" < ")[0].split(" > ")[0])
    command = BY_NAME.get(words[0]) if words else None
    if command is None:
        parse(SCREENS, SCREENS.load(), words)
    else:
        parse(command, command.load(), words[1:])


def test_only_paragraphs_that_are_too_wide_are_filled() -> None:
    text = "short\nlines\n\nlong long long\nlong\n  kept as   it is, however wide"
    assert list(filled(text, 10)) == [
        *("short", "lines", "", "long long", "long long", "  kept as   it is, however wide")
    ]
