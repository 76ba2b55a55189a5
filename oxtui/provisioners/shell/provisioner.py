"""Runs scripts in the guest with the mechanics that Packer's scripts rely on (packer.md 3.1)."""

from __future__ import annotations

import asyncio
import random
import shlex
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from oxtui.component.errors import StepError, TransferError
from oxtui.component.events import Failure
from oxtui.component.exits import meaning
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
from oxtui.provisioners.shell.one_session import send_and_run
from oxtui.provisioners.shell.options import EXECUTE, EXECUTE_WITH_FILE, ShellOptions
from oxtui.provisioners.shell.script import Script, inline_script, script_file, told_line

RETRY_EVERY = 2.0
SHOWN_LINES = 5
DETAIL_LENGTH = 48
"""Characters of a command that tell a step from its neighbours."""

# Under `errexit` bash leaves right after this trap, so what it notes is where the script ended.
_ERR_TRAP = (
    'trap \'__oxtui=$?; case $- in *e*) [ "$BASHPID" = "$$" ] && '
    'printf "%s %s %s\\n" "$__oxtui" "$LINENO" "${BASH_SOURCE[0]}" > "$0.line";; esac\' ERR; set -E; '
)


class ShellProvisioner:
    """The `shell` provisioner."""

    Options: ClassVar[type[ShellOptions]] = ShellOptions

    def __init__(self, options: ShellOptions, setting: ProvisionerSetting) -> None:
        self.options = options
        self.setting = setting
        # Drawn once: all scripts of one provisioner reuse the same path, as in Packer.
        self._number = random.randrange(9999)  # noqa: S311 - a name, not a secret

    @staticmethod
    def detail(options: ShellOptions) -> str:
        """The scripts' names, or the beginning of the first inline command."""
        paths = [options.script] if options.script else options.scripts
        if paths:
            return ", ".join(Path(path).name for path in paths)
        first = next((line.strip() for line in options.inline if line.strip()), "")
        line = first.splitlines()[0] if first else ""
        return line if len(line) <= DETAIL_LENGTH else line[: DETAIL_LENGTH - 1] + "…"

    @staticmethod
    def problems(options: ShellOptions, folder: Path) -> Sequence[Problem]:
        """Scripts that are missing here."""
        option, paths = (
            ("script", [options.script]) if options.script else ("scripts", options.scripts)
        )
        return [
            Problem(
                option,
                f"script {path} is not there (looked in {folder}); correct the path or create it",
            )
            for path in paths
            if not (folder / path).is_file()
        ]

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
        paths = [options.script] if options.script else options.scripts
        try:
            return [script_file(Path(path), binary=options.binary) for path in paths]
        except OSError as error:
            raise StepError(
                f"script {error.filename} cannot be read: {error.strerror}. "
                "Put it back and retry this step."
            ) from error

    def _render(self, text: str, guest: Guest, **variables: str) -> str:
        return self.setting.interpolation.with_build(guest.values).render(text, **variables)

    @property
    def remote_path(self) -> str:
        """Where a script lies in the guest."""
        options = self.options
        name = options.remote_file or f"script_{self._number}.sh"
        return options.remote_path or f"{options.remote_folder}/{name}"

    def environment(self, guest: Guest) -> dict[str, str]:
        """The scripts' environment: Packer's two names, environment_vars, then env."""
        values = {
            "PACKER_BUILD_NAME": self.setting.build_name,
            "PACKER_BUILDER_TYPE": self.setting.builder_type,
        }
        for entry in self.options.environment_vars:
            key, _, value = self._render(entry, guest).partition("=")
            values[key] = value
        values.update({key: self._render(v, guest) for key, v in self.options.env.items()})
        return dict(sorted(values.items()))

    async def _run_script(
        self, context: StepContext, communicator: Communicator, guest: Guest, script: Script
    ) -> None:
        context.say(f"Running {script.name} as {self.remote_path}")
        tail: deque[str] = deque(maxlen=50)
        lines = _Lines(tail)
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
                raise StepError(
                    Failure(
                        summary=f"the connection was lost while {script.name} ran; set "
                        "expect_disconnect if the script reboots the guest, or look at the serial console",
                        script=script.name,
                        last_lines=tuple(tail)[-SHOWN_LINES:],
                    )
                )
            if status.status not in self.options.valid_exit_codes:
                lines.end()
                raise StepError(await self._failure(communicator, script, status, list(tail)))
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
            script = _with_err_trap(script)
        while True:
            try:
                if self._fits_one_session(communicator):
                    return await send_and_run(
                        communicator, script.text, self.remote_path,
                        self._variables(self.environment(guest)), output,
                        remove=self._sent if self._cleans else (),
                    )  # fmt: skip
                command = await self._upload(communicator, guest, script)
                break
            except TransferError as error:
                if not error.lost or loop.time() >= deadline:
                    raise
                context.say(f"{error}; trying again in {RETRY_EVERY:g} s")
                await asyncio.sleep(RETRY_EVERY)
        return await communicator.run(command, output)

    async def _upload(self, communicator: Communicator, guest: Guest, script: Script) -> str:
        """Puts script and environment into the guest and gives the command that runs them."""
        environment = self.environment(guest)
        await communicator.upload(script.text, self.remote_path, 0o755)
        if self.options.use_env_var_file:
            exports = "".join(f"export {k}={_quote(v)}\n" for k, v in environment.items())
            await communicator.upload(exports.encode(), self._environment_path, 0o600)
        variables = self._variables(environment)
        default = EXECUTE_WITH_FILE if self.options.use_env_var_file else EXECUTE
        return self._render(
            self.options.execute_command or default,
            guest,
            Path=self.remote_path,
            Vars="" if self.options.use_env_var_file else variables,
            EnvVarFile=self._environment_path if self.options.use_env_var_file else "",
        )

    @staticmethod
    def _variables(environment: Mapping[str, str]) -> str:
        # The trailing blank is Packer's: {{.Vars}} ends in one.
        return "".join(f"{key}={_quote(value)} " for key, value in environment.items())

    @property
    def _sent(self) -> list[str]:
        """What lies in the guest for one script."""
        paths = [self.remote_path, self.remote_path + ".line"]
        return [*paths, self._environment_path] if self.options.use_env_var_file else paths

    @property
    def _environment_path(self) -> str:
        return f"{self.options.remote_folder}/varfile_{self._number}.sh"

    async def _failure(
        self, communicator: Communicator, script: Script, status: ExitStatus, tail: list[str]
    ) -> Failure:
        line, source = await self._trapped_line(communicator, script, status), "bash"
        if line is None:
            line, source = told_line(self.remote_path, tail, status.status), "message"
        allowed = ", ".join(str(code) for code in self.options.valid_exit_codes)
        summary = f"{script.name} ended with {status}; allowed: {allowed}"
        if line is None:
            summary += ". Its shell tells no line; rerun with trace to see each command"
        return Failure(
            summary=summary,
            exit_status=status.status,
            meaning=meaning(status.status, tail),
            script=script.name,
            line=script.own_line(line) if line is not None else None,
            line_text=script.line_text(line) if line is not None else "",
            line_source=source if line is not None else "",
            last_lines=tuple(tail)[-SHOWN_LINES:],
        )

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
        words = bytes(noted).decode(errors="replace").split(maxsplit=2)
        if len(words) != 3 or words[0] != str(status.status) or not words[1].isdigit():
            return None
        return int(words[1]) if words[2].strip() == self.remote_path else None

    async def _clean(self, context: StepContext, communicator: Communicator) -> None:
        status = await communicator.run("rm -f " + shlex.join(self._sent), context.output)
        if status.status != 0:
            context.say(
                f"{', '.join(self._sent)} may still be in the guest: rm ended with {status}"
            )


def _quote(value: str) -> str:
    """The value in single quotes; a quote in it is written as Packer does, which scripts can see in `ps`."""
    return "'" + value.replace("'", "'\"'\"'") + "'"


def _with_err_trap(script: Script) -> Script:
    """The script with our ERR trap before its first command, no line moved."""
    head, newline, rest = script.text.partition(b"\n")
    return Script(script.name, head + newline + _ERR_TRAP.encode() + rest, script.first_line)


class _Lines:
    """The last whole lines of both streams, for the failure's text."""

    def __init__(self, tail: deque[str]) -> None:
        self.tail = tail
        self.rest: dict[Stream, bytes] = {}

    def feed(self, stream: Stream, data: bytes) -> None:
        *whole, rest = (self.rest.get(stream, b"") + data).split(b"\n")
        self.rest[stream] = rest[-4096:]
        self.tail.extend(line.decode(errors="replace").rstrip() for line in whole)

    def end(self) -> None:
        for rest in self.rest.values():
            if rest.strip():
                self.tail.append(rest.decode(errors="replace").rstrip())
        self.rest.clear()
