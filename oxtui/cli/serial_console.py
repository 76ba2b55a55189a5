"""`oxtui instance console`: the serial console, on a terminal with its keys."""

from __future__ import annotations

import asyncio
import os
import sys
from argparse import Namespace

from oxtui.cli.on_rack import OnRack, narrate
from oxtui.cli.raw_terminal import raw
from oxtui.logs.sanitise import plain_lines
from oxtui.oxide.names import is_id
from oxtui.oxide.serial import SerialStream

_LEAVE = b"\x1d"
"""ctrl+], as of telnet and of the `oxide` command."""
_WHOLE = 2 * 2**20
"""Bytes: the rack keeps the first and the latest MiB."""


async def show_console(arguments: Namespace, rack: OnRack) -> int:
    """Print what it wrote, or follow it."""
    instances = rack.client.instances
    project = None if is_id(arguments.instance) else arguments.project
    instance = await instances.view(arguments.instance, project)
    if arguments.history:
        offset = 0
        while True:
            part = await instances.serial_history(instance.id, from_start=offset, max_bytes=_WHOLE)
            if not part.data:
                return 0
            _tell(part.data)
            offset = part.last_byte_offset
    async with instances.serial_stream(instance.id) as stream:
        if not (sys.stdin.isatty() and sys.stdout.isatty()):
            async for data in stream:
                _write(data)
            return 0
        narrate(f"Console of {instance.name}; ctrl+] leaves.")
        with raw(sys.stdin.fileno()):
            await _converse(stream)
    print(file=sys.stderr)
    narrate("Left the console.")
    return 0


async def _converse(stream: SerialStream) -> None:
    """Copy both ways until the console ends or the operator leaves."""
    typed: asyncio.Queue[bytes] = asyncio.Queue()
    keyboard = sys.stdin.fileno()
    loop = asyncio.get_running_loop()
    loop.add_reader(keyboard, lambda: typed.put_nowait(os.read(keyboard, 4096)))

    async def out() -> None:
        async for data in stream:
            _write(data)

    async def keys() -> None:
        while data := await typed.get():
            before, leave, _ = data.partition(_LEAVE)
            if before:
                await stream.send(before)
            if leave:
                return

    tasks = [asyncio.ensure_future(out()), asyncio.ensure_future(keys())]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        loop.remove_reader(keyboard)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _tell(data: bytes) -> None:
    """What was written at some time: a terminal gets it as text, a file or a program byte by byte.

    Whoever follows the console is its terminal; whoever reads its past expects no codes of a guest in his.
    """
    if sys.stdout.isatty():
        sys.stdout.write(plain_lines(data.decode(errors="replace")))
        sys.stdout.flush()
    else:
        _write(data)


def _write(data: bytes) -> None:
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
