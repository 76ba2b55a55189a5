"""A simulated Outscale as a child process, for everybody's tests.

async with outscale() as there:
    client = Client(**there.variables)
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import shlex
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import httpx

from tests.rack_process import served, told


@dataclass(frozen=True)
class OutscaleProcess:
    """A simulated Outscale that is ready. `variables`: the OSC_* environment of a client."""

    variables: dict[str, str] = field(repr=False)
    ssh_port: int
    isolation: str
    pid: int
    cacert: str | None
    process: asyncio.subprocess.Process = field(repr=False)

    @property
    def endpoint(self) -> str:
        return self.variables["OSC_ENDPOINT_API"]

    async def leftovers(self) -> list[str]:
        """Ids of what the account has beside what came with the rack."""
        async with httpx.AsyncClient(base_url=self.endpoint.removesuffix("/api/v1")) as client:
            found: list[str] = (await client.get("/leftovers")).raise_for_status().json()
        return found


@contextlib.asynccontextmanager
async def outscale(*flags: str) -> AsyncIterator[OutscaleProcess]:
    """Serve a simulated Outscale with these flags while the block runs, as `rack` does."""
    async with served("--cloud", "outscale", *flags) as process:
        *exports, last = await told(process, 6 if "--tls" in flags else 5)
        words = [shlex.split(line)[1].split("=", 1) for line in exports]
        yield OutscaleProcess(dict(words), **json.loads(last), process=process)
