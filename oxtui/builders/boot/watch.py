"""Watches a console for troubles of the boot, as it grows."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, replace

from oxtui.builders.boot.troubles import TROUBLES, Trouble
from oxtui.component.errors import ConnectError
from oxtui.component.events import BootTroubleSeen
from oxtui.logs.sanitise import plain

LONGEST_LINE = 4096
"""Characters of a line that are held; of a longer one the rest is looked at by itself."""
_OVERLAP = 512
"""Characters that are looked at twice, so that no phrase is cut in two."""
_TOLD = 200
"""Characters of the line that are told."""
# Firmware and consoles place the cursor where others begin a line.
_BREAK = re.compile(r"[\r\n]+|\x1b\[\d*(?:;\d*)?[Hf]")


@dataclass(frozen=True, slots=True)
class Finding:
    """A trouble, and the line that shows it."""

    trouble: Trouble
    line: str
    what: str = ""

    @property
    def text(self) -> str:
        """A sentence that says what it is, which line shows it, and what to do."""
        meaning = self.trouble.meaning
        if "{}" in meaning:
            meaning = meaning.format(self.what)
        first = meaning[0].upper() + meaning[1:]
        return f"{first}. Its serial console says: “{self.line}”. {self.trouble.advice}"

    def event(self, time: float, build: str) -> BootTroubleSeen:
        """What the session's readers are told."""
        trouble = self.trouble
        return BootTroubleSeen(
            time=time, build=build, trouble=trouble.id, text=self.text, line=self.line,
            fatal=trouble.fatal,
        )  # fmt: skip


class BootWatch:
    """Takes a console's bytes, in pieces of any size, and tells each kind of trouble once."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._rest = ""
        self._found: dict[str, Finding] = {}

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All so far, in the order of the console."""
        return tuple(self._found.values())

    @property
    def cause(self) -> Finding | None:
        """What keeps everybody from logging in, if the console says it: the first that is fatal, or the last."""
        fatal = [found for found in self.findings if found.trouble.fatal]
        return next(iter([*fatal, *reversed(self.findings)]), None)

    def feed(self, data: bytes) -> list[Finding]:
        """What the next bytes show that was not known before."""
        *lines, rest = _BREAK.split(self._rest + self._decoder.decode(data))
        found = [each for line in lines for each in self._look(line)]
        if len(rest) > LONGEST_LINE:
            found += self._look(rest)
            rest = rest[-_OVERLAP:]
        self._rest = rest
        return found

    def _look(self, raw: str) -> list[Finding]:
        line = plain(raw).strip()
        found = []
        for trouble in TROUBLES:
            if trouble.id in self._found or not (match := trouble.pattern.search(line)):
                continue
            finding = Finding(trouble, _shown(line, match), _caught(trouble, match))
            self._found[trouble.id] = finding
            found.append(finding)
        return found


def explained(error: ConnectError, watch: BootWatch) -> ConnectError:
    """A login that failed, with what the console says of the boot, where it says anything."""
    cause = watch.cause
    if cause is None:
        return error
    summary = f"{error.failure.summary.removesuffix('.')}. {cause.text}"
    return ConnectError(replace(error.failure, summary=summary))


def _caught(trouble: Trouble, match: re.Match[str]) -> str:
    what = next((text for text in match.groupdict().values() if text), "")
    if trouble.id == "cloud-init":
        return f" in its module {what}" if what else ""
    return what.lower()


def _shown(line: str, match: re.Match[str]) -> str:
    """The line; of a long one the part around the match."""
    if len(line) <= _TOLD:
        return line
    start = max(0, min(match.start() - 40, len(line) - _TOLD))
    return f"{'…' if start else ''}{line[start : start + _TOLD].strip()}…"
