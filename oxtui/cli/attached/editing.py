"""A step of another process's session, edited on this terminal; what is secret in it never comes here."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from oxtui.build.remote.client import NotReached, RemoteSession
from oxtui.build.state import BuildState
from oxtui.cli.attached.words import NotUnderstood, addressed, found_step
from oxtui.cli.errors import USAGE, CommandError
from oxtui.cli.telling import complain
from oxtui.logs.sanitise import plain
from oxtui.settings.editor import editor, text_file

_BEFORE = ("failure", "breakpoint", "requested", "step")
"""Reasons for a stop before, or in, a step: that one is meant where none is named."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: a sentence, empty where the build tells itself; `taken`: the build has the text."""

    text: str
    taken: bool = False


class Editing:
    """Edits steps of a session; a text that could not be used is kept, and edited on.

    Args:
        session: whose steps.
        environment: names the editor.
    """

    def __init__(self, session: RemoteSession, environment: Mapping[str, str]) -> None:
        self._session = session
        self._environment = environment
        self._drafts: dict[tuple[str, str], str] = {}

    @property
    def is_open(self) -> bool:
        """Whether a text is kept that could not be used."""
        return bool(self._drafts)

    async def edit(self, words: Sequence[str], name: str | None) -> Outcome:
        """Has the step edited that `words` name, or that failed.

        Raises:
            NotUnderstood: no step is meant that could be edited.
        """
        build = addressed(self._session.state, name, stopped=True)
        step, again = edited_step(build, words)
        try:
            before = await self._session.edit(build.name, step)
        except NotReached as error:
            return Outcome(str(error))
        key = build.name, step
        try:
            text = await self._outside(self._drafts.get(key, before.text), before.language)
        except OSError as error:
            return Outcome(f"The editor cannot be started: {error.strerror} ({error.filename}).")
        except ValueError as error:
            return Outcome(f"The editor cannot be used: {error}.")
        if text is None:
            return Outcome("The editor ended with an error, so nothing is changed.")
        self._drafts.pop(key, None)
        if text == before.text:
            then = ", so nothing runs; `retry` runs it again as it is" if again else ""
            return Outcome(f"Nothing is changed{then}.")
        if problem := await self._session.edited(build.name, step, text, take=False):
            self._drafts[key] = text
            return Outcome(f"{problem} `edit` goes on with your text.")
        if refused := await self._session.edited(build.name, step, text, again=again):
            return Outcome(refused)
        return Outcome("" if again else f"{before.title} runs so in this session.", taken=True)

    async def _outside(self, text: str, language: str) -> str | None:
        """The text as the editor left it; None where it failed."""
        with text_file(text, language) as path:
            program = await asyncio.create_subprocess_exec(*editor(self._environment), str(path))
            try:
                status = await program.wait()
            except asyncio.CancelledError:
                program.terminate()
                await asyncio.shield(program.wait())
                raise
            return None if status else await asyncio.to_thread(path.read_text, "utf-8")


def edited_step(build: BuildState, words: Sequence[str]) -> tuple[str, bool]:
    """The step that is meant, and whether it then runs again, as it is the one that failed.

    Raises:
        NotUnderstood: none is, or none can be edited now.
    """
    pause = build.pause
    if pause is None:
        raise NotUnderstood("A step is edited where the build stands; `pause` stops it.")
    if words:
        step = found_step(build, " ".join(words))
    elif pause.reason in _BEFORE:
        step = pause.step
    else:
        raise NotUnderstood("Say which: edit STEP.")
    return step, pause.reason == "failure" and step == pause.step


async def edit_once(session: RemoteSession, words: Sequence[str], name: str | None) -> int:
    """The same for one word alone; a text that cannot be used is edited on. The exit code."""
    editing = Editing(session, os.environ)
    while True:
        try:
            outcome = await editing.edit(words, name)
        except NotUnderstood as error:
            raise CommandError(str(error), USAGE) from None
        if outcome.taken:
            if outcome.text:
                print(plain(outcome.text))
            return 0
        complain(f"oxtui: {outcome.text}")
        if not (editing.is_open and sys.stdin.isatty()):
            return 1
        await asyncio.to_thread(input, "Enter edits on, ctrl+c gives it up. ")
