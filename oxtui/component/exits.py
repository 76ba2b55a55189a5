"""What exit statuses stand for, as far as that is certain."""

from __future__ import annotations

import re
import shlex
import signal
from collections.abc import Sequence

from oxtui.component.exit_meanings import OF_COMMANDS, OF_SUBCOMMANDS

_SHELL = {
    124: "timeout(1) ended the command",
    126: "the file is there but cannot be executed",
    127: "a command was not found",
}
_BEFORE = frozenset({"sudo", "env", "nice", "ionice", "nohup", "exec", "time", "command"})
"""Commands that end as the command behind them does."""
_PARTS = re.compile(r"[|;&`\n]|\$\(|<\(|>\(|\\$")
"""What makes a line more than one command, or only a part of one."""
_REDIRECTION = re.compile(r"\s\d?(?:>>?|<)\s*(?:&[\d-]|[\w./~-]+)")


def meaning(status: int | None, last_lines: Sequence[str] = (), command: str = "") -> str:
    """What the shell or a well-known tool means by `status`; empty where that is not certain.

    `command` is the line that ended so, only where the shell told it.
    """
    if status is None:
        return ""
    words = simple_command(command)
    if known := _by_tool(words, status):
        return f"{words[0]}: {known}"
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


def simple_command(line: str) -> list[str]:
    """The words of a line that is one command, its own name first; empty where it is more, or less.

    A pipe, a list, a substitution or a line that goes on leaves open which command ended as it did.
    """
    line = _REDIRECTION.sub(" ", f" {line} ").strip()
    if not line or _PARTS.search(line):
        return []
    try:
        words = shlex.split(line, comments=True)
    except ValueError:
        return []
    while words and (words[0] in _BEFORE or re.match(r"\w+=", words[0])):
        words = words[1:]
        # Options of sudo and its likes may take a word: what follows them is not looked for.
        if words and words[0].startswith("-"):
            return []
    if not words or not re.fullmatch(r"[\w./+-]+", words[0]):
        return []
    return [words[0].rpartition("/")[2], *words[1:]]


def _by_tool(words: Sequence[str], status: int) -> str:
    if not words:
        return ""
    for verb in words[1:]:
        if not verb.startswith("-"):
            known = OF_SUBCOMMANDS.get((words[0], verb), {}).get(status)
            if known:
                return known
            break
    return OF_COMMANDS.get(words[0], {}).get(status, "")
