"""Runs scripts in the guest with the mechanics that Packer's scripts rely on (packer.md 3.1)."""

from __future__ import annotations

import asyncio
import random
import shlex
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import ClassVar

from oxtui.component.checkpoints import Inputs
from oxtui.component.concurrency import bounded
from oxtui.component.durations import go_duration
from oxtui.component.errors import ConnectError, StepError, TransferError
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
from oxtui.provisioners.shell.assignments import BEFORE_COMMAND, IN_FILE, assignments
from oxtui.provisioners.shell.environment import environment, rendered
from oxtui.provisioners.shell.failure import SHOWN_LINES, LastLines, failed, tell_exit
from oxtui.provisioners.shell.one_session import Place, Sending, send, send_and_run
from oxtui.provisioners.shell.options import ShellOptions, missing_scripts
from oxtui.provisioners.shell.script import Script, inline_script, script_file, trapped_line

RETRY_EVERY = 2.0
START_RETRY_TIMEOUT = 300.0
"""Seconds, where a template says 0, as in Packer."""
CLEAN_LIMIT = 10.0
"""Seconds that the removal of a script may take: a guest that does not answer is not waited for."""
EXECUTE = "chmod +x {{.Path}}; {{.Vars}} {{.Path}}"
EXECUTE_WITH_FILE = "chmod +x {{.Path}}; . {{.EnvVarFile}} && {{.Path}}"
"""Packer's `execute_command`, without and with `use_env_var_file`."""
LOGIN_SHELL = '"${SHELL:-/bin/sh}"'
"""The user's login shell for sh; sshd names it in the environment of each session."""


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

    @staticmethod
    def inputs(options: ShellOptions) -> Inputs:
        """Its scripts."""
        return Inputs(options.paths)

    async def provision(self, context: StepContext, guest: Guest) -> None:
        """Uploads and runs each script in turn.

        Raises:
            StepError: a script failed, or could not be started.
        """
        communicator = guest.reach()
        for script in self._scripts(guest):
            await self._run_script(context, communicator, guest, script)
        if self.options.pause_after > 0:
            context.say(
                f"Pausing {go_duration(self.options.pause_after)} after this provisioner..."
            )
            await asyncio.sleep(self.options.pause_after)

    def _scripts(self, guest: Guest) -> list[Script]:
        options = self.options
        if options.inline:
            lines = [self._render(line, guest) for line in options.inline]
            return [inline_script(lines, options.given_shebang)]
        return [script_file(Path(path), binary=options.binary) for path in options.paths]

    def _render(self, text: str, guest: Guest, **variables: str) -> str:
        return rendered(self.setting, guest.values, text, **variables)

    @property
    def place(self) -> Place:
        """Where a script lies in the guest."""
        options = self.options
        name = options.remote_file or f"script_{self._number}.sh"
        beside = f"{options.remote_folder}/varfile_{self._number}.sh"
        return Place(
            options.remote_path or f"{options.remote_folder}/{name}",
            beside if options.use_env_var_file else "",
        )

    async def _run_script(
        self, context: StepContext, communicator: Communicator, guest: Guest, script: Script
    ) -> None:
        context.say(f"Provisioning with shell script: {script.name} (as {self.place.script})")
        lines = LastLines()
        noted, cleaned = b"", False

        def output(stream: Stream, data: bytes) -> None:
            if stream != "ours":
                lines.feed(stream, data)
            context.output(stream, data)

        try:
            status = await self._start(context, communicator, guest, script, output)
            cleaned = status.status == 0 and not communicator.on_terminal
            if status.lost and self.options.expect_disconnect:
                context.say("The guest hung up, as expected")
                await self._clean_later(context, communicator)
                cleaned = True
        except ConnectError:
            cleaned = True  # there is no way in to clean up either
            raise
        finally:
            if not cleaned:
                noted = await self._end(context, communicator)
        tell_exit(context, script, status)
        if status.lost and not self.options.expect_disconnect:
            cause = f" ({status.cause})" if status.cause else ""
            raise StepError(
                Failure(
                    summary=f"{script.name} disconnected unexpectedly: the connection was lost while it "
                    f"ran{cause}; set expect_disconnect if it reboots the guest, or look at the serial console",
                    script=script.name,
                    last_lines=tuple(lines.end())[-SHOWN_LINES:],
                )
            )
        allowed = self.options.valid_exit_codes
        if not status.lost and status.status not in allowed:
            path = self.place.script
            trapped = trapped_line(noted, path, status.status) if script.is_bash else None
            raise failed(
                script, path, status, lines.end(), allowed, trapped,
                traceable=script.is_shell, traced=self.setting.trace,
            )  # fmt: skip

    async def _start(
        self, context: StepContext, communicator: Communicator, guest: Guest, script: Script,
        output: Output,
    ) -> ExitStatus:  # fmt: skip
        """Sends and runs; what fails before the script began is tried again for a while.

        A refusal, such as of a folder that is not there, is tried again only where the template says how
        long: Packer does so in any case, for five silent minutes.
        """
        if self.setting.trace:
            script = script.traced()
        if script.is_bash:
            script = script.with_err_trap()
        limit, reason = self.options.start_retry_timeout or START_RETRY_TIMEOUT, ""
        patient = "start_retry_timeout" in self.options.model_fields_set
        try:
            async with asyncio.timeout(limit) as starting:
                while True:
                    try:
                        return await self._once(
                            communicator, guest, script, output, lambda: starting.reschedule(None)
                        )
                    except TransferError as error:
                        if not (error.lost or patient):
                            raise
                        told, reason = reason, f": {str(error).rstrip('.')}"
                    if reason != told:
                        context.say(f"{reason[2:]}; trying again every {go_duration(RETRY_EVERY)}")
                    await asyncio.sleep(RETRY_EVERY)
        except TimeoutError as error:
            if not starting.expired():
                raise
            raise StepError(
                f"{script.name} could not be started within its start_retry_timeout of "
                f"{go_duration(limit)}{reason}. Look at the serial console, or raise the limit."
            ) from error

    async def _once(
        self, communicator: Communicator, guest: Guest, script: Script, output: Output,
        begun: Callable[[], None],
    ) -> ExitStatus:  # fmt: skip
        options, place = self.options, self.place
        variables = environment(options, self.setting, guest.values)
        exports = assignments(variables, options.env_var_format or IN_FILE)
        sending = Sending(place, script.text, exports)
        # In Packer {{.Vars}} is the text of the file, where there is one.
        told = (
            exports
            if place.environment
            else assignments(variables, options.env_var_format or BEFORE_COMMAND)
        )
        # What a form of the template's own means is the login shell's to say, so that runs Packer's command.
        usual = EXECUTE_WITH_FILE if place.environment else EXECUTE
        form = options.execute_command or (usual if options.env_var_format else "")
        own = form and self._render(
            form, guest,
            Path=place.script, Vars=told, EnvVarFile=place.environment,
        )  # fmt: skip
        if communicator.on_terminal:
            # No terminal takes the script as it is, so that comes before, in a session without one.
            await send(communicator, sending)
            begun()
            if own:
                return await communicator.run(own, output)
            return await communicator.run(self._usual(script, told), output, by_sh=True)
        # A command of the template's own is the login shell's, as if it had come in a session of its own.
        running = f"{LOGIN_SHELL} -c {shlex.quote(own)}" if own else self._usual(script, told)
        return await send_and_run(
            communicator, sending, running, output, begun=begun, remove=self._cleans
        )

    def _usual(self, script: Script, variables: str) -> str:
        """What runs a script in sh, where the template says nothing else."""
        place = self.place
        if place.environment:
            variables = ""
        if not script.interpreter:
            # What runs a text without a shebang depends on the shell that is told to run it.
            command = f"{variables}{LOGIN_SHELL} -c {shlex.quote(place.word)}"
        else:
            command = f"{variables}{place.word}"
        return f". {place.environment_word} && {command}" if place.environment else command

    @property
    def _cleans(self) -> bool:
        return not self.options.skip_clean

    async def _end(self, context: StepContext, communicator: Communicator) -> bytes:
        """Removes what was sent, whatever becomes of the step; what an ERR trap noted."""
        noted = bytearray()

        def note(stream: Stream, data: bytes) -> None:
            if stream == "stdout":
                noted.extend(data)
            else:
                context.output(stream, data)

        place = self.place
        removal = place.removal if self._cleans else f"rm -f {place.note}"
        command = f"cat {place.note} 2>/dev/null; {removal}"

        async def clean() -> None:
            left = ""
            try:
                status = await communicator.run(command, note, stdin=b"", by_sh=True)
                if status.status != 0:
                    left = f"rm ended with {status}"
            except (StepError, OSError) as error:
                left = str(error)
            if left:
                context.say(f"{place} may still be in the guest: {left}")

        await bounded(clean(), CLEAN_LIMIT)
        return bytes(noted)

    async def _clean_later(self, context: StepContext, communicator: Communicator) -> None:
        """Removes what was sent when a guest that hung up is back, which may take a while."""
        if not self._cleans:
            return
        limit = self.options.start_retry_timeout or START_RETRY_TIMEOUT
        context.say(f"Waiting for the guest, to remove {self.place}; skip_clean leaves it there")
        with suppress(TimeoutError, StepError):
            async with asyncio.timeout(limit):
                while True:
                    status = await communicator.run(
                        self.place.removal, context.output, stdin=b"", by_sh=True
                    )
                    if not status.lost:
                        break
                    await asyncio.sleep(RETRY_EVERY)
                if status.status == 0:
                    return
        context.say(f"{self.place} may still be in the guest")
