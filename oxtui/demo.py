"""The demo rack: a simulated rack of one's own, in a child process that ends with this one.

Its disks and images stay in the data folder, so the next start finds them again. Its token is used
from memory and never written to the user's Oxide credentials.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from oxtui.oxide.credentials import Connection
from oxtui.oxide.token import Token
from oxtui.settings import Paths, private_folder

SOURCE = "demo rack"
_STARTS_WITHIN = 60.0
"""Seconds. The first start lays the disks of its images down."""
_STOPS_WITHIN = 10.0
"""Seconds that its instances get to unmount before it is killed."""


class DemoError(Exception):
    """The demo rack cannot be used; the text tells why and what to do."""


@dataclass(frozen=True, slots=True)
class DemoRack:
    """A demo rack that runs."""

    connection: Connection
    isolation: str
    """How its instances are kept apart: `overlay`, `chroot` or `none`."""
    ssh_port: int
    """The port at which its instances answer."""
    pid: int


@contextlib.asynccontextmanager
async def demo_rack(
    paths: Paths,
    *,
    latency: Literal["real", "fast"] = "fast",
    isolation: Literal["auto", "overlay", "chroot", "none"] = "auto",
    seed: Literal["demo", "empty", "large"] = "demo",
) -> AsyncIterator[DemoRack]:
    """Run the demo rack as long as the context lasts.

    `seed` counts only where no state is kept yet. Raises DemoError if it does not come up; OSError
    where the data folder cannot be made.
    """
    folder = private_folder(paths.data / "demo-rack")
    log = folder / "rack.log"
    command = (
        *(sys.executable, "-m", "oxtui", "rack", "serve", "--with-parent"),
        *("--state", str(folder / "state"), "--seed", seed),
        *("--latency", latency, "--isolation", isolation),
    )
    with log.open("wb") as errors:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,  # its end tells the rack that we are gone
            stdout=asyncio.subprocess.PIPE,
            stderr=errors,
            start_new_session=True,  # a ctrl+c in our terminal is for us to answer
        )
    try:
        yield await _ready(process, log)
    finally:
        await asyncio.shield(asyncio.ensure_future(_stop(process)))


async def _ready(process: asyncio.subprocess.Process, log: Path) -> DemoRack:
    assert process.stdout is not None  # noqa: S101 - asked for above
    try:
        line = await asyncio.wait_for(process.stdout.readline(), _STARTS_WITHIN)
    except TimeoutError:
        raise DemoError(
            f"The demo rack did not start within {_STARTS_WITHIN:.0f} s; {log} tells how far it got."
        ) from None
    if not line:
        await process.wait()
        raise DemoError(f"The demo rack did not start: {_last_line(log)} ({log} has it all).")
    try:
        told = json.loads(line)
        source = {"host": SOURCE, "token": SOURCE}
        cacert = Path(told["cacert"]) if told.get("cacert") else None
        connection = Connection(told["host"], Token(told["token"]), cacert=cacert, source=source)
        return DemoRack(connection, told["isolation"], told["ssh_port"], told["pid"])
    except (ValueError, KeyError, TypeError):
        raise DemoError(
            f"The demo rack began with something that is not its one line of JSON; see {log}."
        ) from None


def _last_line(log: Path) -> str:
    lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()]
    return lines[-1].strip().rstrip(".") if lines else "it said nothing"


async def _stop(process: asyncio.subprocess.Process) -> None:
    """End it and wait for its end; it removes its mounts and processes by itself on SIGTERM."""
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(signal.SIGTERM)
    try:
        await asyncio.wait_for(process.wait(), _STOPS_WITHIN)
    except TimeoutError:
        process.kill()
        await process.wait()
