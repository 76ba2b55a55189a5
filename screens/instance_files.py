"""Ties the file pane to the build whose instance it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from oxtui.build.live import LiveSession
    from screens.files.pane import FilePane


def file_pane(session: LiveSession, build: str) -> FilePane | None:
    """The pane of a build's instance; None while there is no connection to one."""
    from oxtui.build.files.guest import GuestShell
    from screens.files.hand import Told
    from screens.files.pane import FilePane

    runner = session.runner(build)
    communicator = runner.builder.guest.communicator if runner is not None else None
    if runner is None or communicator is None:
        return None
    state = session.state.builds[build]
    step = state.steps.get("instance")
    place = f"{state.address.user}@{state.address.address}" if state.address is not None else build
    return FilePane(
        GuestShell(communicator), place, session.environment.redactor,
        Told(lambda text: runner.services.note(text, "info"), runner.uploaded),
        step.started if step is not None else None, session.environment.now,
    )  # fmt: skip
