"""Connections to a service that are open as long as the `async with` of their owner, and what broke one."""

from __future__ import annotations

import errno
from abc import ABC, abstractmethod
from collections.abc import Iterator
from types import TracebackType
from typing import Self

import httpx


class Connections(ABC):
    """Base of what makes requests over HTTP."""

    _opened: httpx.AsyncClient | None = None

    @abstractmethod
    async def _open(self) -> httpx.AsyncClient:
        """The client that is used until the end of the `async with`."""

    @property
    def _http(self) -> httpx.AsyncClient:
        if self._opened is None:
            raise RuntimeError("the client is used outside of its `async with`")
        return self._opened

    async def __aenter__(self) -> Self:
        self._opened = await self._open()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        opened, self._opened = self._opened, None
        if opened is not None:
            await opened.aclose()


class OverChannel:
    """Base of a client whose requests a channel makes, open as long as the client's own `async with`."""

    _channel: Connections

    async def __aenter__(self) -> Self:
        await self._channel.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._channel.__aexit__(kind, error, trace)


def was_sent(error: httpx.RequestError) -> bool:
    """Whether the service may have seen the request, and acted."""
    before = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
    return not isinstance(error, before)


def was_refused(error: BaseException) -> bool:
    """Whether the machine was reached, and nothing listens at that port of it."""
    found = (cause for cause in causes(error) if isinstance(cause, OSError))
    return any(cause.errno == errno.ECONNREFUSED for cause in found)


def causes(error: BaseException) -> Iterator[BaseException]:
    """The error and all that led to it, the groups of parallel connection tries included."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        current = waiting.pop(0)
        if current is None or id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        if isinstance(current, BaseExceptionGroup):
            waiting.extend(current.exceptions)
        waiting += [current.__cause__, current.__context__]
