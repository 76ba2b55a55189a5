"""Which lines of output look like errors: for `next error` and for what is shown of a failure."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass

from oxtui.logs.reader import SpoolReader
from oxtui.logs.search import REGEX_SLICE, scan, without_escapes


@dataclass(frozen=True, slots=True)
class ErrorForm:
    """How one tool says that something is wrong, on lines without escape codes."""

    tool: str
    start: str = ""
    """Regular expression at the start of the line."""
    anywhere: str = ""
    """Regular expression anywhere in the line."""


ERROR_FORMS = (
    ErrorForm("apt", r"E: "),
    ErrorForm("dpkg", r"dpkg: error|Errors were encountered while processing"),
    ErrorForm(
        "dnf, pacman, apk, pip, docker", r"(?:Error|error|ERROR)(?:\[\w+\])?: |Error response from"
    ),
    ErrorForm("zypper", r"(?:File|Package|Problem|No provider) .*not found"),
    ErrorForm(
        "bash",
        anywhere=r": line \d+: .*(?:not found|No such file|denied|error|unbound|cannot|not a )",
    ),
    ErrorForm("dash", r"\S*: \d+: .*(?:not found|[Nn]o such file|denied|rror|not set|[Cc]an't)"),
    ErrorForm(
        "shell", anywhere=r": (?:command not found|No such file or directory|Is a directory)$"
    ),
    ErrorForm("coreutils", r"[a-z]\w*: (?:cannot|can't|failed|missing|invalid|unrecognized) "),
    ErrorForm(
        "permissions",
        anywhere=r"Permission denied|Operation not permitted|Read-only file system",
    ),
    ErrorForm(
        "space, memory",
        anywhere=r"No space left on device|Out of memory|Cannot allocate memory",
    ),
    ErrorForm("tar", r"tar: .*(?:Cannot|Error|not recoverable)"),
    ErrorForm(
        "python",
        r"Traceback \(most recent call last\)|[A-Za-z_][\w.]*(?:Error|Exception)(?::|$)",
    ),
    ErrorForm("curl, wget", r"curl: \(\d+\) |wget: ", r"ERROR \d{3}: "),
    ErrorForm("make", r"(?:g|re)?make(?:\[\d+\])?: \*\*\* "),
    ErrorForm(
        "compilers", anywhere=r": (?:fatal |internal compiler )?error: |undefined reference to"
    ),
    ErrorForm("npm", r"npm (?:ERR!|error) "),
    ErrorForm("go", r"panic: |go: .*(?:not found|invalid|unknown)"),
    ErrorForm("java", r"Exception in thread |Caused by: "),
    ErrorForm("git, ssh", r"fatal: |Host key verification failed|ssh: "),
    ErrorForm("ansible", r"fatal: \[", r"FAILED! =>"),
    ErrorForm("systemd", r"Failed to \w+ |Job for \S+ failed", r"\[FAILED\]"),
    ErrorForm(
        "network",
        anywhere=r"Connection (?:refused|timed out|reset)|Could not resolve|Name or service not known",
    ),
    ErrorForm(
        "kernel",
        anywhere=r"Kernel panic|segfault at |Oops: |I/O error, dev|Segmentation fault",
    ),
    ErrorForm("cloud-init", anywhere=r"\[(?:ERROR|CRITICAL)\]: "),
    ErrorForm("sudo, su", r"sudo: |su: "),
    ErrorForm(
        "loggers", r"\W{0,3}(?:\S+ ){0,4}?\W?(?:ERROR|FATAL|CRITICAL|PANIC|EMERG)\b(?!\s*[=(]\s*0)"
    ),
)

_AT_START = re.compile("|".join(f"(?:{form.start})" for form in ERROR_FORMS if form.start))
_ANYWHERE = re.compile("|".join(f"(?:{form.anywhere})" for form in ERROR_FORMS if form.anywhere))


def error_tool(text: str) -> str | None:
    """The tool whose error `text` (without escape codes) looks like, or None."""
    if not _is_error(text):
        return None
    return next(
        form.tool
        for form in ERROR_FORMS
        if (form.start and re.match(form.start, text))
        or (form.anywhere and re.search(form.anywhere, text))
    )


def _is_error(text: str) -> bool:
    return bool(_AT_START.match(text) or _ANYWHERE.search(text))


def _error_lines(data: bytes) -> Iterator[int]:
    text = without_escapes(data).decode("utf-8", "replace")
    return (number for number, line in enumerate(text[:-1].split("\n")) if _is_error(line))


def next_error(
    reader: SpoolReader, after: int, cancelled: threading.Event | None = None
) -> int | None:
    """The first error-looking line behind line `after` (-1: from the start), or None."""
    hits = errors(reader, first=after + 1, cancelled=cancelled)
    return next(hits, None)


def previous_error(
    reader: SpoolReader, before: int, cancelled: threading.Event | None = None
) -> int | None:
    """The last error-looking line before line `before`, or None."""
    end = min(before, reader.finished_lines)
    while end > 0:
        first = max(0, end - _BACKWARDS)
        found = list(errors(reader, first=first, end=end, cancelled=cancelled))
        if found:
            return found[-1]
        if cancelled and cancelled.is_set():
            return None
        end = first
    return None


_BACKWARDS = 2000
"""Lines that a search backwards takes at once."""


def errors(
    reader: SpoolReader,
    *,
    first: int = 0,
    end: int | None = None,
    cancelled: threading.Event | None = None,
) -> Iterator[int]:
    """The error-looking lines from `first` up to and without `end`, ascending."""
    for progress in scan(
        reader, _error_lines, REGEX_SLICE, first=first, end=end, cancelled=cancelled
    ):
        yield from progress.hits
