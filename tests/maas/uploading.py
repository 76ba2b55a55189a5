"""Uploads of tests: a client that sleeps not at all, and a file."""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path
from typing import Any

from oxtui.maas.api_key import ApiKey
from oxtui.maas.client import MaasClient
from oxtui.maas.connection import Connection
from oxtui.maas.request import UploadRequest
from oxtui.maas.timing import Timing
from tests.maas.double import Maas
from tests.maas.server import KEY

CHUNK = 1000


def client(there: Maas, *, spread: float = 1000.0, key: str = KEY) -> MaasClient:
    async def nap(seconds: float) -> None:
        await asyncio.sleep(0)

    timing = Timing(connect=5, answer=20, chunk=20, spread=spread, sleep=nap)
    return MaasClient(Connection(there.api, ApiKey.parse(key, "test")), timing=timing)


def request(folder: Path, content: bytes, **more: Any) -> UploadRequest:
    path = folder / "file"
    path.write_bytes(content)
    given = {"name": "custom/web", "architecture": "amd64/generic", "filetype": "tgz", **more}
    digest = hashlib.sha256(content).hexdigest()
    return UploadRequest(file=path, size=len(content), sha256=digest, **given)
