"""What can stand at each place of the command line, as data for the scripts of shells."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import dataclass

from oxtui.cli.commands import COMMANDS, SCREENS
from oxtui.cli.parser import nested_help, nested_parsers, options_of, parser_of


@dataclass(frozen=True, slots=True)
class Flag:
    """An option. `values` are all that it takes, empty where that is open; `takes` tells whether it takes any."""

    names: tuple[str, ...]
    help: str
    takes: bool
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """Behind `path`, the words of a command (`image upload`): the next words with their help, or options."""

    path: str
    words: dict[str, str]
    flags: tuple[Flag, ...]


def places() -> list[Spot]:
    """Every place, the empty path first."""
    top = Spot("", {each.name: each.help for each in COMMANDS}, ())
    found = [top]
    for command in (SCREENS, *COMMANDS):
        found += _spots(command.name, parser_of(command, command.load()))
    screens, rest = found[1], found[2:]
    return [Spot("", top.words, screens.flags), *rest]


def _spots(path: str, parser: ArgumentParser) -> Iterator[Spot]:
    nested = nested_parsers(parser)
    words = nested_help(parser)
    choices = {
        str(choice): ""
        for action in parser._get_positional_actions()  # noqa: SLF001 - argparse has no public list
        if action.choices and not nested
        for choice in action.choices
    }
    flags = tuple(
        Flag(
            tuple(action.option_strings),
            _first((action.help or "").replace("%%", "%")),
            action.nargs != 0,
            tuple(map(str, action.choices or ())),
        )
        for action in options_of(parser)
    )
    yield Spot(path, {**words, **choices}, flags)
    for name, each in nested.items():
        yield from _spots(f"{path} {name}", each)


def _first(text: str | None) -> str:
    """The first line, for a list of one line each."""
    lines = (text or "").strip().splitlines()
    return lines[0].rstrip(".") if lines else ""
