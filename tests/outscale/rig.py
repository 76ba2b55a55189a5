"""A client of a test: its keys, clocks that the test moves, answers that the test gives."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from oxtui.outscale.calls import ApiCall
from oxtui.outscale.client import OutscaleClient
from oxtui.outscale.connection import Connection
from oxtui.outscale.limiter import Limiter
from oxtui.outscale.secret import Secret
from oxtui.outscale.timing import Timing

ACCESS_KEY = "AKEXAMPLE0000000TEST"
SECRET_KEY = "SKEXAMPLE000000000000000000000000000TEST"
ENDPOINT = "https://api.eu-west-2.outscale.com/api/v1"
START = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@dataclass
class Clock:
    """Stands in for all clocks; sleeping moves it and takes no time."""

    seconds: float = 0.0
    slept: list[float] = field(default_factory=list)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds

    def monotonic(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        return START + timedelta(seconds=self.seconds)

    def timing(self) -> Timing:
        return Timing(
            sleep=self.sleep, clock=self.monotonic, now=self.now, jitter=lambda: 0.0, answer=30
        )


def reply(status: int = 200, **body: Any) -> httpx.Response:
    """An answer of the API."""
    return httpx.Response(status, json={"ResponseContext": {"RequestId": "req-1"}, **body})


def refused(status: int, code: str, type_: str = "Some", details: str = "") -> httpx.Response:
    """An error of the API."""
    return reply(status, Errors=[{"Code": code, "Type": type_, "Details": details}])


Answer = httpx.Response | Exception


@dataclass
class Api:
    """Answers the calls in turn, the last answer again and again; keeps the requests and their times."""

    answers: Sequence[Answer] = ()
    clock: Clock = field(default_factory=Clock)
    requests: list[httpx.Request] = field(default_factory=list)
    times: list[float] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        self.times.append(self.clock.seconds)
        answer = self.answers[min(len(self.requests), len(self.answers)) - 1]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def body(self, number: int = -1) -> Any:
        return json.loads(self.requests[number].content)

    def client(
        self,
        *,
        endpoint: str = ENDPOINT,
        on_call: Callable[[ApiCall], None] | None = None,
        limiter: Limiter | None = None,
    ) -> OutscaleClient:
        return OutscaleClient(
            connection(endpoint),
            on_call=on_call,
            transport=httpx.MockTransport(self),
            timing=self.clock.timing(),
            limiter=limiter or Limiter(),
        )


def connection(endpoint: str = ENDPOINT) -> Connection:
    source = {"access_key": "OSC_ACCESS_KEY", "endpoint": "region"}
    return Connection(endpoint, "eu-west-2", ACCESS_KEY, Secret(SECRET_KEY), source=source)
