"""A simulated Outscale, and sessions on it that wait no longer than needed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from oxtui.build.environment import open_environment
from oxtui.builders.outscale import waiting
from oxtui.outscale import channel
from oxtui.outscale import client as client_module
from oxtui.outscale.client import OutscaleClient
from oxtui.outscale.connection import ConnectionOptions
from oxtui.outscale.credentials import resolve
from oxtui.outscale.limiter import Limiter
from oxtui.outscale.timing import Timing
from oxtui.settings import load
from tests.outscale_process import OutscaleProcess, outscale
from tests.sessions import Sessions

IMAGE = "Ubuntu-24.04-2026.10.05-0"


def template(*inner: str, source: str = "", kind: str = "outscale-bsu", name: str = "made") -> str:
    """A template with one source on the seeded image, and these parts of its build; `name` is the new image's."""
    called = f'omi_name     = "{name}"' if name else ""
    return f"""
source "{kind}" "t" {{
  vm_type      = "tinav6.c1r1p2"
  ssh_username = "outscale"
  {called}
  source_omi_filter {{
    filters = {{ "image-name" = "{IMAGE}" }}
    owners  = ["Outscale"]
  }}
  {source}
}}
build {{
  sources = ["source.{kind}.t"]
  {chr(10).join(inner)}
}}
"""


@dataclass
class OutscaleBench(Sessions):
    """A simulated Outscale, and sessions on it."""

    process: OutscaleProcess
    client: OutscaleClient

    async def left(self) -> list[str]:
        """Kinds of what the account has, by the beginnings of their ids."""
        return sorted(each.partition("-")[0] for each in await self.process.leftovers())


async def short(seconds: float) -> None:
    """A pause of a client that a test need not wait for as long as an operator would."""
    await asyncio.sleep(seconds / 10)


@asynccontextmanager
async def bench(
    folder: Path, monkeypatch: pytest.MonkeyPatch, *flags: str, waits: str = ""
) -> AsyncIterator[OutscaleBench]:
    """A simulated Outscale of one's own with an environment for sessions; nobody counts requests."""
    monkeypatch.setattr(channel, "shared", lambda endpoint, key: Limiter(rate=1000))
    monkeypatch.setattr(waiting, "FIRST_POLL", 0.05)
    monkeypatch.setattr(
        client_module, "Timing", lambda: Timing(answer=2, jitter=lambda: 0.0, sleep=short)
    )
    async with outscale(*flags) as process:
        environ = {
            **process.variables,
            "OXTUI_SESSIONS_DIR": str(folder / "sessions"),
            "HOME": str(folder),
            **(
                {"OXTUI_WAITS_CAPTURE": waits, "OXTUI_WAITS_INSTANCE_STATE": waits} if waits else {}
            ),
        }
        connection = resolve(ConnectionOptions(), environ)
        async with (
            open_environment(
                load(environ), environ, ssh_port=process.ssh_port, simulated=True
            ) as environment,
            OutscaleClient(connection, limiter=Limiter(rate=1000)) as client,
        ):
            yield OutscaleBench(environment, process, client)
