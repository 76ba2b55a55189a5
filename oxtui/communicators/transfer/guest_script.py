"""Small programs for the guest's `sh`, as one word that every login shell hands on unchanged.

A user's login shell may be tcsh or fish. What all of them have is `sh -c '…'`, where the text between the
quotes holds no quote, no newline and no `!` (which csh looks for even there).
"""

from __future__ import annotations

import re

from oxtui.component.errors import TransferError

DONE = b"oxtui:done"
"""Printed last. An exit status alone does not tell: a server that only lets SFTP through has one too."""

MASKED = "chmod $(printf %o $((0{mode:o} & ~0$(umask))))"
EXACT = "chmod 0{mode:o}"

_KEPT_IN_QUOTES = re.compile(rb"[A-Za-z0-9 _@%+=:,./#{}()*?\[\]<>|;&~^-]*")
_HOME = re.compile(r"~[A-Za-z0-9_.-]*(?=/|$)")


def program(text: str) -> str:
    """The command that has the guest's `sh` run `text`; its line ends become blanks.

    Raises:
        ValueError: some login shell would change it.
    """
    line = " ".join(text.split("\n"))
    if "'" in line or "!" in line:
        raise ValueError(f"no login shell hands this on unchanged: {text}")
    return f"sh -c '{line}'"


def changes_mode(mode: int, *, masked: bool) -> str:
    """The `chmod` for `mode`; a masked one is without the bits of the user's umask, as of a new file."""
    return (MASKED if masked else EXACT).format(mode=mode)


def raw_path(text: str) -> bytes:
    """The bytes that a guest has for a text.

    Raises:
        TransferError: it has a NUL, which no path can have.
    """
    if "\0" in text:
        raise TransferError(f"{text!r} is no path: it has a NUL character. Correct it.")
    return text.encode("utf-8", "surrogateescape")


def assigned(variable: str, text: str) -> str:
    """An assignment of any text, with nothing in it for the shell to see.

    Raises:
        TransferError: it has a NUL, which no path can have.
    """
    raw = raw_path(text)
    if _KEPT_IN_QUOTES.fullmatch(raw):
        return f'{variable}="{text}";'
    # The substitution drops newlines at the end, so the end is an x.
    return f'{variable}=$(printf "{_printed(raw)}x"); {variable}=${{{variable}%x}};'


def assigned_path(variable: str, path: str) -> str:
    """As `assigned`; a leading `~` or `~user` is the home directory, a leading dash no option.

    Raises:
        TransferError: it has a NUL, which no path can have.
    """
    home = _HOME.match(path)
    if home is None:
        return assigned(variable, f"./{path}" if path.startswith("-") else path)
    rest = assigned(variable, path[home.end() :].lstrip("/"))
    return f"{rest} {variable}={home[0]}/${variable};"


def beside(path: str, name: str) -> str:
    """`name` in the directory of `path`."""
    return path[: path.rfind("/") + 1] + name


def _printed(raw: bytes) -> str:
    """A format of `printf` that gives these bytes."""
    return "".join(
        chr(byte)
        if (chr(byte).isascii() and chr(byte).isalnum()) or byte in b"/._-"
        else f"\\{byte:03o}"
        for byte in raw
    )
