"""The operator's own editor, given the whole terminal while builds go on."""

from __future__ import annotations

import asyncio
import os
import shlex
import tempfile
from collections.abc import Mapping
from pathlib import Path

from textual.app import App


async def edit_outside(
    app: App[int], text: str, suffix: str, environment: Mapping[str, str]
) -> str:
    """The text as `$VISUAL` or `$EDITOR` (else vi) left it.

    Raises:
        SuspendNotSupported: there is no real terminal, as in a browser.
        OSError: the editor cannot be started.
    """
    command = shlex.split(environment.get("VISUAL") or environment.get("EDITOR") or "vi")
    # A file of its own, for the owner alone: the text may hold what nobody else should read.
    handle, name = tempfile.mkstemp(suffix=suffix)
    path = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        # Without batch_update frames would pile up behind the stopped writer and block the loop.
        with app.batch_update(), app.suspend():
            editor = await asyncio.create_subprocess_exec(*command, name)
            await editor.wait()
        return await asyncio.to_thread(path.read_text, encoding="utf-8")
    finally:
        path.unlink(missing_ok=True)
