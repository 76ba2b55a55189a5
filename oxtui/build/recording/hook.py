"""The text that a guest's shell reads to report its commands, and the lines that bring it in and take it out."""

from __future__ import annotations

import shlex
from importlib.resources import files

LINE_START = b"\x05\x15"
"""Ctrl+e, ctrl+u: what stands half typed at the prompt goes away (and comes back with ctrl+y)."""
OFF = LINE_START + b" __oxtui_off\r"
"""Typed at the prompt, it takes the hooks out again."""
_MICROSECONDS = "${EPOCHREALTIME/[!0-9]/}"
"""Of the present; bash before 5.0 has no such variable, and then no command has a duration."""


def hook(nonce: str, path: str) -> str:
    """The text for the file `path`: bash and zsh take their hooks from it, any other shell says that it cannot.

    Args:
        nonce: known to the shell and to us alone; reports without it are none.
        path: of the file itself, which removes itself when it is read.
    """
    now = f"$((${{EPOCHREALTIME+{_MICROSECONDS}}}+0))"
    bash, zsh = (
        shlex.quote(
            (files(__package__) / f"hook.{name}")
            .read_text()
            .replace("@NONCE@", nonce)
            .replace("@PATH@", path)
            .replace("@NOW@", now)
        )
        for name in ("bash", "zsh")
    )
    other = f"printf '\\033]5713;{nonce};x;it%%20is%%20neither\\007'"
    return (
        f"command rm -f -- {shlex.quote(path)}\n"
        '! command -v __oxtui_off >/dev/null 2>&1 || __oxtui_off\n'
        f'if [ -n "${{BASH_VERSION-}}" ]; then eval {bash}\n'
        f'elif [ -n "${{ZSH_VERSION-}}" ]; then eval {zsh}\n'
        f"else {other}; fi\n"
    )  # fmt: skip


def hook_line(path: str) -> bytes:
    """What is typed at a prompt so that the shell reads the file; a blank keeps it out of most histories."""
    return LINE_START + f" . {shlex.quote(path)}\r".encode()
