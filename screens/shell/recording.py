"""Records one shell on request, and makes provisioners of what was typed there."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from oxtui.build.recording.commands import script, shell_options, unmarked_variables
from oxtui.build.recording.recorder import begin, end
from oxtui.build.recording.recording import Recording
from screens.dialogs.confirm import ConfirmDialog
from screens.editing.text_dialog import TextDialog
from screens.shell.recording_rows import RecordedRows
from screens.wording import plural

if TYPE_CHECKING:
    from textual.app import App

    from oxtui.build.recording.commands import RecordedCommand
    from oxtui.component.protocols import Communicator
    from oxtui.logs.redact import Redactor
    from screens.shell.session import ShellSession

_ASKED = (
    "A line is typed into the shell that brings the hooks in, so the shell has to be at its prompt: a program "
    "that runs in it, or a question for a password, would get that line."
)


class ShellRecorder:
    """The recording of one shell.

    Args:
        app: shows dialogs.
        communicator: the way into the guest.
        redactor: hides known secrets.
        keep: takes each command, for the session.
        add: makes the provisioner of these options; a sentence where the build cannot take one now.
        rows: what was recorded in the same instance before.
    """

    def __init__(
        self,
        app: App[int],
        communicator: Communicator,
        redactor: Redactor,
        keep: Callable[[RecordedCommand], None],
        add: Callable[[dict[str, object]], Awaitable[str]],
        rows: RecordedRows | None = None,
    ) -> None:
        self._app = app
        self._communicator = communicator
        self._keep = keep
        self._add = add
        self.redactor = redactor
        self.recording: Recording | None = None
        self.rows = RecordedRows() if rows is None else rows
        self.changed: Callable[[], None] = lambda: None
        self.wanted: Callable[[], object] = lambda: None
        """Asks whoever shows the shell to switch recording on or off."""
        self._switching = asyncio.Lock()

    @property
    def on(self) -> bool:
        """Whether commands are recorded now."""
        return self.recording is not None and self.recording.phase == "on"

    @property
    def title(self) -> str:
        """For the shell's border."""
        if self.recording is None or self.recording.phase == "off":
            return ""
        return "recording ●" if self.on else "recording …"

    @property
    def note(self) -> str:
        """What is to be known, in a few words."""
        recording = self.recording
        if recording is None:
            return ""
        if recording.phase == "off":
            return "Recording is off."
        if recording.prompt_changed:
            return "The prompt was changed: r twice."
        if recording.running:
            return "Running; its input is not recorded."
        told = [
            f"{recording.lost} could not be recorded" if recording.lost else "",
            f"{recording.unseen} not in the history" if recording.unseen else "",
        ]
        return ", ".join(filter(None, told))

    def feed(self, data: bytes) -> bytes:
        """The shell's output without what its hooks report."""
        return data if self.recording is None else self.recording.feed(data)

    async def toggle(self, session: ShellSession) -> str:
        """Switch recording on or off; what to say about it."""
        async with self._switching:
            if self.on and self.recording is not None:
                whole = end(self.recording, session.write)
                self.changed()
                return "Recording is off." + (
                    ""
                    if whole
                    else " A command runs, so the hooks stay in the shell until it ends."
                )
            return await self._begin(session)

    async def _begin(self, session: ShellSession) -> str:
        # A line editor that takes pasted text is at its prompt; an older one does not tell.
        if not session.emulator.bracketed_paste:
            asked = ConfirmDialog("Is the shell at its prompt?", _ASKED)
            if await self._app.push_screen_wait(asked) is None:
                return ""
        recording = self.recording = Recording(secrets.token_hex(16))
        self.changed()
        try:
            await begin(recording, self._communicator, session.write)
        finally:
            recording.reported = self._reported
            recording.changed = self.changed
            self.changed()
        return (
            "Recording is on: commands that end are listed and kept in the session as the history has them, "
            "known secrets masked. What is typed into them, or in a shell that they start, is not taken."
        )

    def _reported(self, command: RecordedCommand) -> None:
        if self.recording is not None:
            self.rows.shell, self.rows.home = self.recording.shell, self.recording.home
        self.rows.add(command)
        self._keep(command)

    async def make(self) -> str:
        """Make a provisioner of what is marked, once its text was seen; what to say about it."""
        from oxtui.build.editing import Editable, without_secrets

        rows, chosen = self.rows, self.rows.marked
        if not chosen:
            return ""
        before = without_secrets(Editable("", "bash", script(chosen, rows.home)), self.redactor)
        dialog = TextDialog(
            f"New shell provisioner: {plural(len(chosen), 'command')}", before.text, language="shell",
            help=self._told(chosen, hidden=bool(before.secrets)),
            check=lambda text: None if text.strip() else "There is no command in it.",
        )  # fmt: skip
        text = await self._app.push_screen_wait(dialog)
        if text is None:
            return ""
        refused = await self._add(shell_options(before.revealed(text), rows.shell))
        if refused:
            return refused
        self.rows.done()
        self.changed()
        return "The provisioner is in the session, as done by hand; export has it."

    def _told(self, chosen: list[RecordedCommand], *, hidden: bool) -> str:
        told = [
            f"Done here by hand already, it is passed over now; later runs do it by {self.rows.shell} -e, which "
            "stops at the first command that fails."
        ]
        if any(command.status != 0 for command in chosen):
            told.append("One of them did not succeed.")
        if any(command.starts_shell for command in chosen):
            told.append("One starts a shell, what was typed in which is not recorded.")
        if names := unmarked_variables(chosen, self.rows.others):
            told.append(f"{', '.join(names)} is set by a command that is not marked.")
        if hidden:
            told.append("A <sensitive 1> runs as the secret that it hides.")
        return " ".join(told)
