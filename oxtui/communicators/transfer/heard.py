"""What a program of ours printed in the guest, and the error that is made of it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from oxtui.communicators.transfer.guest_script import DONE
from oxtui.component.errors import TransferError
from oxtui.component.protocols import ExitStatus, Stream

KEPT = 4000
"""Bytes of each stream's end."""
_NEXT = (
    (r"no such file|nonexistent|no directory|not found", "Make its directory first, or correct the path."),
    (
        r"permission denied|not permitted|read-only",
        "Write where the user who logs in may, and move it from there with sudo in a shell provisioner.",
    ),
    (r"is a directory", "End the destination in / to copy into that directory."),
    (r"not a directory|file exists", "Correct the path, or remove the file that is in its place."),
    (r"no space|quota", "Make room in the guest, or give it a larger disk."),
)  # fmt: skip
"""What to do about a refused write, by the words of the guest."""
_NEXT_READING = (
    (r"no such file|nonexistent|no directory|not found", "Correct the path, or let a step before this one make it."),
    (
        r"permission denied|not permitted",
        "Let the user who logs in read it, with sudo in a shell provisioner before this one.",
    ),
    (r"is a directory", "End the source in / to download a directory."),
)  # fmt: skip
"""The same for a refused read."""
_SHELL = re.compile(r"^\S*sh: (?:line )?\d+: |^\S*sh: |^(?:cat|mkdir|mv|chmod|tar): ")


class Heard:
    """The end of what was printed."""

    def __init__(self) -> None:
        self.stdout = b""
        self.stderr = b""

    def output(self, stream: Stream, data: bytes) -> None:
        """Takes what comes."""
        if stream == "stdout":
            self.stdout = (self.stdout + data)[-KEPT:]
        else:
            self.stderr = (self.stderr + data)[-KEPT:]

    def said(self, word: bytes = DONE) -> bool:
        """Whether a line of standard output is this word."""
        return word in self.stdout.splitlines()

    def succeeded(self, status: ExitStatus) -> bool:
        """Whether the program ran to its end, and ended well."""
        return status.status == 0 and self.said()

    def error(
        self, what: str, status: ExitStatus, *, places: Sequence[str] = (), reading: bool = False
    ) -> TransferError:
        """Says `what` with the guest's words.

        Args:
            what: the thing and the place.
            status: how the program ended.
            places: paths that `what` names already, or that nobody knows: they are not said again.
            reading: it was to come from the guest.
        """
        if status.lost:
            cause = f" ({status.cause})" if status.cause else ""
            return TransferError(
                f"{what}: the connection was lost{cause}. Retry this step once the guest answers.",
                lost=True,
            )
        lines = (self.stderr or self.stdout).decode(errors="replace").strip().splitlines()
        words = lines[-1] if lines else str(status)
        words = _SHELL.sub("", words)
        for place in places:
            words = words.rsplit(f"{place}: ", 1)[-1]
        return failed(what, words, reading=reading)


def failed(what: str, words: str, *, reading: bool = False) -> TransferError:
    """The error for the reason `words` that somebody gave, with what to do about it."""
    for pattern, step in _NEXT_READING if reading else _NEXT:
        if re.search(pattern, words, re.IGNORECASE):
            return TransferError(f"{what}: {words.rstrip('.')}. {step}")
    return TransferError(f"{what}: {words}")
