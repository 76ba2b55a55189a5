"""What packer writes on a terminal, line by line, and which build each line is about.

`==> NAME: text` is packer's or a guest's, `    NAME: text` what a guest wrote (packer before 1.7), each with
a time before it under -timestamp-ui; NAME has the type of a post-processor behind it while that runs.
Every line of a message has the name, but only the first one the time. What is about no build has no name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

LONGEST_UNFINISHED = 1 << 20
"""Bytes of a line without an end that are kept; more of it is told as a line of its own."""
_TIME = r"(?:\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d): )?"
_PROGRESS = re.compile(
    r"(?P<what>.*?) ?(?P<done>\d+(?:\.\d+)?) (?P<unit>[KMGT]?i?B) / (?P<total>\d+(?:\.\d+)?) "
    r"(?P<of>[KMGT]?i?B) \[.*\]"
)
_UP = re.compile(r"\A(?:\x1b\[\d*[A-K])+")
_UNITS = {letter: 1024**power for power, letter in enumerate(" KMGT")}


class LineReader:
    """Cuts bytes into lines; `pending` is what has no end yet, such as a question."""

    def __init__(self) -> None:
        self._rest = b""

    @property
    def pending(self) -> str:
        """The line that has no end yet."""
        return self._rest.decode(errors="replace")

    def feed(self, data: bytes) -> Iterator[str]:
        """The lines that `data` ends, without their ends."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > LONGEST_UNFINISHED:
            lines.append(self._rest)
            self._rest = b""
        for line in lines:
            yield line.decode(errors="replace").removesuffix("\r")


@dataclass(frozen=True, slots=True)
class Told:
    """A line about a build.

    Attributes:
        build: name of the build, as oxtui calls it; empty if the line is about none.
        said: packer itself may have said it; else a guest or a tool wrote it.
        text: without time and name.
    """

    build: str
    said: bool
    text: str


class Names:
    """Knows the builds' names in lines; `aliases` gives the build that each name is of."""

    def __init__(self, aliases: Mapping[str, str]) -> None:
        self._aliases = aliases
        # The longer name first, as another may be its beginning.
        names = "|".join(re.escape(name) for name in sorted(aliases, key=len, reverse=True))
        self._line = re.compile(
            rf"{_TIME}(?P<mark>==> |    )(?P<name>{names})(?: \([^()]*\))?:(?: (?P<text>.*))?",
            re.DOTALL,
        )
        self._ended = re.compile(
            rf"{_TIME}Build '(?P<name>{names})' (?P<how>finished|errored|prepare failure|failed to "
            r"acquire semaphore)(?: after [^:]*?)?(?:\.|: (?P<error>.*))",
            re.DOTALL,
        )
        self._listed = re.compile(rf"--> (?P<name>{names}): (?P<text>.*)", re.DOTALL)

    def read(self, line: str) -> Told:
        """Which build a line is about."""
        found = self._line.fullmatch(_shown(line))
        if found is None:
            return Told("", False, line)
        return Told(self._aliases[found["name"]], found["mark"] == "==> ", found["text"] or "")

    def ended(self, line: str) -> tuple[str, str | None] | None:
        """The build that a line tells the end of, and its error; no error is None."""
        found = self._ended.fullmatch(line)
        if found is None:
            return None
        error = None if found["how"] == "finished" else found["error"] or "it failed"
        return self._aliases[found["name"]], error

    def listed(self, line: str) -> tuple[str, str] | None:
        """An entry of the list at the end: a build, with an artifact or an error."""
        found = self._listed.fullmatch(line)
        return None if found is None else (self._aliases[found["name"]], found["text"])


def _shown(line: str) -> str:
    """What stays of a line that was painted over, as progress bars are."""
    return _UP.sub("", line.rpartition("\r")[2]) if "\r" in line else line


@dataclass(frozen=True, slots=True)
class Progress:
    """A progress bar: `done` of `total` bytes, as far as the bar tells them."""

    what: str
    done: float
    total: float


def progress(text: str) -> Progress | None:
    """What a progress bar tells; None for any other text."""
    found = _PROGRESS.match(text) if " / " in text and " [" in text else None
    if found is None:
        return None
    return Progress(
        found["what"].strip(),
        float(found["done"]) * _UNITS[found["unit"][0].replace("B", " ")],
        float(found["total"]) * _UNITS[found["of"][0].replace("B", " ")],
    )
