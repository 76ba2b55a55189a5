"""The operator's own editor and pager, given the whole terminal while builds go on."""

from __future__ import annotations

import asyncio
import os
import shlex
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from textual.app import App

from oxtui.settings.editor import editor, text_file
from screens.suspending import suspended


async def edit_outside(
    app: App[int], text: str, language: str, environment: Mapping[str, str]
) -> str:
    """The text as `$VISUAL` or `$EDITOR` (else vi) left it.

    Raises:
        SuspendNotSupported: there is no real terminal, as in a browser.
        OSError: the editor cannot be started, or its text cannot be read.
        ValueError: `$EDITOR` makes no command, or what it left is no text.
    """
    with text_file(text, language) as path:
        await _run(app, (*editor(environment), str(path)))
        return await asyncio.to_thread(path.read_text, encoding="utf-8")


async def read_outside(
    app: App[int], write: Callable[[Path], object], environment: Mapping[str, str]
) -> None:
    """Let `$PAGER` (else less) show a file that `write`, in a thread, has made.

    Raises:
        SuspendNotSupported: there is no real terminal, as in a browser.
        OSError: the pager cannot be started.
    """
    command = shlex.split(environment.get("PAGER") or "less")
    handle, name = tempfile.mkstemp(suffix=".log")
    os.close(handle)
    path = Path(name)
    try:
        await asyncio.to_thread(write, path)
        await _run(app, (*command, name))
    finally:
        path.unlink(missing_ok=True)


async def _run(app: App[int], command: tuple[str, ...]) -> None:
    with suspended(app):
        program = await asyncio.create_subprocess_exec(*command)
        await program.wait()
