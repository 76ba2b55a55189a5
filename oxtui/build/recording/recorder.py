"""Brings the hooks into a running shell, and takes them out."""

from __future__ import annotations

import asyncio
import secrets
import shlex
from collections.abc import Callable

from oxtui.build.recording.hook import OFF, hook, hook_line
from oxtui.build.recording.recording import Recording
from oxtui.component.errors import StepError
from oxtui.component.protocols import Communicator, Stream

ANSWER = 10.0
"""Seconds in which a shell at its prompt has to have read the hooks."""


class NotRecorded(Exception):
    """The shell cannot be recorded; the text says why and what to do."""


async def begin(
    recording: Recording, communicator: Communicator, write: Callable[[bytes], None]
) -> None:
    """Has the shell whose output `recording` is fed read the hooks; returns once it reports.

    The hooks go to the guest as a file of the user's own over the connection, and the file removes itself
    when the shell reads it: nothing of them is typed but its name. A shell on another machine or of
    another user, or a program that waits for input, does not find it, and nothing is recorded.

    Args:
        recording: a new one.
        communicator: the way into the guest.
        write: types into the shell, which has to be at its prompt.

    Raises:
        NotRecorded: the shell cannot be recorded, or did not answer.
    """
    answered = asyncio.Event()
    recording.changed = answered.set
    path = f"/tmp/oxtui-{secrets.token_hex(8)}"  # noqa: S108 - random, for the owner alone, gone at once
    try:
        user = await _told(communicator, "id -u")
        await communicator.upload(hook(recording.nonce, path).encode(), path, 0o600)
        write(hook_line(path))
        try:
            async with asyncio.timeout(ANSWER):
                await answered.wait()
        except TimeoutError:
            shell = await _told(communicator, 'printf "%s\\n" "${SHELL##*/}"')
            raise NotRecorded(
                f"No shell of this instance read the hooks, so nothing is recorded. It works at the prompt of "
                f"bash (4.4 or newer) and zsh; the login shell is {shell or 'not known'}. Leave what runs "
                "in the shell, then try again."
            ) from None
        finally:
            await communicator.run(f"rm -f {shlex.quote(path)}", _unheard, by_sh=True)
    except (StepError, OSError) as error:
        recording.stop()
        raise NotRecorded(f"The hooks could not be brought into the guest: {error}") from error
    except BaseException:
        recording.stop()
        raise
    if recording.phase != "on":
        raise NotRecorded(
            f"This shell cannot be recorded: {recording.refused or 'it took the hooks out again'}. "
            "It works in bash (4.4 or newer) and zsh."
        )
    if user and recording.user != user:
        end(recording, write)
        raise NotRecorded(
            "This is the shell of another user, and a provisioner does not run as that one. Leave it with "
            "exit and try again; begin commands with sudo where they need it."
        )


def end(recording: Recording, write: Callable[[bytes], None]) -> bool:
    """Stops recording; True if the hooks go too, False if a command runs and they stay until the shell ends."""
    at_prompt = recording.phase == "on" and not recording.running
    recording.stop()
    if at_prompt:
        write(OFF)
    return at_prompt


async def _told(communicator: Communicator, command: str) -> str:
    """The first line that a command printed."""
    heard = bytearray()

    def output(stream: Stream, data: bytes) -> None:
        if stream == "stdout" and len(heard) < 4096:
            heard.extend(data)

    await communicator.run(command, output, by_sh=True)
    return heard.decode(errors="replace").partition("\n")[0].strip()


def _unheard(_stream: Stream, _data: bytes) -> None:
    pass
