"""The breakpoint provisioner: the build stops here (packer.md 3.4). The engine does the stopping."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from oxtui.component.checkpoints import Inputs
from oxtui.component.options import Options, option
from oxtui.component.protocols import Guest, Problem, ProvisionerSetting, StepContext


class BreakpointOptions(Options):
    """A place to stop."""

    documentation: ClassVar[str] = (
        "https://developer.hashicorp.com/packer/docs/provisioners/breakpoint"
    )

    disable: bool = option(False, help="Do not stop here.")
    note: str = option("", help="What to look at while the build stands here.", template=True)

    @property
    def stops(self) -> bool:
        """It stops unless it is disabled."""
        return not self.disable


class BreakpointProvisioner:
    """The `breakpoint` provisioner."""

    Options: ClassVar[type[BreakpointOptions]] = BreakpointOptions
    needs_guest: ClassVar[bool] = False

    def __init__(self, options: BreakpointOptions, setting: ProvisionerSetting) -> None:
        self.options = options
        self.setting = setting

    @staticmethod
    def detail(options: BreakpointOptions) -> str:
        """The note."""
        return options.note or ("disabled" if options.disable else "")

    @staticmethod
    def problems(options: BreakpointOptions, folder: Path) -> Sequence[Problem]:
        """None: it needs nothing."""
        return []

    @staticmethod
    def inputs(options: BreakpointOptions) -> Inputs:
        """Nothing."""
        return Inputs(changes_nothing=True)

    async def provision(self, context: StepContext, guest: Guest) -> None:
        """Says that the build goes on; it stood before this step, unless it is disabled."""
        note = self.options.note
        if self.options.disable:
            told = f' with note "{note}"' if note else ""
            context.say(f"Breakpoint provisioner{told} disabled; continuing...")
        else:
            context.say("Breakpoint passed" + (f": {note}" if note else ""))
