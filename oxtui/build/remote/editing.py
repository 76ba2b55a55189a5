"""Steps that are edited from another terminal; what is secret in them stays in the process that runs the build.

The other end sends `edit` (build, step) and gets the step's text in the answer, a mark in place of each secret.
It sends it back as `edited`, with the text: checked alone, or (`take`) given to the build, which (`again`) runs
the step that failed again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from oxtui.build.live import LiveSession
from oxtui.build.remote.command_records import CommandRefused
from oxtui.build.remote.wire import LONGEST_TEXT, Message
from oxtui.component.commands import Command, EditAndRetry, EditStep
from oxtui.component.errors import StepError

if TYPE_CHECKING:
    from oxtui.build.editing import Editable, OpenStep

_EXPECTED: dict[str, type] = {"build": str, "step": str, "text": str, "take": bool, "again": bool}


class RemoteEditing:
    """What one connection edits.

    Args:
        session: whose steps.
        tell: hands a command to the session, and gives what is said against it.
    """

    def __init__(
        self, session: LiveSession, tell: Callable[[Command], Awaitable[list[str]]]
    ) -> None:
        self._session = session
        self._tell = tell
        self._open: dict[tuple[str, str], tuple[OpenStep, Editable]] = {}

    async def edit(self, message: Message) -> Mapping[str, Any]:
        """The step's text as it would run now: `title`, `language`, `text`, and whether it has `secrets`.

        Raises:
            CommandRefused: there is no such step, or it has no text.
        """
        from oxtui.build.editing import editable

        build, step = _values(message, "build", "step")
        redactor, runner = self._session.environment.redactor, self._session.runner(build)
        opened = runner.editable(step) if runner is not None else None
        if runner is None or opened is None:
            raise CommandRefused(f"{step!r} of build {build!r} is no step that can be edited.")
        try:
            before = await asyncio.to_thread(editable, opened, runner.builder.guest, redactor)
        except StepError as error:
            raise CommandRefused(redactor.text(str(error))) from None
        if len(before.text) > LONGEST_TEXT:
            raise CommandRefused(
                f"The text of {step!r} is longer than {LONGEST_TEXT} characters; it can be edited where the build runs."
            )
        self._open[build, step] = opened, before
        return {
            "title": redactor.text(before.title), "language": before.language,
            "text": before.text, "secrets": bool(before.secrets),
        }  # fmt: skip

    async def edited(self, message: Message) -> list[str]:
        """What is wrong with the text, or what the build says against it; nothing if it was taken.

        Raises:
            CommandRefused: the message is wrong, or the step was not asked for before.
        """
        from oxtui.build.editing import edited

        build, step, text, take, again = _values(message, *_EXPECTED)
        if (build, step) not in self._open:
            raise CommandRefused(f"{step!r} of build {build!r} is not being edited.")
        opened, before = self._open[build, step]
        try:
            changes = await asyncio.to_thread(edited, opened, before, text)
        except StepError as error:
            return [self._session.environment.redactor.text(str(error))]
        if not take:
            return []
        if again:
            return await self._tell(EditAndRetry(build=build, changes=changes))
        return (
            await self._tell(EditStep(build=build, step=step, changes=changes)) if changes else []
        )


def _values(message: Message, *names: str) -> list[Any]:
    for name in names:
        if type(message.get(name)) is not (expected := _EXPECTED[name]):
            kind = "a text" if expected is str else "true or false"
            raise CommandRefused(f"{message['type']} takes no such {name!r}: {kind} is expected.")
    return [message[name] for name in names]
