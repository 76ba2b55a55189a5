"""A script that is sent, run and removed in one session, as each session costs round trips.

The script comes as the input of the session. A word that nobody else knows, printed between writing
it and running it, tells the two apart: without it nothing of the script ran.
"""

from __future__ import annotations

import secrets
import shlex
from collections.abc import Sequence

from oxtui.component.errors import TransferError
from oxtui.component.protocols import Communicator, ExitStatus, Output, Stream


async def send_and_run(
    communicator: Communicator,
    text: bytes,
    path: str,
    variables: str,
    output: Output,
    *,
    remove: Sequence[str],
) -> ExitStatus:
    """Write `text` to `path` in the guest, executable, and run it; it sees no input, as in Packer.

    Args:
        communicator: reaches the guest; its commands run on no terminal.
        text: the script.
        path: where it goes.
        variables: `NAME='value' `…, which stand before the command.
        output: takes what the script prints.
        remove: files that go after a script that ended with 0, in the same session.

    Raises:
        TransferError: the script could not be written, and did not run; the text has the guest's words.
    """
    begun = _Begun(secrets.token_hex(8), output)
    target = shlex.quote(path)
    # Only `&&`: whatever the user's login shell is, it has that, and the script's status stands.
    commands = [
        f"cat > {target}",
        f"chmod 0755 {target}",
        f"echo {begun.word}",
        f"{variables}{path}",
    ]
    if remove:
        # Where that fails the build does too, as with Packer.
        commands.append(f"rm -f {shlex.join(remove)}")
    status = await communicator.run(" && ".join(commands), begun.feed, stdin=text)
    if not begun.seen:
        raise TransferError(
            f"the script cannot be written to {path}: {begun.words or status}", lost=status.lost
        )
    return status


class _Begun:
    """Hands output on from the word that tells of the script's beginning."""

    def __init__(self, word: str, output: Output) -> None:
        self.word = word
        self.seen = False
        self._mark = f"{word}\n".encode()
        self._output = output
        self._before: dict[Stream, bytes] = {"stdout": b"", "stderr": b""}

    def feed(self, stream: Stream, data: bytes) -> None:
        """Take what the session printed; the two streams may come in any order."""
        if self.seen:
            self._output(stream, data)
            return
        self._before[stream] += data
        before, mark, after = self._before["stdout"].partition(self._mark)
        if mark:
            self.seen = True
            for each, text in (("stdout", before + after), ("stderr", self._before["stderr"])):
                if text:
                    self._output(each, text)  # type: ignore[arg-type]

    @property
    def words(self) -> str:
        """The last line of what was printed instead."""
        printed = self._before["stderr"] or self._before["stdout"]
        lines = printed.decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else ""
