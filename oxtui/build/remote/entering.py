"""A shell in a build's instance for somebody at another terminal, through the process that runs the build.

The other end sends `keys` (bytes in base64), `resize` and `close`; it gets `output` and, in the end, `ended`.
While it lasts a stop of the build does not end by itself.
"""

from __future__ import annotations

import asyncio

from oxtui.build.live import LiveSession
from oxtui.build.remote.wire import Message, Wire, WireError, decoded, encoded
from oxtui.component.errors import StepError
from oxtui.component.protocols import Shell

LARGEST = 10_000
"""Columns or rows of a terminal that is believed."""


async def enter(session: LiveSession, wire: Wire, message: Message, process: int | None) -> None:
    """Opens the shell and carries it until either end hangs up.

    Raises:
        WireError: the other end does not keep to the protocol, or nobody reads.
    """
    build = str(message.get("build", ""))
    columns, rows = _size(message)
    runner = session.runner(build)
    ssh = runner.builder.guest.communicator if runner is not None else None
    if runner is None or ssh is None:
        wire.post("refused", reason=_why_not(session, build))
        return
    with runner.services.control.occupied():
        try:
            shell = await ssh.open_shell(columns, rows)
        except (StepError, OSError) as error:
            wire.post("refused", reason=str(error))
            return
        who = "another terminal" if process is None else f"another terminal (process {process})"
        runner.services.note(f"A shell was opened from {who}.", "info")
        wire.post("opened")
        try:
            await _carry(shell, wire)
        finally:
            ended = await shell.close()
            runner.services.note(f"The shell of {who} ended: {ended}.", "info")
    wire.post("ended", text=str(ended), status=ended.status)


async def _carry(shell: Shell, wire: Wire) -> None:
    async def out() -> None:
        while data := await shell.read():
            await wire.send("output", data=encoded(data))

    async def keys() -> None:
        while (message := await wire.receive()) is not None:
            match message["type"]:
                case "keys":
                    shell.write(decoded(message.get("data")))
                case "resize":
                    shell.resize(*_size(message))
                case "close":
                    return
                case other:
                    raise WireError(f"there is no {other!r} in a shell")

    tasks = [asyncio.ensure_future(out()), asyncio.ensure_future(keys())]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _size(message: Message) -> tuple[int, int]:
    size = message.get("columns"), message.get("rows")
    if not all(type(each) is int and 0 < each <= LARGEST for each in size):
        raise WireError("a terminal without a size")
    return size[0], size[1]  # type: ignore[return-value]


def _why_not(session: LiveSession, build: str) -> str:
    state = session.state.builds.get(build)
    if state is None:
        return f"There is no build {build!r}; there are {', '.join(session.state.builds)}."
    if session.plan.packer is not None:
        return "Packer runs this build, and lets nobody else into its connection."
    return f"{build} has no connection to an instance yet, or none any more."
