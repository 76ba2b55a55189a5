"""`packer validate` of what packer would run."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Mapping
from pathlib import Path

from oxtui.build.packer.command import files, validate_command
from oxtui.build.packer.find import PackerError, packer_environ
from oxtui.build.plan import Plan


async def packer_validate(plan: Plan, environ: Mapping[str, str]) -> tuple[int, str]:
    """Its exit code, and what it says.

    Raises:
        PackerError: the plan needs no packer.
        TemplateNotSaved: the template on disk has another text.
        OSError: packer does not start, or a file for it cannot be written.
    """
    packer = plan.packer
    if packer is None:
        raise PackerError("oxtui runs this template itself.")
    with files(packer, plan.template, plan.text, Path(tempfile.gettempdir())) as given:
        process = await asyncio.create_subprocess_exec(
            *validate_command(packer, given), env=packer_environ(environ), cwd=packer.folder,
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        try:
            out, _ = await process.communicate()
        finally:
            if process.returncode is None:
                process.terminate()
                await process.wait()
    assert process.returncode is not None  # noqa: S101 - communicate returns when it has ended
    return process.returncode, out.decode(errors="replace")
