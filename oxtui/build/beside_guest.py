"""What an operator does in the guest at a stop: run a command, send a file there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from oxtui.build.beside import BesideStop, Performer
from oxtui.component.commands import RunCommand, UploadFile
from oxtui.component.debugger_events import CommandRan, FileUploaded
from oxtui.component.errors import ConnectError, StepError
from oxtui.component.exits import meaning
from oxtui.component.protocols import ExitStatus, Guest, StepContext

NOT_CONNECTED = "needs a connection to the guest, which there is from the connect step until the instance is stopped"


def add_to(beside: BesideStop, guest: Callable[[], Guest]) -> None:
    """Lets both be done beside the stops of a build with that guest."""

    def refused() -> str:
        return "" if guest().communicator is not None else NOT_CONNECTED

    async def run(command: RunCommand, context: StepContext) -> None:
        await run_command(command.command, guest(), context)

    async def upload(command: UploadFile, context: StepContext) -> None:
        await upload_file(command, guest(), context)

    beside.add(RunCommand, Performer(lambda command: f"$ {command.command}", run, refused))
    beside.add(UploadFile, Performer(_told, upload, refused))


async def run_command(command: str, guest: Guest, context: StepContext) -> None:
    """Has the user's login shell run a command, and tells how it ended; any exit status will do.

    Raises:
        StepError: the connection was lost, or there was none.
    """
    communicator = guest.reach()
    context.say(f"$ {command}")
    status, begun, started = None, context.now(), True
    try:
        status = await communicator.run(command, context.output)
    except ConnectError:
        started = False
        raise
    finally:
        if started:
            context.emit(
                CommandRan(
                    time=context.now(), build=context.build, step=context.step, command=command,
                    status=status.status if status is not None else None,
                    seconds=context.now() - begun,
                )
            )  # fmt: skip
    if status.lost:
        cause = f": {status.cause}" if status.cause else ""
        raise StepError(
            f"The connection was lost while the command ran{cause}. "
            "The next command connects anew; look at the serial console where that fails."
        )
    if status.status != 0:
        context.say(f"The command ended with {_explained(status, command)}")


def _explained(status: ExitStatus, command: str) -> str:
    known = meaning(status.status, command=command)
    return f"{status}: {known}" if known else str(status)


async def upload_file(command: UploadFile, guest: Guest, context: StepContext) -> None:
    """Sends a file or a directory of this machine to the guest.

    Raises:
        StepError: it cannot be read, or the guest refused it.
    """
    from oxtui.provisioners.file.progress import TransferProgress
    from oxtui.provisioners.file.sending import send

    communicator = guest.reach()
    source, destination = command.source, _in_guest(command)
    context.say(f"Uploading {source} => {destination}")
    progress = TransferProgress(context, f"{Path(source).name or source} → {destination}")
    moved = await send(communicator, source, destination, progress.moved)
    progress.end("Uploaded", moved)
    context.emit(
        FileUploaded(
            time=context.now(), build=context.build, step=context.step, source=source,
            destination=destination, size=moved.size,
        )
    )  # fmt: skip


def _in_guest(command: UploadFile) -> str:
    """The destination; SSH begins a relative one in the login's home."""
    destination = command.destination
    if destination in ("", "~"):
        destination = "~/"
    if destination == "~/":
        return Path(command.source).name or "."
    return destination.removeprefix("~/")


def _told(command: UploadFile) -> str:
    return f"upload of {command.source}"
