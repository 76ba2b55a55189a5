"""Parsing of the command line: argparse, and both spellings of long options."""

from __future__ import annotations

from argparse import (
    PARSER,
    SUPPRESS,
    Action,
    ArgumentParser,
    Namespace,
)
from collections.abc import Iterator, Mapping, Sequence

from oxtui.cli.commands import Command, CommandModule
from oxtui.cli.help_text import HelpFormatter, add_examples
from oxtui.cli.setting_flags import add_setting_flags

_BOOLEANS = {
    **dict.fromkeys(("1", "t", "T", "true", "TRUE", "True"), True),
    **dict.fromkeys(("0", "f", "F", "false", "FALSE", "False"), False),
}
"""How Go, and so Packer, writes the value of a flag that is on or off."""


def parse(command: Command, module: CommandModule, words: Sequence[str]) -> Namespace:
    """Arguments of a subcommand; raises SystemExit after help (0) or a wrong argument (2)."""
    parser = parser_of(command, module)
    return parser.parse_args(list(_double_dashes(words, _long_options(parser))))


def parser_of(command: Command, module: CommandModule) -> ArgumentParser:
    """The parser of a subcommand, with the options that every command takes."""
    parser = ArgumentParser(
        prog=f"oxtui {command.name}".rstrip(),
        description=module.HELP,
        allow_abbrev=False,
    )
    module.configure(parser)
    for leaf in _leaves(parser):
        add_setting_flags(leaf)
    for each in _all(parser):
        each.formatter_class = HelpFormatter
        add_examples(each)
    return parser


def nested_parsers(parser: ArgumentParser) -> dict[str, ArgumentParser]:
    """Parsers of nested subcommands (`oxtui rack serve`) by name; argparse has no public list of them."""
    return {
        name: nested
        for action in parser._actions  # noqa: SLF001
        if action.nargs == PARSER and isinstance(action.choices, dict)
        for name, nested in action.choices.items()
    }


def nested_help(parser: ArgumentParser) -> dict[str, str]:
    """What is told of each nested subcommand, by name."""
    return {
        each.dest: each.help or ""
        for action in parser._actions  # noqa: SLF001 - as above
        for each in getattr(action, "_choices_actions", ())
    }


def options_of(parser: ArgumentParser) -> list[Action]:
    """The options of one parser that its help lists, without those of nested subcommands."""
    return [
        action
        for action in parser._actions  # noqa: SLF001 - as above
        if action.option_strings and action.help != SUPPRESS
    ]


def _all(parser: ArgumentParser) -> Iterator[ArgumentParser]:
    yield parser
    for each in nested_parsers(parser).values():
        yield from _all(each)


def _leaves(parser: ArgumentParser) -> Iterator[ArgumentParser]:
    """The parsers that see the end of the command line."""
    nested = list(nested_parsers(parser).values())
    if not nested:
        yield parser
    for each in nested:
        yield from _leaves(each)


def _long_options(parser: ArgumentParser) -> dict[str, Action]:
    """All long options by name, those of nested subcommands too."""
    options = {
        name: action
        for name, action in parser._option_string_actions.items()  # noqa: SLF001
        if name.startswith("--")
    }
    for nested in nested_parsers(parser).values():
        options |= _long_options(nested)
    return options


def _double_dashes(words: Sequence[str], known: Mapping[str, Action]) -> Iterator[str]:
    """Packer's spelling (`-var x=y`, `-on-error=ask`, `-write=false`) in argparse's, up to a `--`."""
    end = words.index("--") if "--" in words else len(words)
    for word in words[:end]:
        doubled = f"-{word}" if f"-{word.partition('=')[0]}" in known else word
        name, equals, value = doubled.partition("=")
        if equals and value in _BOOLEANS and name in known and known[name].nargs == 0:
            negative = name.replace("--", "--no-", 1)
            if _BOOLEANS[value]:
                yield name
            elif negative in known:
                yield negative
            continue  # off is what any other is unless it is given
        yield doubled
    yield from words[end:]
