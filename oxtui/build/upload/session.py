"""The session of one upload: its lock, its events, and its entries in the journal."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from oxtui.build.environment import Environment
from oxtui.build.folding import fold
from oxtui.build.masking import masked
from oxtui.build.shield import shielded
from oxtui.build.state import SessionState
from oxtui.build.upload.recorder import JournalRecorder
from oxtui.build.upload.steps import PROMOTE, StepTeller, plan
from oxtui.builders.oxide.locator import locate
from oxtui.component.events import (
    ArtifactMade,
    BuildFinished,
    BuildPlanned,
    BuildStatus,
    Event,
    SessionFinished,
    SessionStarted,
)
from oxtui.oxide.client import OxideClient
from oxtui.oxide.errors import OxideError
from oxtui.oxide.models.image import Image
from oxtui.oxide.upload import PARALLELISM, Uploaded, UploadError, UploadRequest, upload


@dataclass(slots=True)
class UploadSession:
    """One upload. Readers subscribe; `run` returns when it has ended and cleaned up.

    Attributes:
        environment: journal, folders of sessions and clock.
        client: the rack, connected.
        request: what is uploaded.
        promote: the image is moved to the silo when it is there.
        parallelism: chunks under way at once.
        state: what was told so far; its one build bears the image's name.
        number: in the journal; 0 until it begins.
    """

    environment: Environment
    client: OxideClient
    request: UploadRequest
    promote: bool = False
    parallelism: int = PARALLELISM
    state: SessionState = field(default_factory=SessionState)
    number: int = 0
    _subscribers: list[Callable[[Event], None]] = field(default_factory=list)

    def subscribe(self, callback: Callable[[Event], None]) -> Callable[[], None]:
        """Calls back for each event, on the event loop; the result ends that."""
        self._subscribers.append(callback)
        return lambda: self._subscribers.remove(callback)

    async def run(self) -> Uploaded:
        """Upload; a cancellation removes what was made first.

        Raises:
            JournalError: the journal cannot be written.
            OxideError: it failed; what was made is removed, or told to be left.
        """
        environment, connection = self.environment, self.client.connection
        me = await self.client.session.me()
        project = await self.client.projects.view(self.request.project)
        title = f"upload {self.request.file.path.name}"
        self.number = await environment.journal.begin_session(
            title, host=connection.host, silo=me.silo_name, simulated=environment.simulated
        )
        begun = environment.now()
        with environment.folders.claim(self.number):
            self._emit(
                SessionStarted(
                    time=begun, session=str(self.number), template=title, host=connection.host,
                    silo=me.silo_name, simulated=environment.simulated,
                )
            )  # fmt: skip
            self._emit(BuildPlanned(time=begun, build=self._name, steps=plan(promote=self.promote)))

            def place(kind: str) -> Mapping[str, str]:
                request, where = self.request, (connection, me.silo_id, me.id)
                if kind != "oxide.image":
                    return locate(*where, project=project.id, size=request.file.disk_size)
                # Its name is the operator's choice, so the other fields tell it from another one.
                return locate(
                    *where, project=project.id, description=request.description,
                    os=request.os, version=request.version,
                )  # fmt: skip

            try:
                uploaded = await self._upload(place)
            except asyncio.CancelledError:
                await shielded(self._end("cancelled", begun, ""))
                raise
            except Exception as error:
                await shielded(self._end("failed", begun, str(error)))
                raise
            await shielded(self._end("succeeded", begun, ""))
            return uploaded

    @property
    def leftovers(self) -> int:
        """How many things could not be removed."""
        build = self.state.builds.get(self._name)
        things = build.resources.values() if build is not None else ()
        return sum(each.phase == "left" for each in things)

    @property
    def _name(self) -> str:
        return self.request.name

    async def _upload(self, place: Callable[[str], Mapping[str, str]]) -> Uploaded:
        environment = self.environment
        recorder = JournalRecorder(
            environment.journal, self.number, self._name, place, self._emit, environment.now
        )
        steps = StepTeller(self._name, self._emit, self._tell, environment.now)
        try:
            uploaded = await upload(
                self.client, self.request, recorder=recorder, progress=steps,
                parallelism=self.parallelism,
            )  # fmt: skip
            steps.end()
            self._made(uploaded.image)
            if self.promote:
                steps.begin(PROMOTE)
                promoted = await self._promoted(uploaded.image)
                steps.end()
                uploaded = Uploaded(promoted, uploaded.leftovers)
        except BaseException as error:
            steps.end(error)
            raise
        return uploaded

    def _made(self, image: Image) -> None:
        now = self.environment.now()
        self._emit(
            ArtifactMade(
                time=now, build=self._name, builder_id="oxtui.upload", id=image.id, name=image.name
            )
        )

    async def _promoted(self, image: Image) -> Image:
        try:
            return await self.client.images.promote(image.id)
        except OxideError as error:
            raise UploadError(
                f'The image "{image.name}" is in the project "{self.request.project}" but could'
                f" not be promoted. {error}"
            ) from error

    async def _end(self, status: BuildStatus, begun: float, error: str) -> None:
        now = self.environment.now()
        seconds = now - begun
        self._emit(
            BuildFinished(time=now, build=self._name, status=status, seconds=seconds, error=error)
        )
        self._emit(
            SessionFinished(time=now, status=status, seconds=seconds, leftovers=self.leftovers)
        )
        await self.environment.journal.flush()

    def _emit(self, event: Event) -> None:
        """Keep an event, and tell it."""
        self.environment.journal.append(self.number, event)
        self._tell(event)

    def _tell(self, event: Event) -> None:
        """Tell an event to those who look now."""
        event = masked(event, self.environment.redactor.text)
        self.state = fold(self.state, event)
        for callback in list(self._subscribers):
            callback(event)
