"""A script that is sent, run and removed in one session, as each session costs round trips.

The script comes as the input of the session. A word that nobody else knows, printed between writing
it and running it, tells the two apart: without it nothing of the script ran.
"""

from __future__ import annotations

import secrets
import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from oxtui.component.errors import TransferError
from oxtui.component.protocols import Communicator, ExitStatus, Output, Stream


@dataclass(frozen=True, slots=True)
class Place:
    """Where a script lies in the guest, and its environment if that is a file; paths as templates name them."""

    script: str
    environment: str = ""

    @property
    def word(self) -> str:
        """The script's path for sh."""
        return word(self.script)

    @property
    def environment_word(self) -> str:
        """The path of its environment for sh."""
        return word(self.environment)

    @property
    def note(self) -> str:
        """The path, for sh, of what an ERR trap notes."""
        return word(self.script + ".line")

    @property
    def removal(self) -> str:
        """The command that removes all of it."""
        words = [self.word, self.note, *([self.environment_word] if self.environment else [])]
        return f"rm -f {' '.join(words)}"

    def __str__(self) -> str:
        return " and ".join(filter(None, (self.script, self.environment)))


def word(path: str) -> str:
    """The path as one word of a shell, with a leading `~`, `~user` or `$HOME` left for it to expand.

    Packer gives paths to the shell as they are, so templates may rely on that.
    """
    home, slash, rest = path.partition("/")
    user = home[1:].replace("-", "").replace("_", "")
    if home in ("~", "$HOME", "${HOME}") or (home.startswith("~") and user.isalnum()):
        home = home if home.startswith("~") else '"$HOME"'
        return home + slash + (shlex.quote(rest) if rest else "")
    # A path that begins with a dash would be an option, and a bare name is looked up in the PATH.
    return shlex.quote(path if slash and not path.startswith("-") else f"./{path}")


@dataclass(frozen=True, slots=True)
class Sending:
    """A script with its environment, if that goes into a file, and the place of both."""

    place: Place
    text: bytes
    exports: str = ""

    @property
    def commands(self) -> list[str]:
        """What writes both in sh; the script is the input."""
        place = self.place
        found = [f"cat > {place.word}", f"chmod 0755 {place.word}"]
        if place.environment:
            target = place.environment_word
            writing = f"(umask 077 && printf %s {shlex.quote(self.exports)} > {target})"
            found = [writing, f"chmod 0600 {target}", *found]
        return found


async def send(communicator: Communicator, sending: Sending) -> None:
    """Writes a script into the guest, and its environment.

    Raises:
        TransferError: it could not be written; the text has the guest's words.
    """
    await _after_sending(communicator, sending, [], lambda: None, lambda stream, data: None)


async def send_and_run(
    communicator: Communicator,
    sending: Sending,
    running: str,
    output: Output,
    *,
    begun: Callable[[], None],
    remove: bool,
) -> ExitStatus:
    """Writes a script into the guest and runs it; it sees no input, as in Packer.

    Args:
        communicator: reaches the guest; its commands run on no terminal.
        sending: the script.
        running: what runs it, in sh.
        output: takes what the script prints.
        begun: called when the script is there and about to run.
        remove: whether what was sent goes after an end with 0, in the same session.

    Raises:
        TransferError: the script could not be written, and did not run; the text has the guest's words.
    """
    # Where the removal fails the build does too, as with Packer.
    commands = [running, *([sending.place.removal] if remove else [])]
    return await _after_sending(communicator, sending, commands, begun, output)


async def _after_sending(
    communicator: Communicator,
    sending: Sending,
    commands: Sequence[str],
    begun: Callable[[], None],
    output: Output,
) -> ExitStatus:
    mark = _Begun(secrets.token_hex(8), begun, output)
    program = " && ".join([*sending.commands, f"echo {mark.word}", *commands])
    status = await communicator.run(program, mark.feed, stdin=sending.text, by_sh=True)
    if not mark.seen:
        place, words = sending.place, mark.words or str(status)
        hint = "" if status.lost else ". Choose a folder that can be written to with remote_folder"
        raise TransferError(
            f"the script cannot be written to {place}: {words}{hint}", lost=status.lost
        )
    return status


class _Begun:
    """Hands output on from the word that tells of the script's beginning."""

    def __init__(self, word: str, begun: Callable[[], None], output: Output) -> None:
        self.word = word
        self.seen = False
        self._mark = f"{word}\n".encode()
        self._begun = begun
        self._output = output
        self._before: dict[Stream, bytes] = {"stdout": b"", "stderr": b""}

    def feed(self, stream: Stream, data: bytes) -> None:
        """Take what the session printed; the two streams may come in any order."""
        if self.seen or stream == "ours":
            self._output(stream, data)
            return
        self._before[stream] += data
        before, mark, after = self._before["stdout"].partition(self._mark)
        if mark:
            self.seen = True
            self._begun()
            for each, text in (("stdout", before + after), ("stderr", self._before["stderr"])):
                if text:
                    self._output(each, text)  # type: ignore[arg-type]

    @property
    def words(self) -> str:
        """The last line of what was printed instead."""
        printed = self._before["stderr"] or self._before["stdout"]
        lines = printed.decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else ""
