"""On which line of a TOML text each value stands, which tomllib does not tell."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from io import StringIO


def values_with_lines(text: str) -> Iterator[tuple[tuple[str, ...], object, int]]:
    """Each value of a valid TOML text with its path of keys and its line, counted from 1.

    A line is joined with the next ones until tomllib can read the whole as one statement, so
    strings and arrays over several lines, quoted and dotted keys need no parser of ours. An empty
    table is given as an empty dict; elements of an array of tables lie in one list.
    """
    table: tuple[str, ...] = ()
    pending = ""
    start = 0
    for number, line in enumerate(StringIO(text), 1):  # which ends lines at \n alone, as TOML does
        start = start if pending else number
        pending += line
        try:
            statement = tomllib.loads(pending)
        except tomllib.TOMLDecodeError:
            continue
        header = pending.lstrip().startswith("[")
        pending = ""
        for path, value in _leaves(statement):
            if header:
                table = path
            yield table if header else (*table, *path), value, start


def _leaves(node: dict[str, object]) -> Iterator[tuple[tuple[str, ...], object]]:
    for key, value in node.items():
        if isinstance(value, dict) and value:
            for path, leaf in _leaves(value):
                yield (key, *path), leaf
        else:
            yield (key,), value
