"""What a running step is given, and how a provisioner becomes a step."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from oxtui.build.output import BuildOutput
from oxtui.component.errors import StepError
from oxtui.component.events import Event, Level, Noted, StepPlan, StepProgress
from oxtui.component.protocols import Guest, Provisioner, ProvisionerSetting, StepContext, Stream

if TYPE_CHECKING:
    from oxtui.component.options import Options


async def _no_secret(_step: str, _question: str, _problem: str) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class RunningStep:
    """One attempt of a step: satisfies `StepContext`."""

    build: str
    step: str
    sink: BuildOutput
    emit: Callable[[Event], None]
    now: Callable[[], float]
    secret: Callable[[str, str, str], Awaitable[str]] = _no_secret

    def say(self, text: str) -> None:
        """A line of our own in the step's log."""
        self.sink.say(self.step, text)

    def output(self, stream: Stream, data: bytes) -> None:
        """Bytes of the guest into the step's log."""
        self.sink.write(self.step, stream, data)

    def note(self, text: str, level: Level = "info") -> None:
        """A sentence for the operator, beside the log."""
        self.emit(Noted(time=self.now(), build=self.build, step=self.step, text=text, level=level))

    async def ask(self, question: str, problem: str = "") -> str:
        """A secret from whoever follows the build; empty where nobody gives one."""
        return await self.secret(self.step, question, problem)

    def progress(self, text: str, done: float | None = None, total: float | None = None) -> None:
        """What the step is at."""
        self.emit(
            StepProgress(
                time=self.now(), build=self.build, step=self.step, text=text, done=done, total=total
            )
        )


@dataclass(frozen=True, slots=True)
class Common:
    """What every provisioner takes beside its own options (packer.md part 3); times in seconds."""

    pause_before: float = 0.0
    timeout: float = 0.0
    max_retries: int = 0
    continue_on_error: bool = False


Decode = Callable[[Mapping[str, Any]], "Options"]
"""The options of a provisioner with `build.*` known; raises StepError with the template's diagnostics."""


def changed_options(options: Options, changes: Mapping[str, Any], title: str) -> Options:
    """Options with what the operator changed of the step of that title.

    Raises:
        StepError: a change does not fit.
    """
    if not changes:
        return options
    from pydantic import ValidationError  # only where an option was changed

    given = options.model_dump(exclude_unset=True, by_alias=True)
    # A script that was edited as text takes the place of whatever held it before.
    if "inline" in changes:
        for name in ("command", "script", "scripts"):
            given.pop(name, None)
    try:
        return type(options).model_validate({**given, **changes})
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or title
        raise StepError(f"{place}: {first['msg']}. Edit the step again.") from None


@dataclass(slots=True)
class ProvisionerStep:
    """A provisioner of the template, as a step that can be edited and run again."""

    plan: StepPlan
    provisioner: type[Provisioner]
    decode: Decode
    common: Common
    setting: ProvisionerSetting
    changes: dict[str, Any] = field(default_factory=dict)
    """Options that the operator changed in this session."""

    @property
    def schema(self) -> type[Options]:
        """What declares its options."""
        return self.provisioner.Options

    def options(self, guest: Guest) -> Options:
        """Decoded just before it runs, with what the operator changed.

        Raises:
            StepError: an option is wrong.
        """
        return changed_options(self.decode(guest.values), self.changes, self.plan.title)

    async def run(self, context: StepContext, guest: Guest, *, trace: bool) -> None:
        """Provisions, with the common parameters around it.

        Raises:
            StepError: it failed, also after its retries.
        """
        common = self.common
        setting = self.setting
        if trace:
            setting = replace(setting, trace=True)
        tries = common.max_retries + 1
        for left in reversed(range(tries)):
            if common.pause_before > 0:
                context.say(f"Pausing {common.pause_before:g} s before this provisioner")
                await asyncio.sleep(common.pause_before)
            try:
                # A value that names this build may have to be asked for now.
                options = await asyncio.to_thread(self.options, guest)
                provisioner = self.provisioner(options, setting)
                await self._bounded(provisioner, context, guest)
            except StepError as error:
                if left:
                    context.say(f"Failed: {error}; {left} of {common.max_retries} retries left")
                    continue
                if common.continue_on_error:
                    context.note(f"{self.plan.title} failed, going on: {error}", "warning")
                    return
                raise
            return

    async def _bounded(self, provisioner: Provisioner, context: StepContext, guest: Guest) -> None:
        limit = self.common.timeout
        try:
            async with asyncio.timeout(limit or None):
                await provisioner.provision(context, guest)
        except TimeoutError:
            raise StepError(
                f"{self.plan.title} was not done within its timeout of {limit:g} s. "
                "Raise timeout, or look into the instance for what it waits for."
            ) from None
