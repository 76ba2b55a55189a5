"""Looking for a line over the outputs of a session, in the order of its builds and steps."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from oxtui.build.state import SessionState
from oxtui.logs.errors import next_error, previous_error
from oxtui.logs.reader import SpoolReader
from oxtui.logs.search import Pattern, search
from screens.build.source import SERIAL


class Place(NamedTuple):
    """An output: the build's name, and the id of its step or `serial`."""

    build: str
    source: str


Find = Callable[[SpoolReader], int | None]
"""The first line that is looked for in a spool, or the last one; None where there is none."""


def places(state: SessionState) -> list[Place]:
    """Every output of a session; each build's serial console stands behind its steps."""
    return [
        Place(name, source)
        for name, build in state.builds.items()
        for source in (*build.steps, SERIAL)
    ]


def others(found: list[Place], here: Place, *, forward: bool) -> list[Place]:
    """All places but `here`, from it on and round the end, or the other way."""
    at = found.index(here) if here in found else 0
    behind, before = found[at + 1 :], found[:at]
    return behind + before if forward else before[::-1] + behind[::-1]


def error(*, forward: bool) -> Find:
    """A line that looks like an error."""
    if forward:
        return lambda reader: next_error(reader, -1)
    return lambda reader: previous_error(reader, reader.lines)


def hit(pattern: Pattern, *, forward: bool) -> Find:
    """A line with what is searched for."""

    def find(reader: SpoolReader) -> int | None:
        last = None
        for progress in search(reader, pattern):
            if progress.hits and forward:
                return progress.hits[0]
            last = progress.hits[-1] if progress.hits else last
        return last

    return find


def first(spools: Iterable[tuple[Place, Path | None]], find: Find) -> tuple[Place, int] | None:
    """The first output in which something is found, and its line. Takes its time: for a thread."""
    for place, path in spools:
        if path is None:
            continue
        with SpoolReader(path) as reader:
            found = find(reader)
        if found is not None:
            return place, found
    return None
