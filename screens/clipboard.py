"""Where a copy goes: a program of the desktop, the terminal (OSC 52), or a file."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal, NamedTuple

from oxtui.settings import private_folder

OSC52_LIMIT = 74_000
"""Bytes; xterm and tmux cut longer sequences, without a word about it."""
_PATIENCE = 3.0
"""Seconds for a program of the desktop."""
_PROGRAMS = (
    ("WAYLAND_DISPLAY", ("wl-copy",)),
    ("DISPLAY", ("xclip", "-selection", "clipboard")),
    ("DISPLAY", ("xsel", "--clipboard", "--input")),
    ("", ("pbcopy",)),
)


class Way(NamedTuple):
    """How a copy leaves oxtui."""

    kind: Literal["program", "terminal", "file", "nowhere"]
    command: tuple[str, ...] = ()


def way(
    setting: str,
    environment: Mapping[str, str],
    size: int,
    find: Callable[[str], str | None] = shutil.which,
) -> Way:
    """Choose: the desktop's program on this machine, else the terminal, a file where it is long."""
    if setting == "off":
        return Way("nowhere")
    if setting == "file":
        return Way("file")
    remote = "SSH_CONNECTION" in environment
    if setting == "native" or (setting == "auto" and not remote):
        for variable, command in _PROGRAMS:
            if (not variable or environment.get(variable)) and find(command[0]):
                return Way("program", command)
    return Way("terminal") if size <= OSC52_LIMIT and setting != "native" else Way("file")


async def copy(text: str, by: Way, terminal: Callable[[str], None], state: Path) -> str:
    """Copy and say where it went, as the end of a sentence; raises OSError if it cannot be."""
    match by.kind:
        case "program":
            if await _run(by.command, text):
                return f"to the clipboard ({by.command[0]})"
            return f"to {_write(state, text)}, because {by.command[0]} failed"
        case "terminal":
            terminal(text)
            return "to the clipboard, by way of the terminal (OSC 52)"
        case "file":
            return f"to {_write(state, text)}"
        case _:
            return "nowhere: general.clipboard is off"


async def _run(command: tuple[str, ...], text: str) -> bool:
    """Programs that serve the clipboard stay behind in the background, so output is not awaited."""
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        await asyncio.wait_for(process.communicate(text.encode()), _PATIENCE)
    except TimeoutError:
        process.kill()
        await process.wait()
    return process.returncode == 0


def _write(state: Path, text: str) -> Path:
    path = private_folder(state) / "clipboard.txt"
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    return path
