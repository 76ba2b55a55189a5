"""Runs scripts in the guest with the mechanics that Packer's scripts rely on (packer.md 3.1)."""

from __future__ import annotations

import asyncio
import random
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from oxtui.component.errors import StepError, TransferError
from oxtui.component.events import Failure
from oxtui.component.protocols import (
    Communicator,
    ExitStatus,
    Guest,
    Output,
    Problem,
    ProvisionerSetting,
    StepContext,
    Stream,
)
from oxtui.provisioners.shell.environment import assignments, environment, quoted, rendered
from oxtui.provisioners.shell.failure import SHOWN_LINES, LastLines, failure
from oxtui.provisioners.shell.one_session import send_and_run
from oxtui.provisioners.shell.options import (
    EXECUTE,
    EXECUTE_WITH_FILE,
    ShellOptions,
    missing_scripts,
)
from oxtui.provisioners.shell.script import Script, inline_script, script_file, trapped_line

RETRY_EVERY = 2.0


class ShellProvisioner:
    """The `shell` provisioner."""

    Options: ClassVar[type[ShellOptions]] = ShellOptions
    needs_guest: ClassVar[bool] = True

    def __init__(self, options: ShellOptions, setting: ProvisionerSetting) -> None:
        self.options = options
        self.setting = setting
        # Drawn once: all scripts of one provisioner reuse the same path, as in Packer.
        self._number = random.randrange(9999)  # noqa: S311 - a name, not a secret

    @staticmethod
    def detail(options: ShellOptions) -> str:
        """The scripts' names, or the beginning of the first inline command."""
        return options.summary

    @staticmethod
    def problems(options: ShellOptions, folder: Path) -> Sequence[Problem]:
        """Scripts that are missing here."""
        return missing_scripts(options, folder)

    async def provision(self, context: StepContext, guest: Guest) -> None:
        """Uploads and runs each script in turn.

        Raises:
            StepError: a script failed, or could not be started.
        """
        communicator = guest.reach()
        for script in self._scripts(guest):
            await self._run_script(context, communicator, guest, script)
        if self.options.pause_after > 0:
            context.say(f"Pausing {self.options.pause_after:g} s after this provisioner")
            await asyncio.sleep(self.options.pause_after)

    def _scripts(self, guest: Guest) -> list[Script]:
        options = self.options
        if options.inline:
            lines = [self._render(line, guest) for line in options.inline]
            return [inline_script(lines, options.inline_shebang)]
        try:
            return [script_file(Path(path), binary=options.binary) for path in options.paths]
        except OSError as error:
            raise StepError(
                f"script {error.filename} cannot be read: {error.strerror}. "
                "Put it back and retry this step."
            ) from error

    def _render(self, text: str, guest: Guest, **variables: str) -> str:
        return rendered(self.setting, guest.values, text, **variables)

    @property
    def remote_path(self) -> str:
        """Where a script lies in the guest."""
        options = self.options
        name = options.remote_file or f"script_{self._number}.sh"
        return options.remote_path or f"{options.remote_folder}/{name}"

    async def _run_script(
        self, context: StepContext, communicator: Communicator, guest: Guest, script: Script
    ) -> None:
        context.say(f"Running {script.name} as {self.remote_path}")
        lines = LastLines()
        status = None

        def output(stream: Stream, data: bytes) -> None:
            lines.feed(stream, data)
            context.output(stream, data)

        try:
            status = await self._start(context, communicator, guest, script, output)
            if status.lost:
                if self.options.expect_disconnect:
                    context.say("The guest hung up, as expected")
                    return
                cause = f" ({status.cause})" if status.cause else ""
                raise StepError(
                    Failure(
                        summary=f"the connection was lost while {script.name} ran{cause}; set "
                        "expect_disconnect if the script reboots the guest, or look at the serial console",
                        script=script.name,
                        last_lines=tuple(lines.end())[-SHOWN_LINES:],
                    )
                )
            if status.status not in self.options.valid_exit_codes:
                trapped = await self._trapped_line(communicator, script, status)
                allowed = self.options.valid_exit_codes
                raise StepError(
                    failure(script, self.remote_path, status, lines.end(), allowed, trapped)
                )
        finally:
            removed = bool(status and status.status == 0) and self._fits_one_session(communicator)
            if status is not None and status.lost:
                # The guest is not waited for to clean up: nobody knows whether it comes back.
                context.say(f"{self.remote_path} may still be in the guest: it hung up")
            elif self._cleans and not removed:
                await self._clean(context, communicator)

    @property
    def _cleans(self) -> bool:
        return not self.options.skip_clean and not self.options.expect_disconnect

    def _fits_one_session(self, communicator: Communicator) -> bool:
        """Whether nothing but the usual command is run, which can be part of a longer one."""
        options = self.options
        usual = not options.execute_command and not options.use_env_var_file
        return usual and not communicator.on_terminal and not self.remote_path.startswith("~")

    async def _start(
        self, context: StepContext, communicator: Communicator, guest: Guest, script: Script,
        output: Output,
    ) -> ExitStatus:  # fmt: skip
        """Uploads and runs; a connection lost before the script began is tried again for a while."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self.options.start_retry_timeout
        if self.setting.trace:
            script = script.traced()
        if script.is_bash:
            script = script.with_err_trap()
        variables = environment(self.options, self.setting, guest.values)
        while True:
            try:
                if self._fits_one_session(communicator):
                    return await send_and_run(
                        communicator, script.text, self.remote_path,
                        assignments(variables), output,
                        remove=self._sent if self._cleans else (),
                    )  # fmt: skip
                command = await self._upload(communicator, guest, script, variables)
                break
            except TransferError as error:
                if not error.lost or loop.time() >= deadline:
                    raise
                context.say(f"{error}; trying again in {RETRY_EVERY:g} s")
                await asyncio.sleep(RETRY_EVERY)
        return await communicator.run(command, output)

    async def _upload(
        self,
        communicator: Communicator,
        guest: Guest,
        script: Script,
        variables: Mapping[str, str],
    ) -> str:
        """Puts script and environment into the guest and gives the command that runs them."""
        await communicator.upload(script.text, self.remote_path, 0o755)
        if self.options.use_env_var_file:
            exports = "".join(f"export {k}={quoted(v)}\n" for k, v in variables.items())
            await communicator.upload(exports.encode(), self._environment_path, 0o600)
        default = EXECUTE_WITH_FILE if self.options.use_env_var_file else EXECUTE
        return self._render(
            self.options.execute_command or default,
            guest,
            Path=self.remote_path,
            Vars="" if self.options.use_env_var_file else assignments(variables),
            EnvVarFile=self._environment_path if self.options.use_env_var_file else "",
        )

    @property
    def _sent(self) -> list[str]:
        """What lies in the guest for one script."""
        paths = [self.remote_path, self.remote_path + ".line"]
        return [*paths, self._environment_path] if self.options.use_env_var_file else paths

    @property
    def _environment_path(self) -> str:
        return f"{self.options.remote_folder}/varfile_{self._number}.sh"

    async def _trapped_line(
        self, communicator: Communicator, script: Script, status: ExitStatus
    ) -> int | None:
        """The line that bash's ERR trap noted, if it is the one that ended the script."""
        if not script.is_bash:
            return None
        noted = bytearray()
        await communicator.run(
            f"cat {shlex.quote(self.remote_path + '.line')} 2>/dev/null",
            lambda stream, data: noted.extend(data) if stream == "stdout" else None,
        )
        return trapped_line(bytes(noted), self.remote_path, status.status)

    async def _clean(self, context: StepContext, communicator: Communicator) -> None:
        status = await communicator.run("rm -f " + shlex.join(self._sent), context.output)
        if status.status != 0:
            context.say(
                f"{', '.join(self._sent)} may still be in the guest: rm ended with {status}"
            )
