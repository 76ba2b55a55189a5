"""A client of a test: its token, quick timeouts, pauses that take no time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from oxtui.oxide.calls import ApiCall
from oxtui.oxide.client import OxideClient
from oxtui.oxide.credentials import Connection
from oxtui.oxide.timing import Kind, Timing
from oxtui.oxide.token import Token

SECRET = "oxide-token-0123456789abcdef0123456789abcdef01234567"


@dataclass
class Naps:
    """Stands in for `asyncio.sleep`: remembers how long, and returns at once."""

    seconds: list[float] = field(default_factory=list)

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


def connection(host: str, *, insecure: bool = False, cacert: Path | None = None) -> Connection:
    source = {"host": "OXIDE_HOST", "token": "OXIDE_TOKEN"}
    return Connection(host, Token(SECRET), insecure=insecure, cacert=cacert, source=source)


def client(
    host: str,
    *,
    naps: Naps | None = None,
    patience: float = 30.0,
    on_call: Callable[[ApiCall], None] | None = None,
) -> OxideClient:
    """A client that waits `patience` seconds for an answer and sleeps not at all."""
    timing = Timing(connect=5, answer=dict.fromkeys(Kind, patience), sleep=naps or Naps())
    return OxideClient(connection(host), on_call=on_call, timing=timing)
