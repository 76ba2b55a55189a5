"""Commands as a shell reported them, and the provisioner that does again what was typed."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field

SHELLS = re.compile(
    r"\s*(?:sudo\s+(?:-\S+\s+)*)?(?:su|bash|zsh|sh|dash|fish|ksh|ssh|tmux|screen|chroot|machinectl|nsenter)\b"
    r"(?!.*\s-c\b)|\s*sudo\s+(?:-\S+\s+)*-\w*[is]\b"
)
"""Commands that start a shell, where they are given none to run."""
_SET = re.compile(
    r"(?:^|[;&\n])\s*(?:(?:export|declare\s+-x|typeset\s+-x)\s+)?([A-Za-z_]\w*)="
    r"(?:'[^']*'|\"[^\"]*\"|[^\s;&'\"])*\s*(?=$|[;&\n])"
)

_BRACES = "{{`{{`}}"
"""Two braces that `inline` does not take for the beginning of an action."""


@dataclass(frozen=True, slots=True)
class RecordedCommand:
    """One command line.

    Attributes:
        text: As the shell's history has it; it may hold a secret that the operator typed in the line.
        status: Its exit status; None where the shell did not tell.
        directory: Where it ran.
        after: Where the shell was afterwards.
        seconds: How long it took; None where that is not known.
        alias: What the shell put in place of the first word, if that is an alias.
    """

    text: str = field(repr=False)
    status: int | None
    directory: str
    after: str
    seconds: float | None = None
    alias: str = field(default="", repr=False)

    @property
    def starts_shell(self) -> bool:
        """Whether it looks as if it started a shell, what is typed in which is not recorded."""
        return SHELLS.match(self.text) is not None

    @property
    def spelled_out(self) -> str:
        """The text as a shell without aliases can run it."""
        word = re.match(r"[A-Za-z0-9_.-]+", self.text)
        if not self.alias or word is None or self.alias.split()[:1] == [word[0]]:
            return self.text
        return self.alias + self.text[word.end() :]


def script(commands: Sequence[RecordedCommand], home: str) -> str:
    """The text of a script that begins in `home` and does what these commands did, each in its directory."""
    lines = []
    here = home
    for command in commands:
        if command.directory != here:
            lines.append(f"cd {shlex.quote(command.directory)}\n")
        lines.append(command.spelled_out.rstrip("\n") + "\n")
        here = command.after
    return "".join(lines)


def shell_options(text: str, shell: str) -> dict[str, object]:
    """Options of a `shell` provisioner for that script, run by the shell in which it was typed.

    As in every shell provisioner the first command that fails ends it.
    """
    lines = text.rstrip("\n").split("\n")
    return {
        "inline": [each.replace("{{", _BRACES) for each in lines],
        "inline_shebang": f"{shell} -e",
    }


def unmarked_variables(
    chosen: Sequence[RecordedCommand], others: Sequence[RecordedCommand]
) -> list[str]:
    """Variables that chosen commands name, and that only commands which were not chosen set."""
    text = "\n".join(command.text for command in chosen)
    given = {name for command in chosen for name in _SET.findall(command.text)}
    found = [name for command in others for name in _SET.findall(command.text)]
    return [
        name
        for name in dict.fromkeys(found)
        if name not in given and re.search(rf"\$\{{?{name}\b", text)
    ]
