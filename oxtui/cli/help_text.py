"""How `--help` is laid out: paragraphs as wide as the terminal, what is indented as it is, examples last."""

from __future__ import annotations

import textwrap
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Iterator
from itertools import groupby

from oxtui.cli.examples import examples_of

_GAP = 2
_COLUMNS = 80
_WIDEST = 46
"""Of an example that has its explanation beside it; that of a longer one stands below."""


class HelpFormatter(RawDescriptionHelpFormatter):
    """Leaves paragraphs that fit as they are written, and fills those that do not."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "\n".join(indent + line if line else "" for line in filled(text, width))


def filled(text: str, width: int) -> Iterator[str]:
    """The lines of a text; runs of lines that are not indented are filled where one is too long."""
    for kept, run in groupby(text.splitlines(), key=lambda line: line[:1] in ("", " ")):
        lines = list(run)
        if kept or all(len(line) <= width for line in lines):
            yield from lines
        else:
            yield from textwrap.wrap(" ".join(lines), width, break_long_words=False)


def add_examples(parser: ArgumentParser) -> None:
    """Lets the help of a parser end with its examples."""
    lines = list(examples_of(parser.prog))
    if not lines:
        return
    room = max((len(line) for line, _ in lines if len(line) <= _WIDEST), default=0) + _GAP
    told: list[str] = []
    for line, what in lines:
        beside = f"  {line:<{room}}{what}"
        fits = len(line) <= _WIDEST and len(beside) <= _COLUMNS
        told += [beside] if fits else [f"  {line}", f"      {what}"]
    parser.epilog = "\n".join(filter(None, (parser.epilog, "examples:", *told)))
