"""The sleep provisioner: waits (packer.md 3.4)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from oxtui.component.checkpoints import Inputs
from oxtui.component.options import Duration, Options, option
from oxtui.component.protocols import Guest, Problem, ProvisionerSetting, StepContext


class SleepOptions(Options):
    """How long to wait."""

    duration: Duration = option(help='Time to wait, such as "10s".', unit="seconds", ge=0)


class SleepProvisioner:
    """The `sleep` provisioner."""

    Options: ClassVar[type[SleepOptions]] = SleepOptions
    needs_guest: ClassVar[bool] = False

    def __init__(self, options: SleepOptions, setting: ProvisionerSetting) -> None:
        self.options = options
        self.setting = setting

    @staticmethod
    def detail(options: SleepOptions) -> str:
        """The time."""
        return f"{options.duration:g} s"

    @staticmethod
    def problems(options: SleepOptions, folder: Path) -> Sequence[Problem]:
        """None: it needs nothing."""
        return []

    @staticmethod
    def inputs(options: SleepOptions) -> Inputs:
        """Nothing."""
        return Inputs(changes_nothing=True)

    async def provision(self, context: StepContext, guest: Guest) -> None:
        """Waits; can be cancelled."""
        context.say(f"Waiting {self.options.duration:g} s")
        await asyncio.sleep(self.options.duration)
