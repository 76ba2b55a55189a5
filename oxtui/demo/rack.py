"""The demo rack: a simulated rack of one's own, in a process that ends with the last oxtui that uses it.

Its disks and images stay in the data folder, so the next start finds them again. Its token is used
from memory and from a file of that folder, and never written to the user's Oxide credentials.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from oxtui.demo import process
from oxtui.demo.users import Seat, Users
from oxtui.oxide.credentials import Connection
from oxtui.oxide.token import Token
from oxtui.settings import Paths, private_folder

SOURCE = "demo rack"
_STARTS_WITHIN = 60.0
"""Seconds. The first start lays the disks of its images down."""


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
    banner: str = ""
    """How its instances and this machine are kept apart, in a sentence for the operator."""
    confined: bool = True
    """Whether commands in its instances cannot write to the operator's files."""

    def refusal(self, template: str, bundled: str, *, asks: bool) -> str:
        """Why a template may not be built here unless the operator asked for plain folders; or "".

        In plain folders the demo runs only the example that came with oxtui, whose text is
        `bundled`, unless they are confined and the caller `asks` the operator.
        """
        if self.isolation != "none" or template == bundled or (asks and self.confined):
            return ""
        return (
            f"{self.banner} So the demo rack builds only its own example here. To build this all the "
            "same, say --isolation none: `oxtui build --demo --isolation none`, or connect to "
            "`oxtui rack serve --isolation none`."
        )


@contextlib.asynccontextmanager
async def demo_rack(
    paths: Paths,
    *,
    latency: Literal["real", "fast"] = "fast",
    isolation: Literal["auto", "overlay", "chroot", "none"] = "auto",
    seed: Literal["demo", "empty", "large"] = "demo",
) -> AsyncIterator[DemoRack]:
    """Use the demo rack as long as the context lasts: the one that runs, or else one that is started.

    An isolation that is asked for by name has a rack of its own, as the disks of one isolation are of
    no use to another. `seed` counts only where no state is kept yet, `latency` where none runs.
    Raises DemoError if it does not come up; OSError where the data folder cannot be made.
    """
    name = "demo-rack" if isolation == "auto" else f"demo-rack-{isolation}"
    folder = private_folder(paths.data / name)
    users = Users(folder)
    arguments = (
        *("rack", "serve", "--with-parent", "--allow-none", "--state", str(folder / "state")),
        *("--seed", seed, "--latency", latency, "--isolation", isolation),
    )
    async with users.turn():
        seat = users.join()
        if seat is None:
            seat, rack = await _started(users, folder, arguments)
        else:
            try:
                rack = _running(folder)
            except BaseException:
                seat.leave()
                raise
    try:
        yield rack
    finally:
        await asyncio.shield(asyncio.ensure_future(_left(users, seat, folder, rack.pid)))


async def _left(users: Users, seat: Seat, folder: Path, pid: int) -> None:
    async with users.turn():
        if seat.leave():
            await process.stop(pid)
            _card(folder).unlink(missing_ok=True)


def _card(folder: Path) -> Path:
    """Where the line is kept with which the rack says how to reach it."""
    return folder / "rack.json"


def _running(folder: Path) -> DemoRack:
    """Return the rack that runs."""
    try:
        return _described(_read(_card(folder).read_text()), folder)
    except (OSError, ValueError):
        raise DemoError(
            "Another oxtui ended while it started the demo rack; try again in a moment."
        ) from None


async def _started(users: Users, folder: Path, arguments: tuple[str, ...]) -> tuple[Seat, DemoRack]:
    await _seen_off(folder)
    log = folder / "rack.log"
    seat, reading = users.open()
    try:
        try:
            pid, output = process.start(arguments, reading, log)
        finally:
            os.close(reading)
        try:
            line = await _first_line(output)
            rack = _read(line)
            _keep(_card(folder), line)
            return seat, _described(rack, folder)
        except TimeoutError:
            await process.stop(pid)
            raise DemoError(
                f"The demo rack did not start within {_STARTS_WITHIN:.0f} s; "
                f"{log} tells how far it got."
            ) from None
        except EOFError:
            await process.ended(pid)
            raise DemoError(
                f"The demo rack did not start: {_last_line(log)} ({log} has it all)."
            ) from None
        except ValueError:
            await process.stop(pid)
            raise DemoError(
                f"The demo rack began with something that is not its one line of JSON; see {log}."
            ) from None
        except BaseException:
            await asyncio.shield(asyncio.ensure_future(process.stop(pid)))
            raise
    except BaseException:
        seat.leave()
        raise


async def _seen_off(folder: Path) -> None:
    """Wait for one whose users were killed: it stops by itself, which takes a moment."""
    with contextlib.suppress(OSError, ValueError):
        await process.ended(_read(_card(folder).read_text()).pid)
    _card(folder).unlink(missing_ok=True)


async def _first_line(output: int) -> str:
    """Read a line, and close.

    Raises:
        TimeoutError: it did not come in time.
        EOFError: the output ended before.
    """
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    with os.fdopen(output, "rb", buffering=0) as file:
        transport, _ = await loop.connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), file
        )
        try:
            line = await asyncio.wait_for(reader.readline(), _STARTS_WITHIN)
        finally:
            transport.close()
    if not line:
        raise EOFError
    return line.decode(errors="replace")


def _read(line: str) -> DemoRack:
    """Understand the rack's line; ValueError if it is none."""
    try:
        told = json.loads(line)
        source = {"host": SOURCE, "token": SOURCE}
        cacert = Path(told["cacert"]) if told.get("cacert") else None
        connection = Connection(told["host"], Token(told["token"]), cacert=cacert, source=source)
        return DemoRack(connection, told["isolation"], told["ssh_port"], told["pid"])
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("not the line of a rack") from error


def _described(rack: DemoRack, folder: Path) -> DemoRack:
    """Add what the rack wrote down of its isolation."""
    try:
        told = json.loads((folder / "state" / "isolation.json").read_text())
        return replace(rack, banner=str(told["banner"]), confined=bool(told["confined"]))
    except (OSError, ValueError, KeyError, TypeError):  # then the worst is to be supposed
        return replace(rack, confined=rack.isolation != "none")


def _keep(card: Path, line: str) -> None:
    with open(os.open(card, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(line)


def _last_line(log: Path) -> str:
    lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()]
    return lines[-1].strip().rstrip(".").removeprefix("oxtui: ") if lines else "it said nothing"
