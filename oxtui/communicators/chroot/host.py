"""Commands on this machine, each through the template's `command_wrapper`."""

from __future__ import annotations

import os
import shlex
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from oxtui.communicators.carrier import Feed
from oxtui.communicators.chroot.environment import outside
from oxtui.communicators.chroot.processes import Process
from oxtui.communicators.chroot.program import run_program
from oxtui.component.errors import StepError
from oxtui.component.protocols import ExitStatus, Output, Stream
from oxtui.template.legacy.interpolate import Interpolation

PLAIN = "{{.Command}}"
"""The wrapper that adds nothing."""
_KEPT = 4000
"""Bytes of a command's messages that are told when it fails."""


@dataclass(frozen=True, slots=True)
class Host:
    """Runs commands of this machine.

    Attributes:
        wrapper: `{{.Command}}` stands for the command: `sudo -n {{.Command}}`.
        environ: what the commands inherit.
        interpolation: what else the wrapper can name.
    """

    wrapper: str = PLAIN
    environ: Mapping[str, str] = field(default_factory=lambda: dict(os.environ), repr=False)
    interpolation: Interpolation = field(default_factory=lambda: Interpolation(datetime.now(UTC)))

    @property
    def is_plain(self) -> bool:
        """Whether the wrapper adds nothing, so that commands have the rights of this process."""
        return self.wrapper.strip().replace(" ", "") == PLAIN

    def wrapped(self, words: Sequence[str]) -> list[str]:
        """What is started for a program with its arguments: a shell, where there is a wrapper.

        Raises:
            InterpolationError: the wrapper cannot be evaluated.
        """
        if self.is_plain:
            return list(words)
        return ["/bin/sh", "-c", self.interpolation.render(self.wrapper, Command=shlex.join(words))]

    async def run(
        self,
        words: Sequence[str],
        output: Output,
        *,
        feed: Feed | None = None,
        environ: Mapping[str, str] | None = None,
    ) -> ExitStatus:
        """Runs one program with its arguments; no shell looks into them.

        Raises:
            StepError: it cannot be started.
        """
        inherited = outside(self.environ) if environ is None else environ
        line = self.wrapped(words)
        return await run_program(line, inherited, output, send=self.signal, feed=feed)

    async def script(self, text: str, output: Output) -> ExitStatus:
        """Runs a text of the template's in `sh`, the whole of it behind the wrapper."""
        return await self.run(["/bin/sh", "-c", text], output)

    async def check(self, *words: str, what: str = "") -> str:
        """Runs a program that has to succeed; what it printed.

        Args:
            words: the program and its arguments.
            what: what is not so if it fails, as the beginning of a sentence.

        Raises:
            StepError: it failed; the text has its last words.
        """
        heard: dict[Stream, bytes] = {"stdout": b"", "stderr": b""}

        def hear(stream: Stream, data: bytes) -> None:
            if stream in heard:
                heard[stream] += data

        status = await self.run(words, hear)
        if status.status != 0:
            said = heard["stderr"][-_KEPT:].decode(errors="replace").strip()
            begin = f"{what}: " if what else ""
            raise StepError(f"{begin}{said or f'{words[0]} ended with {status}'}")
        return heard["stdout"].decode(errors="surrogateescape")

    async def signal(self, number: signal.Signals, processes: Sequence[Process]) -> None:
        """Signals processes of another user, where the wrapper gives the right to."""
        if self.is_plain:
            return
        name = number.name.removeprefix("SIG")
        pids = [str(each.pid) for each in processes]
        line = self.wrapped(["kill", "-s", name, *pids])
        await run_program(line, outside(self.environ), lambda stream, data: None, send=_nothing)


async def _nothing(_number: signal.Signals, _processes: Sequence[Process]) -> None:
    """A kill that hangs is left."""
