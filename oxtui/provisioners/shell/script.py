"""A script as it is sent to the guest, with what is needed to tell which line of it failed."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from oxtui.component.errors import StepError

SHEBANG = "/bin/sh -e"
"""What runs inline commands where nothing else is said (packer.md 3.1)."""

_TOLD = re.compile(r": (?:line )?(?P<line>\d+): (?P<what>.*)")
_SHELLS = frozenset(("sh", "ash", "bash", "dash", "ksh", "mksh", "zsh"))

# Under `errexit` bash leaves right after this trap, so what it notes is where the script ended. Of a script that
# shows its commands the trap's own are not shown.
_ERR_TRAP = (
    '{{ __oxtui=$?; case $- in *e*) [ "$BASHPID" = "$$" ] && '
    'printf "%s %s %s\\n" "$__oxtui" "$LINENO" "${{BASH_SOURCE[0]}}" > {note};; esac; }} 2>/dev/null'
)
_HEAD = 1024
"""Bytes at the beginning of a file that tell a program from a script."""
BESIDE = '"$0.line"'
"""Where an ERR trap notes the line, as a word of the shell: a file beside the script."""


@dataclass(frozen=True, slots=True)
class Script:
    """`name` as the operator knows it; `text` as sent; `first_line` of the operator's own text in it."""

    name: str
    text: bytes
    first_line: int = 1

    @property
    def interpreter(self) -> str:
        """The shebang's words without `#!`, or empty."""
        line = self.text.split(b"\n", 1)[0].decode(errors="replace")
        return line[2:].strip() if line.startswith("#!") else ""

    @property
    def is_bash(self) -> bool:
        """Whether bash runs it and an ERR trap can tell lines, with nothing in the script's own way.

        A trap of the script's own stands where it was; a shell that shows commands would show ours.
        """
        words = self.interpreter.split()
        shows = any(word.startswith("-") and "x" in word for word in words if word[:2] != "--")
        return not shows and b"ERR" not in self.text and any(Path(w).name == "bash" for w in words)

    @property
    def is_shell(self) -> bool:
        """Whether a shell runs it; a script without a shebang is run by one as well, a program is not."""
        if b"\0" in self.text[:_HEAD]:
            return False
        words = [Path(word).name for word in self.interpreter.split()]
        return not words or any(word in _SHELLS for word in words)

    def line_text(self, line: int) -> str:
        """The text of a line, counted from 1 as the shell does."""
        lines = self.text.decode(errors="replace").splitlines()
        return lines[line - 1].strip() if 1 <= line <= len(lines) else ""

    def own_line(self, line: int) -> int:
        """A line as the operator counts: in the file, or in the list of inline commands."""
        return line - self.first_line + 1

    def traced(self) -> Script:
        """The script with `set -x` in force from its first command, no line moved; of a shell alone."""
        if not self.is_shell:
            return self
        head, newline, rest = self.text.partition(b"\n")
        if head.startswith(b"#!"):
            return Script(self.name, head + newline + b"set -x; " + rest, self.first_line)
        return Script(self.name, b"set -x; " + self.text, self.first_line)

    def with_err_trap(self, note: str = BESIDE) -> Script:
        """The script with our ERR trap before its first command, no line moved; for bash.

        `note` is where the trap writes to, as a word of the shell.
        """
        head, newline, rest = self.text.partition(b"\n")
        trap = f"trap {shlex.quote(_ERR_TRAP.format(note=note))} ERR; set -E; "
        return Script(self.name, head + newline + trap.encode() + rest, self.first_line)


def inline_script(commands: list[str], shebang: str = "") -> Script:
    """Inline commands as one script.

    Where no shebang is given they may begin with one of their own, else `/bin/sh -e` runs them.
    """
    text = "\n".join(commands) + "\n"
    if text.startswith("#!") and not shebang:
        return Script("inline", text.encode())
    return Script("inline", f"#!{shebang or SHEBANG}\n{text}".encode(), first_line=2)


def script_file(path: Path, *, binary: bool) -> Script:
    """A script from a file; line endings become `\\n` unless `binary`.

    Raises:
        StepError: the file cannot be read.
    """
    try:
        text = path.read_bytes()
    except OSError as error:
        raise StepError(
            f"script {path} cannot be read: {error.strerror}. Put it back and retry this step."
        ) from error
    if not binary:
        text = text.replace(b"\r\n", b"\n")
        if not text.endswith(b"\n"):
            text += b"\n"
    return Script(path.name, text)


def told_line(remote_path: str, last_lines: list[str], status: int | None) -> int | None:
    """The line that the shell itself named in its last message, where that message is about the exit.

    Shells print `PATH: line N: …` (bash) or `PATH: N: …` (dash). The message explains the exit only when it is
    the last thing printed, or when the status is one of the shell's own: 2 syntax, 126 not executable, 127 not found.
    """
    told = [
        (index, int(match["line"]))
        for index, line in enumerate(last_lines)
        if line.startswith(remote_path) and (match := _TOLD.match(line[len(remote_path) :]))
    ]
    if not told:
        return None
    index, line = told[-1]
    return line if index == len(last_lines) - 1 or status in (2, 126, 127) else None


def trapped_line(noted: bytes, path: str, status: int | None) -> int | None:
    """The line that an ERR trap noted, if it is of the script at `path` and of what ended it."""
    words = noted.decode(errors="replace").split(maxsplit=2)
    if len(words) != 3 or words[0] != str(status) or not words[1].isdigit():
        return None
    return int(words[1]) if words[2].strip() == path else None
