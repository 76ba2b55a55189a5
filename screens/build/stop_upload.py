"""Asks what to send to the guest, and where to."""

from __future__ import annotations

import asyncio
import os

from textual.widgets import Input

from screens.dialogs.form import Field, FormDialog
from screens.upload.paths import PathSuggester


class SendDialog(FormDialog):
    """Answers with `source` and `destination`, once there is something to send."""

    def __init__(self, place: str, step: str, destination: str) -> None:
        super().__init__(
            "Send a file or a directory",
            (
                Field(
                    name="source", label="from here", check=self._check,
                    help="A file or a directory of this machine; → completes a path. Of a directory with / "
                    "at its end the content is sent.",
                ),
                Field(
                    name="destination", label="to", value=destination,
                    help="In the guest; with / at its end it is a directory that is there. A relative path "
                    "begins in the home of the login.",
                ),
            ),
            text=f"To {place}, told in the log of {step}. What is there already is replaced.",
        )  # fmt: skip
        self._unreadable = ("", "")
        """A path, and why it cannot be read."""

    def on_mount(self) -> None:
        """The path comes first, and completes itself."""
        super().on_mount()
        source = self.query_one("#source", Input)
        source.suggester = PathSuggester()
        source.focus()

    def _check(self, text: str) -> str | None:
        path, why = self._unreadable
        if not text.strip():
            return "A path is needed."
        return why if why and path == text.strip() else None

    def do_accept(self) -> None:
        """Answer, once the path is known to be there."""
        self.run_worker(self._accept(), exclusive=True, exit_on_error=False)

    async def _accept(self) -> None:
        path = self._values()["source"]
        self._unreadable = (path, await asyncio.to_thread(_why_unreadable, path))
        if self.is_current:
            super().do_accept()


def _why_unreadable(path: str) -> str:
    """Why a path cannot be sent, as a sentence; empty if it can, or if there is none."""
    if not path:
        return ""
    try:
        os.stat(os.path.expanduser(path))
    except OSError as error:
        return f"{path}: {error.strerror}."
    return ""
