"""Ties the recording of a shell to the build in whose instance it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screens.shell.recording import ShellRecorder
from screens.shell.recording_rows import RecordedRows

if TYPE_CHECKING:
    from textual.app import App

    from oxtui.build.live import LiveSession
    from oxtui.build.recording.commands import RecordedCommand
    from oxtui.component.protocols import Communicator


def recorder_of(
    app: App[int],
    session: LiveSession,
    build: str,
    communicator: Communicator,
    rows: RecordedRows,
) -> ShellRecorder:
    """The recorder of a shell in that build's instance: the session keeps what is typed, masked.

    `rows` outlive the shell, so that what was typed in one that ended can still be made a provisioner.
    """

    def keep(command: RecordedCommand) -> None:
        runner = session.runner(build)
        if runner is not None:
            runner.recorded(command)

    async def add(options: dict[str, object]) -> str:
        from oxtui.component.commands import AddProvisioner

        state = session.state.builds[build]
        if state.pause is None:
            return (
                "The build runs. p stops it before its next step; then enter makes the provisioner."
            )
        known = len(state.added)
        await session.command(
            AddProvisioner(build=build, type_name="shell", options=options, done=True)
        )
        state = session.state.builds[build]
        if len(state.added) > known:
            return ""
        return state.notes[-1].text if state.notes else "The build did not take the provisioner."

    return ShellRecorder(app, communicator, session.environment.redactor, keep, add, rows)
