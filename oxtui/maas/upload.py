"""Upload of a file as an image of MAAS: created, sent, waited for; or taken back."""

from __future__ import annotations

from collections.abc import Callable

from oxtui.maas.client import MaasClient
from oxtui.maas.errors import (
    NotSpread,
    OutcomeUnknown,
    Refused,
    Unreachable,
    UnreadableReply,
)
from oxtui.maas.models import BootResource, BootSet
from oxtui.maas.names import bare_name
from oxtui.maas.request import Progress, Stage, Uploaded, UploadRequest
from oxtui.maas.sending import CHUNK, Sender, may_have_acted, may_pass


class Upload:
    """One upload. Who runs it calls `undo` where `run` does not come to its end.

    Args:
        client: of the MAAS.
        request: the file.
        progress: told how far it is.
        chunk: bytes of one request.
    """

    def __init__(
        self,
        client: MaasClient,
        request: UploadRequest,
        progress: Callable[[Progress], None] = lambda _: None,
        chunk: int = CHUNK,
    ) -> None:
        self.client = client
        self.request = request
        self.before: BootResource | None = None
        """The image as it was before, where there was one."""
        self._progress = progress
        self._chunk = chunk
        self._asked = self._answered = self._done = False
        self._made_at: tuple[BootResource, BootSet] | None = None

    async def run(self) -> Uploaded:
        """All of it; the image is complete on all controllers of MAAS then.

        Raises:
            FileRefused: the file changed or cannot be read.
            MaasError: MAAS refused or cannot be reached.
        """
        if (there := await self.look()) is not None:
            return there
        await self.create()
        return await self.finish()

    async def look(self) -> Uploaded | None:
        """What MAAS has already, if that is the file; nothing is changed.

        Raises:
            MaasError: MAAS cannot be reached.
        """
        request = self.request
        self._progress(Progress(Stage.LOOK))
        self.before = await self.client.find(request.name, request.architecture)
        newest = self.before.newest if self.before else None
        if self.before and newest and newest.complete and self._is_same(self.before, newest):
            return Uploaded(self.before, newest.version, sent=False)
        return None

    async def create(self) -> BootResource:
        """The image with a new version, of which MAAS has no byte yet.

        Raises:
            MaasError: MAAS refused or cannot be reached.
        """
        self._progress(Progress(Stage.CREATE))
        self._asked = True
        self._made_at = made, version = await self._created()
        if not self.request.is_of(version.file):
            raise UnreadableReply(
                f"MAAS created {self.request.name}, but its newest version {version.version} has another "
                "file than was asked for: somebody else uploads it, too. Try again when they are done."
            )
        return made

    async def finish(self) -> Uploaded:
        """Sends the file into what was created, and waits.

        Raises:
            FileRefused: the file changed or cannot be read.
            MaasError: MAAS refused or cannot be reached.
        """
        if self._made_at is None or (file := self._made_at[1].file) is None:
            raise RuntimeError("nothing was created")
        made, version = self._made_at
        sent = not file.complete
        if sent:
            await Sender(self.client, self.request, made.id, self._progress, self._chunk).send(file)
            made = await self._spread(made.id, version.version)
        self._done = True
        return Uploaded(made, version.version, sent)

    def _is_same(self, there: BootResource, newest: BootSet) -> bool:
        request = self.request
        return (
            request.is_of(newest.file)
            and request.title in ("", there.title)
            and request.base_image in ("", there.base_image)
        )

    async def _created(self) -> tuple[BootResource, BootSet]:
        fields, timing = self.request.fields(), self.client.timing
        for pause in (*timing.pauses[:2], None):
            try:
                made = await self.client.create(fields)
            except (Unreachable, Refused) as error:
                if not may_pass(error):
                    self._asked = False
                    raise
                found = await self._made() if may_have_acted(error) else None
                if found is None:
                    if pause is None:
                        raise
                    await timing.sleep(pause)
                    continue
                made = found
            self._answered = True
            if (newest := made.newest) is None:
                raise UnreadableReply(f"MAAS created {self.request.name} without a version.")
            return made, newest
        raise AssertionError("unreachable")

    async def _made(self) -> BootResource | None:
        """What this upload created: a version that was not there before; it may appear late if nobody answered."""
        known = set(self.before.sets) if self.before else set()
        for pause in self.client.timing.pauses:
            found = await self.client.find(self.request.name, self.request.architecture)
            newest = found.newest if found else None
            if newest and newest.version not in known and self.request.is_of(newest.file):
                return found
            if self._answered:
                break  # nothing will appear any more
            await self.client.timing.sleep(pause)
        return None

    async def _spread(self, number: int, version: str) -> BootResource:
        timing, waited = self.client.timing, 0.0
        for pause in timing.growing():
            try:
                resource = await self.client.show(number)
            except Unreachable:
                if waited >= timing.spread:
                    raise
            else:
                there = resource.sets.get(version)
                if there is None:
                    raise OutcomeUnknown(
                        f"Version {version} of {self.request.name} is not on MAAS any more: somebody "
                        "removed it."
                    )
                if there.complete:
                    return resource
                self._progress(Progress(Stage.SPREAD, min(there.progress or 0.0, 100.0), 100.0))
            if waited >= timing.spread:
                break
            await timing.sleep(pause)
            waited += pause
        self._done = True  # as far as this end can do anything
        raise NotSpread(
            f"MAAS has all bytes of {self.request.name}, version {version}, but not all of its controllers "
            f"do after {waited:g} s. It goes on by itself; see the image in MAAS, and the region's log."
        )

    async def undo(self) -> str:
        """Removes what an upload that broke off made, if it is this one's alone; what stays, as a sentence.

        Only a whole image can be removed, with all of its versions. So one that was there before stays,
        and so does one of which MAAS has all bytes and goes on by itself.

        Raises:
            MaasError: MAAS cannot be reached or refuses.
        """
        if not self._asked or self._done:
            return ""
        found = await self._made()
        if found is None or (newest := found.newest) is None:
            return ""
        if self.before is None and len(found.sets) == 1:
            await self.client.delete(found.id)
            return ""
        return self.left(found, newest)

    def left(self, found: BootResource, newest: BootSet) -> str:
        """What is told of an incomplete version that stays."""
        gone = (
            ""
            if self.request.keep_old
            else " MAAS removed the files of the older versions at once."
        )
        return (
            f"Version {newest.version} of {bare_name(found.name)} ({found.architecture}) stays on MAAS, "
            f"incomplete: an image can only be removed whole.{gone} Upload it again, or remove all of it "
            f"with `maas PROFILE boot-resource delete {found.id}`."
        )
