"""What of the guest becomes the image: its root file system, or one of its disks."""

from __future__ import annotations

import gzip
import shlex
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Final

from oxtui.component.errors import StepError
from oxtui.component.post_processing import PostProcessorSetting
from oxtui.component.protocols import StepContext
from oxtui.component.threads import Meter, in_thread
from oxtui.maas.errors import FileRefused
from oxtui.maas.file_types import file_type
from oxtui.postprocessors.maas.capture import Captured, capture
from oxtui.postprocessors.maas.capture_script import capture_script
from oxtui.postprocessors.maas.checking import check_capture
from oxtui.postprocessors.maas.device_script import device_script
from oxtui.postprocessors.maas.options import MaasOptions

MIB: Final = 1 << 20


def captured_type(options: MaasOptions) -> str:
    """What a capture is for MAAS."""
    return "ddgz" if options.device else "tgz"


async def captured_from(
    context: StepContext, setting: PostProcessorSetting, options: MaasOptions, path: Path
) -> Captured:
    """Captures into a new file, and looks at what came.

    Raises:
        StepError: the guest cannot be captured, or what came must not be an image.
    """
    if setting.guest.communicator is None:
        raise StepError("This build has no guest that could be captured. Name a file with source.")
    key = "" if options.device else _key(context, setting)
    if options.device:
        what, program = f"the disk {options.device}", device_script(options.device)
    else:
        what = "the root file system"
        program = capture_script(shlex.quote(key), options.exclude, skip_checks=options.skip_checks)
    context.say(f"Capturing {what} of the guest")
    context.progress("capturing")
    made = await capture(
        setting.guest.reach(), program, path, what=what, output=context.output,
        warn=lambda text: context.note(text, "warning"), progress=_growing(context),
    )  # fmt: skip
    context.say(f"Captured {made.size:,} bytes, SHA-256 {made.sha256}")
    checking = counted(context, "checking what was captured")
    if options.device:
        await _check_disk(context, made, checking)
    else:
        await check_capture(made.path, key, checking)
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


async def _check_disk(
    context: StepContext, made: Captured, progress: Callable[[int, int], None]
) -> None:
    try:
        whole = await in_thread(lambda meter: _unpacked(made.path, meter), lambda done: None)
    except (EOFError, zlib.error, OSError) as error:
        raise StepError(f"What was captured is damaged: {error}. Retry.") from error
    progress(made.size, made.size)
    context.say(f"The disk has {whole:,} bytes")
    try:
        await file_type(made.path)
    except FileRefused:
        context.note("The disk has no partition table, so no machine may boot from it.", "warning")


def _unpacked(path: Path, meter: Meter) -> int:
    with gzip.open(path) as file:
        while data := file.read(MIB):
            meter.add(len(data))
    return meter.done
