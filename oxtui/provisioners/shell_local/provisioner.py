"""Runs scripts on this machine, beside a build (packer.md 3.3)."""

from __future__ import annotations

import os
import shlex
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import ClassVar

from oxtui.component.checkpoints import Inputs
from oxtui.component.protocols import (
    ExitStatus,
    Guest,
    Problem,
    ProvisionerSetting,
    StepContext,
    Stream,
)
from oxtui.provisioners.shell.assignments import BEFORE_COMMAND, assignments, quoted
from oxtui.provisioners.shell.environment import environment, rendered
from oxtui.provisioners.shell.failure import LastLines, failed, tell_exit
from oxtui.provisioners.shell.options import missing_scripts
from oxtui.provisioners.shell.script import Script, inline_script, script_file, trapped_line
from oxtui.provisioners.shell_local.options import EXECUTE, ShellLocalOptions
from oxtui.provisioners.shell_local.process import run

SYSTEM = "windows" if sys.platform == "win32" else sys.platform
"""This operating system, by Go's name."""


class ShellLocalProvisioner:
    """The `shell-local` provisioner."""

    Options: ClassVar[type[ShellLocalOptions]] = ShellLocalOptions
    needs_guest: ClassVar[bool] = False

    def __init__(self, options: ShellLocalOptions, setting: ProvisionerSetting) -> None:
        self.options = options
        self.setting = setting

    @staticmethod
    def detail(options: ShellLocalOptions) -> str:
        """The scripts' names, or the beginning of the first command."""
        return options.summary

    @staticmethod
    def problems(options: ShellLocalOptions, folder: Path) -> Sequence[Problem]:
        """Scripts that are missing, or cannot be executed as nothing else is said to run them."""
        missing = missing_scripts(options, folder)
        if missing or options.execute_command:
            return missing
        return [
            Problem(
                "script" if options.script else "scripts",
                f"script {path} cannot be executed; make it so (chmod +x), or name the program that "
                "runs it in execute_command",
            )
            for path in options.paths
            if not os.access(folder / path, os.X_OK)
        ]

    @staticmethod
    def inputs(options: ShellLocalOptions) -> Inputs:
        """Its scripts, which may do anything to this machine."""
        return Inputs(options.paths, outside="it works on this machine")

    async def provision(self, context: StepContext, guest: Guest) -> None:
        """Runs each script in turn.

        Raises:
            StepError: a script failed, or could not be started.
        """
        options = self.options
        if options.only_on and SYSTEM not in options.only_on:
            context.say(f"Skipped: it runs on {', '.join(options.only_on)}, and this is {SYSTEM}")
            return
        if options.commands:
            lines = [rendered(self.setting, guest.values, line) for line in options.commands]
            await self._run_commands(context, guest, lines)
            return
        for path in options.paths:
            script = script_file(Path(path), binary=True)
            await self._run(context, guest, script, os.path.abspath(path))

    async def _run_commands(self, context: StepContext, guest: Guest, lines: list[str]) -> None:
        script = inline_script(lines, self.options.given_shebang)
        if self.setting.trace:
            script = script.traced()
        note = None
        with ExitStack() as stack:
            if script.is_bash:
                # Nobody else can write into the folder, so nobody can turn the note into a link.
                made = tempfile.TemporaryDirectory(prefix="packer-shell-line", dir=self._temporary)
                note = Path(stack.enter_context(made), "line")
                script = script.with_err_trap(shlex.quote(str(note)))
            extension = self.options.tempfile_extension
            path = stack.enter_context(_file(script.text, extension, self._temporary))
            await self._run(context, guest, script, path, note)

    @property
    def _temporary(self) -> str | None:
        return self.setting.environ.get("TMPDIR") or None

    async def _run(
        self,
        context: StepContext,
        guest: Guest,
        script: Script,
        path: str,
        note: Path | None = None,
    ) -> None:
        """Runs the script that lies at the absolute `path`; bash may leave a note of the line that failed."""
        context.say(f"Running {script.name} on this machine as {path}")
        lines = LastLines()

        def output(stream: Stream, data: bytes) -> None:
            lines.feed(stream, data)
            context.output(stream, data)

        def held() -> None:
            context.say(
                f"{script.name} has ended, but something that it started still holds its output; "
                "waiting for that. Redirect its output to let it go on alone"
            )

        status = await run(
            self._command(context, guest, script, path), self.setting.environ, output, held
        )
        tell_exit(context, script, status)
        if status.status not in self.options.valid_exit_codes:
            raise failed(
                script, path, status, lines.end(), self.options.valid_exit_codes,
                _noted(note, path, status),
                traceable=self._traceable(script), traced=self.setting.trace,
            )  # fmt: skip

    def _command(self, context: StepContext, guest: Guest, script: Script, path: str) -> list[str]:
        variables = assignments(
            environment(self.options, self.setting, guest.values),
            self.options.env_var_format or BEFORE_COMMAND,
        )
        given = self.options.execute_command
        # A blank in the path would part it; in a command of their own people quote it themselves.
        word = path if given or shlex.quote(path) == path else quoted(path)
        if self.setting.trace and not self.options.commands:
            if self._traceable(script):
                # The file is the operator's own, so its shell is told to trace, not its text changed.
                word = f"{script.interpreter or '/bin/sh'} -x {word}"
            else:
                context.say(f"{script.name} cannot be traced: oxtui does not start its shell")
        known = {"Vars": variables, "Script": word, "Command": word}
        return [rendered(self.setting, guest.values, text, **known) for text in given or EXECUTE]

    def _traceable(self, script: Script) -> bool:
        """Whether its shell can be told to show each command."""
        own = self.options.execute_command and not self.options.commands
        return script.is_shell and not own


def _noted(note: Path | None, path: str, status: ExitStatus) -> int | None:
    if note is None or not note.exists():
        return None
    return trapped_line(note.read_bytes(), path, status.status)


@contextmanager
def _file(text: bytes, extension: str, folder: str | None) -> Iterator[str]:
    """A file of that text, which its owner alone can read and execute; its absolute path.

    It is written on the loop's own thread, which also starts programs: one that was started meanwhile
    would hold it open for writing, and the kernel would not execute it.
    """
    suffix = f".{extension.removeprefix('.')}" if extension else ""
    descriptor, path = tempfile.mkstemp(prefix="packer-shell", suffix=suffix, dir=folder)
    try:
        with open(descriptor, "wb") as file:
            os.fchmod(descriptor, 0o700)
            file.write(text)
        yield os.path.abspath(path)
    finally:
        Path(path).unlink(missing_ok=True)
