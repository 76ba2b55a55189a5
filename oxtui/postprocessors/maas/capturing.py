"""What becomes the image: the guest's root file system, one of its disks, or the disk of the snapshot."""

from __future__ import annotations

import gzip
import shlex
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Final

from oxtui.component.errors import StepError
from oxtui.component.post_processing import PostProcessorSetting
from oxtui.component.protocols import Communicator, StepContext
from oxtui.component.snapshots import Helper
from oxtui.component.threads import Meter, in_thread
from oxtui.maas.errors import FileRefused
from oxtui.maas.file_types import file_type
from oxtui.postprocessors.maas.capture import Captured, capture
from oxtui.postprocessors.maas.capture_script import capture_script
from oxtui.postprocessors.maas.checking import check_capture
from oxtui.postprocessors.maas.device_script import device_script, serial_script
from oxtui.postprocessors.maas.options import MaasOptions

MIB: Final = 1 << 20
_CHECKING: Final = "checking what was captured"


def captured_type(options: MaasOptions) -> str:
    """What a capture is for MAAS."""
    return "tgz" if options.content == "rootfs" else "ddgz"


async def captured_from(
    context: StepContext, setting: PostProcessorSetting, options: MaasOptions, path: Path
) -> Captured:
    """Captures into a new file, and looks at what came.

    Raises:
        StepError: the guest cannot be captured, or what came must not be an image.
        ServiceError: the service that has the snapshot refused.
    """
    if options.content == "disk":
        return await _of_snapshot(context, setting, options, path)
    if setting.guest.communicator is None:
        raise StepError("This build has no guest that could be captured. Name a file with source.")
    key = _key(context, setting) if options.content == "rootfs" else ""
    if options.content == "device":
        what, program = f"the disk {options.device}", device_script(options.device)
    else:
        what = "the root file system"
        program = capture_script(shlex.quote(key), options.exclude, skip_checks=options.skip_checks)
    context.say(f"Capturing {what} of the guest")
    context.progress("capturing")
    made = await _captured(context, setting.guest.reach(), program, path, f"{what} of the guest")
    if options.content == "device":
        await _check_disk(context, made)
    else:
        await check_capture(made.path, key, counted(context, _CHECKING))
    return made


async def _captured(
    context: StepContext,
    communicator: Communicator,
    program: str,
    path: Path,
    what: str,
    size: int = 0,
) -> Captured:
    """`size`: bytes of the disk that is read; 0 if that is not known."""

    def read(done: int) -> None:
        text = f"reading {what}"
        if size:
            context.progress(text, float(min(done, size)), float(size))
        else:
            context.progress(f"{text}: {done / MIB:,.0f} MiB")

    made = await capture(
        communicator, program, path, what=what, output=context.output,
        warn=lambda text: context.note(text, "warning"),
        progress=(lambda done: None) if size else _growing(context), read=read,
    )  # fmt: skip
    context.say(f"Captured {made.size:,} bytes, SHA-256 {made.sha256}")
    return made


async def _of_snapshot(
    context: StepContext, setting: PostProcessorSetting, options: MaasOptions, path: Path
) -> Captured:
    if setting.snapshot is None:
        raise StepError("This build has no snapshot that could be captured.")
    helper = Helper(options.helper_image, options.helper_username, options.helper_cpus)
    what = "the disk of the snapshot"
    context.say(f"Capturing {what} on a helper instance")
    async with setting.snapshot.opened(helper, context) as disk:
        context.progress(f"reading {what}")
        program = serial_script(disk.serial, disk.size)
        made = await _captured(context, disk.communicator, program, path, what, disk.size)
    try:
        await _check_disk(context, made, disk.size)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return made


def counted(context: StepContext, text: str) -> Callable[[int, int], None]:
    """Tells how many bytes are done, of how many."""
    return lambda done, total: context.progress(text, float(done), float(max(total, 1)))


def _growing(context: StepContext) -> Callable[[int], None]:
    """Tells now and then how much there is: blocks come by the thousand."""
    told = 0

    def grown(size: int) -> None:
        nonlocal told
        if size - told >= MIB:
            told = size
            context.progress(f"captured {size / MIB:,.0f} MiB")

    return grown


def _key(context: StepContext, setting: PostProcessorSetting) -> str:
    """The part of the build's public key that no comment or option changes; empty if it is not known."""
    words = str(setting.values.get("SSHPublicKey") or "").split()
    found = next((word for word in words if word.startswith("AAAA")), "")
    if not found:
        context.note(
            "The key with which the build logs in is not known, so it stays in the image if it is in an "
            "authorized_keys of the guest.",
            "warning",
        )
    return found


async def _check_disk(context: StepContext, made: Captured, size: int = 0) -> None:
    """`size`: bytes that the disk must have; 0 if that is not known."""

    def unpacked(done: int) -> None:
        context.progress(_CHECKING, float(done), float(size) if size else None)

    try:
        whole = await in_thread(lambda meter: _unpacked(made.path, meter), unpacked)
    except (EOFError, zlib.error, OSError) as error:
        raise StepError(f"What was captured is damaged: {error}. Retry.") from error
    context.say(f"The disk has {whole:,} bytes")
    if size and whole != size:
        raise StepError(
            f"What was captured has {whole:,} bytes, and the disk {size:,}: it is not whole. Retry."
        )
    try:
        await file_type(made.path)
    except FileRefused:
        context.note("The disk has no partition table, so no machine may boot from it.", "warning")


def _unpacked(path: Path, meter: Meter) -> int:
    with gzip.open(path) as file:
        while data := file.read(MIB):
            meter.add(len(data))
    return meter.done
