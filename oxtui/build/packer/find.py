"""Where the installed `packer` is, and how old it is."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from oxtui.template.read.versions import Version, parse_version

ANSWER_WITHIN = 30.0
"""Seconds in which `packer version` has to answer; it asks nobody, but loads a large program."""
INIT_SINCE: Version = (1, 7)
"""The version from which packer knows `init` and `required_plugins`."""
_VERSION = re.compile(r"Packer v?(\d+(?:\.\d+)*)")


class PackerError(Exception):
    """The installed packer cannot be used; the text says why and what to do."""


def find_packer(environ: Mapping[str, str]) -> Path | None:
    """The program `packer` on the PATH of `environ`; None where there is none."""
    found = shutil.which("packer", path=environ.get("PATH", ""))
    return None if found is None else Path(found).absolute()


def packer_environ(environ: Mapping[str, str]) -> dict[str, str]:
    """What packer inherits: all of `environ`, but it does not report to its maker's server.

    Packer asks a server of HashiCorp for newer versions at each start, with an id of the machine, unless
    CHECKPOINT_DISABLE is set. An operator of oxtui has not asked for that; whoever has, sets the variable.
    """
    return {"CHECKPOINT_DISABLE": "1", **environ}


async def packer_version(binary: Path, environ: Mapping[str, str]) -> str:
    """The version of a packer, such as `1.6.6`.

    Raises:
        PackerError: it does not start, does not answer, or is another program of that name.
    """
    try:
        process = await asyncio.create_subprocess_exec(
            binary, "version", env=packer_environ(environ), stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
    except OSError as problem:
        raise PackerError(f"{binary} does not start: {problem.strerror}.") from problem
    try:
        async with asyncio.timeout(ANSWER_WITHIN):
            out, _ = await process.communicate()
    except TimeoutError:
        raise PackerError(f"{binary} does not tell its version in {ANSWER_WITHIN:g} s.") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    found = _VERSION.search(out.decode(errors="replace"))
    if found is None:
        raise PackerError(
            f"{binary} is not HashiCorp's packer: it tells no version of it. Some systems have another "
            "program of that name; put packer before it on the PATH."
        )
    return found[1]


def knows_init(version: str) -> bool:
    """Whether that packer has `init`, and so reads `required_plugins`."""
    return parse_version(version) >= INIT_SINCE
