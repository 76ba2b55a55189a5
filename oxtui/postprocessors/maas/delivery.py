"""One upload from its begin to its end, taken back where it breaks off: for builds and the command line."""

from __future__ import annotations

from collections.abc import Callable

from oxtui.component.concurrency import bounded
from oxtui.component.recorder import Recorder
from oxtui.maas.client import MaasClient
from oxtui.maas.errors import MaasError
from oxtui.maas.names import bare_name
from oxtui.maas.request import Progress, Uploaded, UploadRequest
from oxtui.maas.upload import Upload
from oxtui.postprocessors.maas.resource import KIND, locator

UNDO_SECONDS = 60.0
"""For MAAS to remove what was begun, while whoever cancelled waits."""


async def deliver(
    client: MaasClient,
    request: UploadRequest,
    chunk: int,
    progress: Callable[[Progress], None],
    note: Callable[[str], None],
    recorder: Recorder | None = None,
) -> Uploaded:
    """Uploads; whatever ends it early, what it made is removed, or it is noted why that stays.

    A new image is written down by the `recorder` before it is asked for. A new version of an old one is
    not: nothing could remove that alone.

    Raises:
        MaasError: MAAS refused or cannot be reached, or the file cannot be used.
    """
    upload = Upload(client, request, progress, chunk)
    try:
        done = await upload.look() or await _made(upload, recorder)
    except BaseException:
        await bounded(_undo(upload, note), UNDO_SECONDS)
        raise
    there = done.resource
    if not done.sent:
        note(
            f"MAAS has this file already, as version {done.version} of {bare_name(there.name)}: "
            "nothing was sent."
        )
    if request.base_image and there.base_image and request.base_image != there.base_image:
        note(
            f"MAAS keeps {there.base_image} as the base image of {bare_name(there.name)}: it takes "
            "another one only for a new image."
        )
    return done


async def _made(upload: Upload, recorder: Recorder | None) -> Uploaded:
    request, before = upload.request, upload.before
    name, connection = bare_name(request.name), upload.client.connection
    if recorder is None:
        await upload.create()
        return await upload.finish()
    if before is not None:
        # It may be what an attempt in another process began: then it is the result of this one.
        begun = await recorder.existing(KIND, name, connection)
        await upload.create()
        done = await upload.finish()
        if begun is not None and begun.id == str(before.id):
            await recorder.release(begun.number)
        return done
    async with recorder.create(KIND, name, locator(connection, request)) as made:
        made.created(str((await upload.create()).id))
    done = await upload.finish()
    await recorder.release(made.number)
    return done


async def _undo(upload: Upload, note: Callable[[str], None]) -> None:
    try:
        left = await upload.undo()
    except MaasError as error:
        request = upload.request
        left = (
            f"{error} So {bare_name(request.name)} ({request.architecture}) may be on MAAS, incomplete: "
            "look at `oxtui maas images`."
        )
    if left:
        note(left)
