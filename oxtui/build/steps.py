"""What a running step is given, and how a provisioner becomes a step."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from oxtui.build.output import BuildOutput
from oxtui.component.checkpoints import Inputs
from oxtui.component.durations import go_duration
from oxtui.component.errors import StepError
from oxtui.component.events import Event, Level, Noted, StepPlan, StepProgress
from oxtui.component.protocols import Guest, Provisioner, ProvisionerSetting, StepContext, Stream

if TYPE_CHECKING:
    from oxtui.build.checkpoints.written import Written
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
    planned: Options | None = None
    """Its options as far as they are known before the build runs."""
    written: Written | None = None
    """The step as the template has it; None for one that is in none."""

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

    def inputs(self) -> Inputs:
        """What it reads of this machine, with what the operator changed.

        Raises:
            StepError: a change does not fit.
        """
        if self.planned is None:
            return Inputs()
        return self.provisioner.inputs(changed_options(self.planned, self.changes, self.plan.title))

    async def run(self, context: StepContext, guest: Guest, *, trace: bool) -> None:
        """Provisions, with the common parameters around it.

        Raises:
            StepError: it failed, also after its retries.
        """
        common = self.common
        setting = replace(self.setting, trace=True) if trace else self.setting
        for left in reversed(range(common.max_retries + 1)):
            try:
                await self._once(context, guest, setting)
            except Exception as error:
                if left:
                    context.say(
                        f'Provisioner failed with "{error}", retrying with {left} trie(s) left'
                    )
                    continue
                if common.max_retries:
                    context.say("retry limit reached.")
                if not common.continue_on_error:
                    raise self._tried(error) from error
                context.note(f"{self.plan.title} failed, going on: {error}", "warning")
            return

    def _tried(self, error: Exception) -> Exception:
        """The error of the last try, as the step's; of several tries their number is told."""
        if not self.common.max_retries or not isinstance(error, StepError):
            return error
        summary = f"{error.failure.summary} (the last of {self.common.max_retries + 1} tries)"
        return StepError(replace(error.failure, summary=summary))

    async def _once(self, context: StepContext, guest: Guest, setting: ProvisionerSetting) -> None:
        """One try: the pause, and then the work within its limit, which is each try's own."""
        pause, limit = self.common.pause_before, self.common.timeout
        if pause > 0:
            context.say(f"Pausing {go_duration(pause)} before the next provisioner...")
            await asyncio.sleep(pause)
        # A value that names this build may have to be asked for now.
        options = await asyncio.to_thread(self.options, guest)
        provisioner = self.provisioner(options, setting)
        if limit <= 0:
            await provisioner.provision(context, guest)
            return
        context.say(f"Setting a {go_duration(limit)} timeout for the next provisioner...")
        loop = asyncio.get_running_loop()
        telling = None
        try:
            async with asyncio.timeout(limit) as bound:
                # Told when it begins: what runs in the guest is ended first.
                told = "Cancelling provisioner after a timeout..."
                telling = loop.call_at(bound.when() or 0.0, context.say, told)
                await provisioner.provision(context, guest)
        except TimeoutError as error:
            if not bound.expired():
                raise
            raise StepError(
                f"{self.plan.title} was not done within its timeout of {go_duration(limit)}. "
                "Raise timeout, or look into the instance for what it waits for."
            ) from error
        finally:
            if telling is not None:
                telling.cancel()
