"""Upload of a file as an image: through a temporary disk and a snapshot of it.

The steps are those of the web console and of `oxide disk import`: make a disk that takes bulk
writes, write all chunks that are not zeros, finalize it with a snapshot, make the image from that,
and remove the disk and the snapshot.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass
from enum import Enum

from oxtui.oxide import limits
from oxtui.oxide.client import OxideClient
from oxtui.oxide.errors import NotFound, OxideError
from oxtui.oxide.image_file import ImageFile
from oxtui.oxide.models.disk import DiskCreate, DiskStateName, DistributedBackend, ImportedBlocks
from oxtui.oxide.models.image import Image, ImageCreate, ImageFromSnapshot
from oxtui.oxide.models.snapshot import Snapshot, SnapshotState
from oxtui.oxide.recorder import Recorder, Unrecorded
from oxtui.oxide.temporary import Leftover, Temporaries
from oxtui.oxide.timing import Kind

PARALLELISM = 6
"""Chunks under way at once, as the web console has; fewer for a slow link."""


class UploadError(OxideError):
    """The upload cannot begin, or it failed and left something behind."""


class Step(Enum):
    """The steps of an upload, as an operator sees them."""

    CHECK = "check that the name is free"
    DISK = "create a temporary disk"
    WRITE = "write the blocks"
    FINALIZE = "finalize the disk with a snapshot"
    IMAGE = "create the image"
    CLEAN_UP = "delete the disk and the snapshot"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is: bytes while blocks are written, else 0 of 1 when a step begins.

    `error` says why the clean-up begins, where the step before it broke off.
    """

    step: Step
    done: int = 0
    total: int = 1
    error: BaseException | None = None


@dataclass(frozen=True, slots=True)
class UploadRequest:
    """What is to be uploaded, and the image's fields, which are fixed for its life."""

    file: ImageFile
    project: str
    name: str
    description: str = ""
    os: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True)
class Uploaded:
    """The image, and what could not be removed; that is a warning, for the image is there."""

    image: Image
    leftovers: tuple[Leftover, ...]


async def upload(
    client: OxideClient,
    request: UploadRequest,
    *,
    recorder: Recorder | None = None,
    progress: Callable[[Progress], None] = lambda _: None,
    parallelism: int = PARALLELISM,
) -> Uploaded:
    """Upload a file. Whatever ends it, its disk and snapshot are removed; a cancellation waits.

    Args:
        client: The rack.
        request: What to upload; the file comes from `image_file.inspect`.
        recorder: Told of each thing before and after it is made.
        progress: Told how far it is.
        parallelism: Chunks under way at once, at least 1.

    Raises:
        UploadError: The name is taken, a field is too long, or something was left behind.
        ImageFileError: The file changed or cannot be read.
        OxideError: The rack refused or cannot be reached.
    """
    progress(Progress(Step.CHECK))
    await _check(client, request)
    things = Temporaries(client, request.project, recorder or Unrecorded())
    try:
        image = await _make(client, request, things, progress, parallelism)
    except BaseException as error:
        progress(Progress(Step.CLEAN_UP, error=error))
        left = await things.remove()
        if left and isinstance(error, OxideError):
            raise UploadError(f"{error} {_told(left)}") from error
        raise
    progress(Progress(Step.CLEAN_UP))
    return Uploaded(image, await things.remove())


async def _check(client: OxideClient, request: UploadRequest) -> None:
    problem = (
        limits.check_name(request.name)
        or limits.check_description(request.description)
        or limits.check_image_text("os", request.os)
        or limits.check_image_text("version", request.version)
    )
    if problem is not None:
        raise UploadError(problem)
    try:
        await client.images.view(request.name, request.project)
    except NotFound:
        return
    raise UploadError(
        f'The project "{request.project}" already has an image "{request.name}". Choose another'
        " name, or delete that one first."
    )


async def _make(
    client: OxideClient,
    request: UploadRequest,
    things: Temporaries,
    progress: Callable[[Progress], None],
    parallelism: int,
) -> Image:
    file, project = request.file, request.project
    # Names of their own: a lost answer is settled by looking the name up.
    name = f"{request.name[:40]}-upload-{secrets.token_hex(4)}"
    description = f"Temporary, for the upload of image {request.name}."
    progress(Progress(Step.DISK))
    disk_body = DiskCreate(
        name=name,
        description=description,
        size=file.disk_size,
        disk_backend=DistributedBackend(disk_source=ImportedBlocks(block_size=file.block_size)),
    )
    disk = await things.make("disk", name, lambda: client.disks.create(disk_body, project))
    await client.disks.bulk_write_start(disk.id)
    await _write(client, file, disk.id, progress, parallelism)
    await client.disks.bulk_write_stop(disk.id)
    progress(Progress(Step.FINALIZE))
    snapshot = await things.make(
        "snapshot", name, lambda: _finalize(client, disk.id, name, project)
    )
    progress(Progress(Step.IMAGE))
    image_body = ImageCreate(
        name=request.name,
        description=request.description,
        os=request.os,
        version=request.version,
        source=ImageFromSnapshot(id=snapshot.id),
    )
    image = await things.make(
        "image", request.name, lambda: client.images.create(image_body, project)
    )
    await things.keep(image)
    return image


async def _write(
    client: OxideClient,
    file: ImageFile,
    disk_id: str,
    progress: Callable[[Progress], None],
    parallelism: int,
) -> None:
    """Write all chunks; the first failure that repetition does not mend ends it."""
    waiting: asyncio.Queue[tuple[int, bytes] | None] = asyncio.Queue(maxsize=parallelism)
    done = 0
    progress(Progress(Step.WRITE, done, file.size))

    async def worker() -> None:
        nonlocal done
        while (chunk := await waiting.get()) is not None:
            offset, data = chunk
            await client.disks.bulk_write(disk_id, offset, data)
            done = max(done, offset + len(data))
            progress(Progress(Step.WRITE, done, file.size))

    try:
        async with asyncio.TaskGroup() as workers, aclosing(file.chunks()) as chunks:
            for _ in range(parallelism):
                workers.create_task(worker())
            async for chunk in chunks:
                await waiting.put(chunk)
            for _ in range(parallelism):
                await waiting.put(None)
    except BaseExceptionGroup as group:
        raise group.exceptions[0] from None
    progress(Progress(Step.WRITE, file.size, file.size))


async def _finalize(
    client: OxideClient, disk_id: str, snapshot_name: str, project: str
) -> Snapshot:
    """Finalize with a snapshot, which the answer does not tell of, and wait until it is ready."""
    await client.disks.finalize(disk_id, snapshot_name)
    waited = 0.0
    for pause in client.timing.growing():
        # The disk first: when it is done and the snapshot is not there, it will never be.
        finalizing = (await client.disks.view(disk_id)).state.state == DiskStateName.FINALIZING
        try:
            snapshot = await client.snapshots.view(snapshot_name, project)
        except NotFound:
            if not finalizing:
                break
        else:
            if snapshot.state != SnapshotState.CREATING:
                return snapshot
        if waited > client.timing.answer[Kind.CAPTURE]:
            break
        await client.timing.sleep(pause)
        waited += pause
    raise UploadError(f"The rack finalized the disk but made no ready snapshot in {waited:g} s.")


def _told(leftovers: tuple[Leftover, ...]) -> str:
    things = "; ".join(
        f'{left.noun} "{left.name}" ({left.reason}), remove it with `{left.command}`'
        for left in leftovers
    )
    return f"This stays on the rack: {things}."
