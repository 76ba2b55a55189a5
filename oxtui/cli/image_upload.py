"""`oxtui image upload`: a file becomes an image."""

from __future__ import annotations

import asyncio
import sys
from argparse import Namespace

from oxtui.build.environment import open_environment
from oxtui.build.upload import UploadSession
from oxtui.cli.confirm import allow_change
from oxtui.cli.errors import CANCELLED
from oxtui.cli.interrupts import interrupts
from oxtui.cli.on_rack import OnRack, narrate
from oxtui.cli.progress import ProgressLine
from oxtui.cli.show import show_one
from oxtui.oxide.image_file import ImageFile, inspect
from oxtui.oxide.limits import gibibytes
from oxtui.oxide.upload import Uploaded, UploadRequest


async def upload_image(arguments: Namespace, rack: OnRack) -> int:
    """Check the file, upload it, and print the image; a cancellation leaves nothing behind."""
    progress = ProgressLine(sys.stderr, live=sys.stderr.isatty())
    try:
        file = await inspect(arguments.file, block_size=arguments.block_size, counted=progress.read)
    finally:
        progress.close()
    _tell_of(file)
    request = UploadRequest(
        file=file,
        project=arguments.project,
        name=arguments.name,
        description=(
            f"Uploaded by oxtui from {file.path.name}"
            if arguments.description is None
            else arguments.description
        ),
        os=arguments.os,
        version=arguments.os_version,
    )
    await allow_change(arguments, rack, f"upload {request.name} into {request.project}")
    async with open_environment(
        rack.settings, rack.environ, connected=rack.client.connection, simulated=rack.simulated
    ) as environment:
        session = UploadSession(
            environment, rack.client, request,
            promote=arguments.promote, parallelism=arguments.parallelism,
        )  # fmt: skip
        uploaded = await _run(session, progress)
    if uploaded is None:
        return CANCELLED
    for left in uploaded.leftovers:
        narrate(f"warning: {left.noun} {left.name} stays ({left.reason}). Remove: {left.command}")
    image = uploaded.image
    where = "silo" if image.is_silo_image else f"project {request.project}"
    facts = (
        ("name", image.name),
        ("id", image.id),
        ("where", where),
        ("size", gibibytes(image.size)),
    )
    show_one(image, facts, as_json=arguments.json)
    return 0


def _tell_of(file: ImageFile) -> None:
    packed = f"packed with {file.compression}, " if file.compression else ""
    narrate(
        f"{file.path}: {packed}{file.size:,} bytes in blocks of {file.block_size};"
        f" the image has {gibibytes(file.disk_size)}"
    )
    for warning in file.warnings:
        narrate(f"warning: {warning}")


async def _run(session: UploadSession, progress: ProgressLine) -> Uploaded | None:
    """What came of it; None where the operator cancelled."""
    session.subscribe(progress)
    running = asyncio.ensure_future(session.run())

    def farewell() -> str:
        return f"`oxtui sweep --session {session.number}` lists and removes what this session leaves behind."

    try:
        with interrupts(lambda signal: running.cancel(), farewell, CANCELLED):
            return await running
    except asyncio.CancelledError:
        if not running.cancelled():
            raise
        narrate(
            f"Cancelled. `oxtui sweep --session {session.number}` removes what is still there."
            if session.leftovers
            else "Cancelled; nothing is left on the rack."
        )
        return None
    finally:
        progress.close()
