"""Search in a spool: slice by slice, so that it can run in a thread and be stopped at any time.

What is searched is the text as it is shown, without escape codes; progress lines also with the states
that are not shown any more.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from oxtui.logs.memmem import finder_in
from oxtui.logs.reader import SpoolReader

SLICE = 1 << 18
"""Bytes that a search for plain text takes at once."""

REGEX_SLICE = 1 << 17
"""`re` lets no other thread run while it works on a slice, so that its slices are small: about 5 ms."""

_ESCAPE = re.compile(
    rb"\x1b(?:\[[0-9:;<=>?]*[ -/]*[@-~]|\][^\x07\x1b\n]*(?:\x07|\x1b\\)|[ -/]*[0-~])"
)


class PatternError(ValueError):
    """A search pattern is not a regular expression; the message says where and why."""


@dataclass(frozen=True)
class Pattern:
    """What to look for.

    Plain text ignores case (of ASCII letters) unless it has a capital ("smart case"); so does a regular
    expression.
    """

    text: str
    regex: bool = False

    @staticmethod
    def parse(entered: str) -> Pattern:
        """A pattern as it is typed: plain text, or a regular expression between slashes.

        Raises:
            PatternError: it is not a regular expression.
        """
        if len(entered) > 2 and entered.startswith("/") and entered.endswith("/"):
            pattern = Pattern(entered[1:-1], regex=True)
        else:
            pattern = Pattern(entered)
        _ = pattern.compiled
        return pattern

    @property
    def ignores_case(self) -> bool:
        """Whether capitals and small letters are the same."""
        text = re.sub(r"\\.", "", self.text) if self.regex else self.text
        return text == text.lower()

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The pattern for the text of a line: to find what to highlight, and for regular expressions.

        Raises:
            PatternError: it is not a regular expression.
        """
        flags = re.IGNORECASE if self.ignores_case else re.NOFLAG
        if not self.regex:
            # ASCII: case is ignored just as far as the search through the bytes ignores it.
            return re.compile(re.escape(self.text), flags | re.ASCII)
        try:
            return re.compile(self.text, flags)
        except re.error as error:
            where = "" if error.pos is None else f" at character {error.pos + 1}"
            raise PatternError(f"Not a regular expression{where}: {error.msg}.") from error


@dataclass(frozen=True, slots=True)
class Progress:
    """What a slice of a search brought: the lines with a hit in it, and how far the search is."""

    hits: list[int]
    """Line numbers, ascending."""
    searched: int
    """Lines that are searched by now, counted from the first line of the spool."""


def search(
    reader: SpoolReader,
    pattern: Pattern,
    *,
    first: int = 0,
    end: int | None = None,
    cancelled: threading.Event | None = None,
) -> Iterator[Progress]:
    """Hits among the finished lines from `first` up to and without `end`, a slice at a time.

    Ends early once `cancelled` is set. A thread that searches has a reader of its own: one that is closed
    under it would read what else was opened in its place.
    """
    if not pattern.text:
        return iter(())
    size = REGEX_SLICE if pattern.regex else SLICE
    return scan(reader, _finder(pattern), size, first=first, end=end, cancelled=cancelled)


def scan(
    reader: SpoolReader,
    find: Callable[[bytes], Iterable[int]],
    size: int,
    *,
    first: int = 0,
    end: int | None = None,
    cancelled: threading.Event | None = None,
) -> Iterator[Progress]:
    """Like `search`, with a function from whole lines to the numbers (in them, ascending) of the hits.

    `size` is about how many bytes the function gets at once.
    """
    last = reader.finished_lines if end is None else min(end, reader.finished_lines)
    at = reader.end_offset(first - 1) if first < last else 0
    while first < last and not (cancelled and cancelled.is_set()):
        behind = min(last, max(first + 1, reader.line_at(at + size)))
        end_of_slice = reader.end_offset(behind - 1)
        data = reader.pread(end_of_slice - at, at)
        if len(data) < end_of_slice - at:
            return
        yield Progress([first + before for before in find(data)], behind)
        first, at = behind, end_of_slice


def _finder(pattern: Pattern) -> Callable[[bytes], Iterable[int]]:
    if pattern.regex:
        return lambda data: _regex_hits(pattern.compiled, data)
    needle = pattern.text.encode("utf-8", "replace")
    if pattern.ignores_case:
        needle = needle.lower()
        return lambda data: _literal_hits(needle, without_escapes(data).lower())
    return lambda data: _literal_hits(needle, without_escapes(data))


def without_escapes(data: bytes) -> bytes:
    """Lines as they are shown, escape codes removed."""
    return _ESCAPE.sub(b"", data) if b"\x1b" in data else data


def _literal_hits(needle: bytes, data: bytes) -> Iterator[int]:
    find = finder_in(data)
    line = counted = 0
    at = find(needle, 0)
    while at >= 0:
        line += data.count(b"\n", counted, at)
        yield line
        counted = data.find(b"\n", at)
        if counted < 0:
            return
        at = find(needle, counted)


def _regex_hits(compiled: re.Pattern[str], data: bytes) -> Iterator[int]:
    text = without_escapes(data).decode("utf-8", "replace")
    found = compiled.search
    return (number for number, line in enumerate(text[:-1].split("\n")) if found(line))
