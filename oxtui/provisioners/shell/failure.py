"""What an operator is told of a script that failed: how it ended, which line it was, and its last words."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence

from oxtui.component.debugger_events import ScriptExited
from oxtui.component.errors import StepError
from oxtui.component.events import Failure
from oxtui.component.exits import meaning
from oxtui.component.protocols import ExitStatus, StepContext, Stream
from oxtui.provisioners.shell.script import Script, told_line

SHOWN_LINES = 5
KEPT_LINES = 50
LONGEST_LINE = 4096
"""Bytes of a line without an end that are kept."""


_NO_LINE = ". Its shell tells no line; rerun with trace to see each command"
_SHOWN_COMMAND = re.compile(r"\++ (?P<command>.+)")
"""As `set -x` shows a command by PS4's default; one `+` more for each level of substitution."""


class LastLines:
    """The last whole lines of both streams of a script."""

    def __init__(self) -> None:
        self._whole: deque[str] = deque(maxlen=KEPT_LINES)
        self._rest: dict[Stream, bytes] = {}

    def feed(self, stream: Stream, data: bytes) -> None:
        """Take what was printed."""
        *whole, rest = (self._rest.get(stream, b"") + data).split(b"\n")
        self._rest[stream] = rest[-LONGEST_LINE:]
        self._whole.extend(line.decode(errors="replace").rstrip() for line in whole)

    def end(self) -> list[str]:
        """Nothing more comes; all lines that were kept, also one without an end."""
        for rest in self._rest.values():
            if rest.strip():
                self._whole.append(rest.decode(errors="replace").rstrip())
        self._rest.clear()
        return list(self._whole)


def tell_exit(context: StepContext, script: Script, status: ExitStatus) -> None:
    """Tells the session how a script ended, also where the template accepts that; a signal is no status."""
    if status.status is not None:
        context.emit(
            ScriptExited(
                time=context.now(), build=context.build, step=context.step, script=script.name,
                status=status.status,
            )
        )  # fmt: skip


def _last_shown(last_lines: Sequence[str]) -> str:
    """The command that a trace showed last: no more is known of where the script ended."""
    shown = [match["command"] for match in map(_SHOWN_COMMAND.fullmatch, last_lines) if match]
    return f". The last command that its shell showed: {shown[-1]}" if shown else ""


def failed(
    script: Script,
    path: str,
    status: ExitStatus,
    last_lines: list[str],
    allowed: Sequence[int],
    trapped: int | None,
    *,
    traceable: bool,
    traced: bool = False,
) -> StepError:
    """The error of a script that ended otherwise than it may.

    Args:
        script: as it ran.
        path: under which its shell knew it.
        status: how it ended.
        last_lines: of its output.
        allowed: exit statuses that count as success.
        trapped: the line that bash's ERR trap noted, if there is one.
        traceable: whether a rerun with trace would show each command.
        traced: it ran so already.
    """
    line, source = trapped, "bash"
    if line is None:
        line, source = told_line(path, last_lines, status.status), "message"
    summary = f"{script.name} ended with {status}; allowed: {', '.join(map(str, allowed))}"
    if line is None and traceable:
        summary += _last_shown(last_lines) if traced else _NO_LINE
    told = Failure(
        summary=summary,
        exit_status=status.status,
        meaning=meaning(
            status.status, last_lines, script.line_text(trapped) if trapped is not None else ""
        ),
        script=script.name,
        line=script.own_line(line) if line is not None else None,
        line_text=script.line_text(line) if line is not None else "",
        line_source=source if line is not None else "",
        traceable=traceable,
        last_lines=tuple(last_lines)[-SHOWN_LINES:],
    )
    return StepError(told)
