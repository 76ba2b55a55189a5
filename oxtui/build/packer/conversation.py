"""What packer writes, handed to the builds that it is about; its questions, and its list at the end."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from oxtui.build.packer import recognise
from oxtui.build.packer.follow import BuildFollower
from oxtui.build.packer.lines import LineReader, Names, Told, progress
from oxtui.component.events import BuildStatus, Failure

_KEPT = 40
"""Lines about no build that are kept, to tell why packer ended before it began to build."""


@dataclass(slots=True)
class Conversation:
    """One run of packer.

    Attributes:
        followers: of the builds, by name.
        attended: somebody can answer.
        why_ended: why the operator, or who stands for one, has ended it.
        type: types at its terminal.
    """

    followers: Mapping[str, BuildFollower]
    attended: bool
    why_ended: Callable[[], str]
    type: Callable[[str], None] = lambda text: None
    _reader: LineReader = field(default_factory=LineReader)
    _names: Names = field(init=False)
    _asked: bool = False
    """The unfinished line is a question, and was told."""
    _interrupted: bool = False
    _failing: tuple[str, list[str]] | None = None
    """The build of whose end packer tells, and the lines of its error."""
    _listing: bool = False
    _artifacts: list[tuple[str, list[str]]] = field(default_factory=list)
    _loose: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._names = Names(
            {
                alias: each.name
                for each in self.followers.values()
                for alias in (*each.outline.aliases, each.name)
            }
        )

    def heard(self, data: bytes) -> None:
        """Takes what packer wrote."""
        for line in self._reader.feed(data):
            answered, self._asked = self._asked, False
            if not answered:
                self._line(line)
        for follower in self.followers.values():
            follower.flush()
        pending = self._reader.pending
        if pending and not self._asked:
            self._look_ahead(pending)

    def _look_ahead(self, pending: str) -> None:
        """At a line that has no end yet: a question, or a progress bar."""
        told = self._names.read(pending)
        asked = recognise.question(pending)
        if asked is None:
            if told.build and progress(told.text) is not None:
                self.followers[told.build].line(told)
            return
        follower = self.followers.get(told.build)
        if follower is None:
            return
        self._asked = True
        if self._interrupted:  # whoever ended it has said all there is to say
            self.type("\r" if asked == "continue" else "c\r")
            return
        if not self.attended and asked == "continue":
            follower.note("Breakpoint passed: nobody is here to answer.")
            self.type("\r")
            return
        if asked == "continue":
            follower.asks(
                "breakpoint", told.text.removesuffix(" ").removesuffix(recognise.CONTINUE)
            )
        else:
            follower.asks("failure")

    def _line(self, line: str) -> None:
        ended = self._names.ended(line)
        if ended is not None:
            self._end_failing()
            self._ended(*ended)
            return
        told = self._names.read(line)
        if told.build:
            self._end_failing()
            self.followers[told.build].line(told)
            return
        self._about_none(line)

    def _ended(self, build: str, error: str | None) -> None:
        if error is None:
            if self._interrupted:
                self.followers[build].end("cancelled", Failure(summary=self.why_ended()))
            else:
                self.followers[build].end("succeeded")
        else:
            self._failing = build, [error]

    def _end_failing(self) -> None:
        """The error is whole when something else is told."""
        if self._failing is None:
            return
        (build, lines), self._failing = self._failing, None
        causes = _causes(lines)
        if len(causes) > 1:
            text = f"Packer tells {len(causes)} errors, and not which step each of them is of."
            self.followers[build].note(text)
        status: BuildStatus = "cancelled" if self._interrupted else "failed"
        self.followers[build].end(status, Failure(summary="; ".join(causes)))

    def _about_none(self, line: str) -> None:
        if line.startswith(("Cancelling build after receiving", "Cleanly cancelled builds")):
            self._interrupted = True
        if line.startswith("==> "):
            self._end_failing()
            self._listing = line.startswith("==> Builds finished. The artifacts")
            return
        if self._failing is not None:
            self._failing[1].append(line)
        elif (entry := self._names.listed(line)) is not None:
            if self._listing:
                self._artifacts.append((entry[0], [entry[1]]))
            else:
                self.followers[entry[0]].end("failed", Failure(summary=entry[1]))
        elif self._listing:
            if self._artifacts:
                self._artifacts[-1][1].append(line)
        else:
            self._loose = [*self._loose[1 - _KEPT :], line]
            for follower in self.followers.values():
                follower.line(Told("", False, line))

    def close(self, code: int, called: str, *, interrupted: bool, is_last: bool) -> None:
        """Packer has ended with that exit code.

        Args:
            code: negative for the signal that ended it.
            called: how it was called, for the operator.
            interrupted: the operator has ended it.
            is_last: nothing comes after it.
        """
        if (rest := self._reader.pending) and not self._asked:
            self._line(rest)
        self._end_failing()
        told = [
            (build, " ".join(filter(None, map(str.strip, lines))))
            for build, lines in self._artifacts
        ]
        for build, text in dict.fromkeys(told):
            self.followers[build].made(text)
        if not is_last:
            return
        why = Failure(summary=self.why_ended()) if interrupted else self._why(code, called)
        for follower in self.followers.values():
            follower.end("cancelled" if interrupted else "failed", why)

    def _why(self, code: int, called: str) -> Failure:
        """Why packer ended without a word of a build: the first error that it told."""
        lines = [line for line in self._loose if line.strip()]
        first = next((n for n, line in enumerate(lines) if line.startswith("Error: ")), None)
        ended = f"exit code {code}" if code >= 0 else f"signal {-code}"
        if first is None:
            summary = f"{called} ended with {ended} and told no end of this build."
            return Failure(summary=summary, exit_status=code, last_lines=tuple(lines[-5:]))
        detail = [line.strip() for line in lines[first + 1 : first + 6]]
        summary = f"{called} failed: {lines[first].removeprefix('Error: ')}"
        return Failure(summary=summary, exit_status=code, last_lines=tuple(detail))


def _causes(lines: list[str]) -> list[str]:
    """The errors that an error tells of: itself, or each that it lists after `* `."""
    text = "\n".join(lines).strip()
    _, *listed = re.split(r"^\* ", text, flags=re.MULTILINE)
    return [" ".join(each.split()) for each in listed] or [text]
