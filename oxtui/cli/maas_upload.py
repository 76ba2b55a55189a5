"""`oxtui maas upload`: a file becomes an image of MAAS."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from argparse import Namespace

from oxtui.cli.errors import CANCELLED, USAGE, CommandError
from oxtui.cli.interrupts import interrupts
from oxtui.cli.on_rack import narrate
from oxtui.cli.progress import ProgressLine
from oxtui.component.events import (
    BuildPlanned,
    StepFinished,
    StepPlan,
    StepProgress,
    StepStarted,
    StepStatus,
)
from oxtui.logs.sanitise import plain
from oxtui.maas.address import web_url
from oxtui.maas.client import MaasClient
from oxtui.maas.file_types import FILE_TYPES, file_type
from oxtui.maas.hashing import sha256_of
from oxtui.maas.names import bare_name, check_architecture, check_base_image, check_name
from oxtui.maas.request import Progress, Stage, Uploaded, UploadRequest
from oxtui.postprocessors.maas.checking import read_root
from oxtui.postprocessors.maas.delivery import deliver

_MIB = 1 << 20
_READ, _LOOK = "read", "look into"


def checked(arguments: Namespace) -> None:
    """Complains of what MAAS would refuse, as far as that is known here.

    Raises:
        CommandError: it would.
    """
    problem = (
        check_name(arguments.name)
        or check_architecture(arguments.architecture)
        or check_base_image(arguments.base_image, arguments.name)
    )
    if problem:
        raise CommandError(problem, USAGE)


async def upload_file(arguments: Namespace, client: MaasClient) -> int:
    """Looks at the file, uploads it and prints the image."""
    kind = await file_type(arguments.file, arguments.filetype)
    steps = _Steps(ProgressLine(sys.stderr, live=sys.stderr.isatty()))
    running = asyncio.ensure_future(_upload(arguments, client, kind, steps))

    def farewell() -> str:
        return "`oxtui maas images` lists what may be on MAAS, incomplete."

    try:
        with interrupts(lambda signal: running.cancel(), farewell, CANCELLED):
            done = await running
    except asyncio.CancelledError:
        if not running.cancelled():
            raise
        steps.ended("cancelled")
        narrate("Cancelled." if steps.noted else "Cancelled; nothing of it is left on MAAS.")
        return CANCELLED
    except BaseException:
        steps.ended("failed")
        raise
    finally:
        steps.line.close()
    there = done.resource
    if arguments.json:
        print(json.dumps({**there.model_dump(mode="json"), "version": done.version}, indent=2))
    else:
        name = f"{bare_name(there.name)} ({there.architecture})"
        print(plain(f"{name}, version {done.version}: {web_url(client.connection.url)}"))
    return 0


async def _upload(arguments: Namespace, client: MaasClient, kind: str, steps: _Steps) -> Uploaded:
    await client.uploaded()  # whether the key is right, before minutes are spent
    if FILE_TYPES[kind][1] == "root" and arguments.check:
        steps.begun(_LOOK, f"look into {arguments.file}")
        root = await read_root(arguments.file, steps.at)
        for text in (
            *root.missing,
            *(f"{each[:1].upper()}{each[1:]}." for each in root.unclean[:5]),
        ):
            steps.line.line(f"warning: {text}")
    steps.begun(_READ, f"read {arguments.file}, which is {kind} for MAAS")
    digest, size = await sha256_of(arguments.file, steps.at)
    request = UploadRequest(
        file=arguments.file, size=size, sha256=digest, name=arguments.name,
        architecture=arguments.architecture, filetype=kind, title=arguments.title,
        base_image=arguments.base_image, keep_old=arguments.keep_old,
    )  # fmt: skip
    done = await deliver(
        client, request, arguments.chunk_size * _MIB, lambda now: steps.told(now, size), steps.note
    )
    steps.ended("done")
    return done


class _Steps:
    """The stages of an upload as steps of a progress line."""

    def __init__(self, line: ProgressLine) -> None:
        self.line = line
        self._step = self._title = ""
        self._began = 0.0
        self.noted = False

    def note(self, text: str) -> None:
        """A sentence that stays on the screen."""
        self.noted = True
        self.line.line(text)

    def begun(self, step: str, title: str) -> None:
        """The one before is done."""
        self.ended("done")
        self._step, self._title, self._began = step, title, time.monotonic()
        plan = StepPlan(id=step, kind="capture", title=step, detail=title)
        self.line(BuildPlanned(time=0.0, build="", steps=(plan,), values=()))
        self.line(StepStarted(time=0.0, build="", step=step, attempt=1))

    def at(self, done: float, total: float) -> None:
        """How far the step is, in bytes."""
        self.line(
            StepProgress(
                time=0.0, build="", step=self._step, text=self._title, done=done, total=total
            )
        )

    def told(self, now: Progress, size: int) -> None:
        """Takes what an upload tells of a file of that size."""
        if now.stage.name != self._step:
            self.begun(now.stage.name, now.stage.value)
        if now.stage in (Stage.SEND, Stage.SPREAD):
            self.at(now.done * size / now.total, size)

    def ended(self, status: StepStatus) -> None:
        """The step that was under way, if there is one, ended so."""
        if self._step:
            seconds = time.monotonic() - self._began
            self.line(
                StepFinished(
                    time=0.0,
                    build="",
                    step=self._step,
                    status=status,
                    seconds=seconds,
                )
            )
            self._step = ""
