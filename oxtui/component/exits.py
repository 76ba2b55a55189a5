"""What exit statuses stand for."""

from __future__ import annotations

import signal
from collections.abc import Sequence

_SHELL = {
    124: "timeout(1) ended the command",
    126: "the file is there but cannot be executed",
    127: "a command was not found",
}


def meaning(status: int | None, last_lines: Sequence[str] = ()) -> str:
    """What the shell or a well-known tool means by `status`; empty where that is not certain."""
    if status is None:
        return ""
    if status == 100 and any(line.startswith("E: ") for line in last_lines):
        return "apt reports an error"
    if 128 < status < 128 + signal.NSIG:
        try:
            name = signal.Signals(status - 128).name
        except ValueError:
            return ""
        hint = ", often for want of memory" if name == "SIGKILL" else ""
        return f"a command was ended by {name}{hint}"
    return _SHELL.get(status, "")
