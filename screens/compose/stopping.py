"""Stops of the builds that are started from Compose: breakpoints at steps, and what else they stop for."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from oxtui.component.commands import SetBreakpoint
from oxtui.component.events import BreakpointPlace
from oxtui.logs.sanitise import plain
from screens.build.stops_dialog import StopCommand, StopsDialog, StopTick, stop_ticks
from screens.compose.reading import Part
from screens.compose.steps import STEPS
from screens.compose.text_mode import TextMode

_PLACES: tuple[BreakpointPlace, ...] = ("before", "after")


class Stopping(TextMode):
    """What the keys of breakpoints do. They are kept beside the template's text, for later runs of oxtui too."""

    @property
    def _here(self) -> Part | None:
        """The part that is selected; in the text the one that the cursor is in."""
        if not self.in_text or self.bench is None:
            return self.part
        found = next(self.bench.reading.at(self.file, self._offset()), None)
        return found[0] if found is not None else None

    def why_no_breakpoint(self) -> str:
        """Why the build cannot be made to stop before what is selected; empty if it can."""
        part, bench = self._here, self.bench
        plan = self.checked.plan if self.checked is not None else None
        if part is None or bench is None or part.kind not in STEPS:
            return "Only provisioners and post-processors have breakpoints; S sets other stops."
        if plan is not None and plan.packer is not None:
            return "Packer runs this template; a breakpoint there is a provisioner (a adds one)."
        if not bench.reading.is_whole:
            return "The text cannot be read; mend its syntax first."
        step = next((each for each in bench.stops.steps if each.id == part.id), None)
        if step is None or "before" in bench.stops.places(part.id):
            return ""
        if not step.enabled:
            return "It is switched off; space switches it on."
        return "The build stops at it anyway; space switches it off." if step.stops else ""

    def do_break(self) -> None:
        """Let builds stop before the step, or no longer."""
        part, bench = self._here, self.bench
        if part is not None and bench is not None:
            self.follow_steps(bench)
            on = "before" not in bench.stops.places(part.id)
            bench.stops.apply(SetBreakpoint(step=part.id, on=on))
            self.start(self.redraw, "draw")

    def do_stops(self) -> None:
        """Everything that builds stop for; after the selected step as well."""
        self.start(self._stops, "arrange", exclusive=False)

    async def _stops(self) -> None:
        await self.flush()
        bench = self.bench
        if bench is None:
            return
        self.follow_steps(bench)
        dialog = StopsDialog("A build that is started here", self._ticks())
        changes: Sequence[StopCommand] | None = await self.app.push_screen_wait(dialog)
        for each in changes or ():
            bench.stops.apply(each)
        await self.redraw()

    def _ticks(self) -> list[StopTick]:
        """Of the selected step both, of others those that are set, then the stops at no step."""
        here, bench = self._here, self.bench
        if bench is None:
            return []
        stops = bench.stops
        steps = sorted(stops.steps, key=lambda step: here is None or step.id != here.id)
        ticks = [
            StopTick(
                plain(f"{when.capitalize()} {step.title}"),
                SetBreakpoint(step=step.id, on=True, when=when),
                when in stops.places(step.id),
            )
            for step in steps
            for when in _PLACES
            if (here is not None and step.id == here.id and step.enabled)
            or when in stops.places(step.id)
        ]
        held = [
            StopTick(f"{when.capitalize()} {step}", SetBreakpoint(step=step, on=True, when=when))
            for when, step in stops.others
        ]
        return [*ticks, *held, *stop_ticks(stops.kinds)]

    def on_screen_resume(self) -> None:
        """Another screen may have set breakpoints meanwhile."""
        self.start(partial(self.redraw), "draw")
