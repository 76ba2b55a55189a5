"""What removes things that sessions left on racks, the demo rack among them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from oxtui.build.journal import Journal
    from oxtui.build.sweep import Sweeper
    from oxtui.oxide.credentials import Connection
    from oxtui.settings import Settings


def sweeper_for(
    settings: Settings,
    environ: Mapping[str, str],
    journal: Journal,
    stack: AsyncExitStack,
    *,
    profile: str = "",
    settle: float | None = None,
) -> Sweeper:
    """A sweeper over the operator's credentials; what it starts ends with `stack`.

    Args:
        settings: of the operator.
        environ: the environment.
        journal: of all sessions.
        stack: takes the demo rack, if it has to be started.
        profile: chosen by the operator, for the rack that it is for.
        settle: seconds after which a creation that got no answer is taken for never made.
    """
    from oxtui.build.disposal import SETTLE_SECONDS
    from oxtui.build.reconnect import Reconnector
    from oxtui.build.session import SessionFolders
    from oxtui.build.sweep import Sweeper

    return Sweeper(
        journal,
        SessionFolders(settings.paths.sessions),
        Reconnector(environ, _Demo(settings, stack).connect, profile),
        settle=SETTLE_SECONDS if settle is None else settle,
        remove_seconds=settings.waits.cleanup,
    )


class _Demo:
    """The demo rack, started when it is first needed and stopped at the end."""

    def __init__(self, settings: Settings, stack: AsyncExitStack) -> None:
        self._settings = settings
        self._stack = stack
        self._starting = asyncio.Lock()
        self._connection: Connection | None = None

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[Connection]:
        from oxtui.demo import demo_rack

        async with self._starting:
            if self._connection is None:
                rack = await self._stack.enter_async_context(demo_rack(self._settings.paths))
                self._connection = rack.connection
        yield self._connection
