"""The uploads that were started from the screens: they run on whatever screen is in front."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from screens.builds import NotStarted
from screens.connection import Demo, Link
from screens.failures import sentence

if TYPE_CHECKING:
    from oxtui.build.state import BuildState
    from oxtui.build.upload import UploadSession
    from oxtui.oxide.upload import Uploaded, UploadRequest
    from screens.services import Services


@dataclass(slots=True)
class Upload:
    """An upload that was started here, and the task that runs it."""

    session: UploadSession
    task: asyncio.Task[Uploaded]

    @property
    def name(self) -> str:
        """Of the image."""
        return self.session.request.name

    @property
    def is_over(self) -> bool:
        """Whether it ended, one way or the other."""
        return self.task.done()

    @property
    def state(self) -> BuildState:
        """How far it is."""
        return self.session.state.builds[self.name]

    @property
    def error(self) -> str:
        """Why it failed; empty if it did not."""
        if not self.task.done() or self.task.cancelled():
            return ""
        failure = self.task.exception()
        return "" if failure is None else _reason(failure)


class Uploads:
    """Starts uploads and knows them.

    Args:
        services: journal and settings are opened with them.
        changed: called whenever one starts, tells something, or ends.
    """

    def __init__(self, services: Services, changed: Callable[[], None]) -> None:
        self._services = services
        self._changed = changed
        self.all: list[Upload] = []

    @property
    def live(self) -> list[Upload]:
        """Those that are not over."""
        return [upload for upload in self.all if not upload.is_over]

    async def start(
        self,
        request: UploadRequest,
        link: Link,
        *,
        promote: bool,
        ended: Callable[[Upload], None],
    ) -> Upload:
        """Start an upload; it goes on when this returns.

        Args:
            request: what is uploaded.
            link: the rack; the upload has a connection of its own.
            promote: the image is moved to the silo when it is there.
            ended: called when it is over.

        Raises:
            NotStarted: the rack does not answer, or the journal cannot be opened.
        """
        begun: asyncio.Future[UploadSession] = asyncio.get_running_loop().create_future()
        task = asyncio.create_task(self._run(request, link, promote, begun))
        either: set[asyncio.Future[Any]] = {begun, task}
        try:
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            raise
        if not begun.done():
            begun.cancel()
            failure = asyncio.CancelledError() if task.cancelled() else task.exception()
            raise NotStarted(_reason(failure)) if failure else NotStarted("The upload ended early.")
        upload = Upload(begun.result(), task)
        self.all.append(upload)
        upload.session.subscribe(lambda event: self._changed())

        def over(_task: asyncio.Task[Uploaded]) -> None:
            self._changed()
            ended(upload)

        task.add_done_callback(over)
        self._changed()
        return upload

    async def close(self) -> None:
        """Cancel what runs and wait for its cleanup."""
        live = self.live
        for upload in live:
            upload.task.cancel()
        await asyncio.gather(*(upload.task for upload in live), return_exceptions=True)

    async def _run(
        self,
        request: UploadRequest,
        link: Link,
        promote: bool,
        begun: asyncio.Future[UploadSession],
    ) -> Uploaded:
        from oxtui.build.environment import open_environment
        from oxtui.build.upload import UploadSession
        from oxtui.component.events import BuildPlanned, Event
        from oxtui.oxide.client import OxideClient

        services = self._services
        async with (
            OxideClient(link.connection) as client,
            open_environment(
                services.settings, services.environment, connected=link.connection,
                simulated=isinstance(link.target, Demo),
            ) as environment,
        ):  # fmt: skip
            session = UploadSession(environment, client, request, promote=promote)

            def heard(event: Event) -> None:
                if isinstance(event, BuildPlanned) and not begun.done():
                    begun.set_result(session)

            session.subscribe(heard)
            return await session.run()


def _reason(failure: BaseException) -> str:
    from oxtui.build.journal import JournalError

    return str(failure) if isinstance(failure, JournalError) else sentence(failure)
