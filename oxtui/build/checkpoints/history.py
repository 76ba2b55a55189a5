"""The states that a build's disk has been in so far, and what had a part in them beside the template."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from oxtui.build.checkpoints.chain import Link, Step, next_link
from oxtui.build.checkpoints.contents import Contents
from oxtui.component import debugger_events as d
from oxtui.component import events as e

_BY_HAND: tuple[tuple[type[e.Event], str], ...] = (
    (d.CommandRan, "a command was run by hand"),
    (d.FileUploaded, "a file was uploaded by hand"),
    (d.StepMarkedDone, "a step was done by hand"),
)


class History:
    """Where the disk stands. It begins anew with each instance.

    Args:
        session: its number.
    """

    def __init__(self, session: int) -> None:
        self._session = str(session)
        self.links: list[Link] = []
        """The first is what the disk began with."""
        self._own = ""
        """What happened since the last link, beside the steps."""
        self._stands = False
        """The build waits for the operator, so what is done in the guest is the operator's."""
        self.busy = False
        """What is done in the guest now is oxtui's own."""

    def begin(self, links: Iterable[Link]) -> None:
        """The disk is in the last of these states, by way of the others."""
        self.links = list(links)
        self._own = ""

    def ran(self, step: str, title: str, contents: Contents, seconds: float, now: float) -> Link:
        """A step has changed the disk; the new state."""
        own = self._own
        if contents.inputs.outside:
            own = own or f"{title} has run: {contents.inputs.outside}"
        own = own or contents.problem
        self._own = ""
        if contents.inputs.changes_nothing and not own:
            return self.links[-1]
        new = next_link(
            self.links[-1], Step(step, title, contents.parts), own=own, session=self._session,
            seconds=seconds, ran=now,
        )  # fmt: skip
        self.links.append(new)
        return new

    def disturb(self, why: str) -> None:
        """Something beside the template had a part in the disk's state: `why`, as a clause."""
        self._own = self._own or why

    def now(self) -> Link:
        """The state at this moment, also where something was done by hand since the last step."""
        last = self.links[-1]
        if not self._own:
            return last
        own = next_link(
            last, Step(last.step, last.title), own=self._own, session=self._session,
            seconds=last.seconds, ran=last.ran,
        )  # fmt: skip
        own = replace(own, parts=last.parts)
        if last.step:
            self.links.pop()
        self.links.append(own)  # the beginning stays: it is what the source image is
        self._own = ""
        return own

    def heard(self, event: e.Event) -> None:
        """What the operator does in the guest while the build stands is in no template."""
        if isinstance(event, e.Paused):
            self._stands = True
        elif isinstance(event, e.Resumed):
            self._stands = False
        if not self.links:
            return
        if isinstance(event, e.SshCalled):
            typed = event.operation == "shell"
            if typed or (self._stands and event.operation != "connect" and not self.busy):
                self.disturb("a shell was opened" if typed else "it was worked on by hand")
        for kind, why in _BY_HAND:
            if isinstance(event, kind):
                self.disturb(why)
