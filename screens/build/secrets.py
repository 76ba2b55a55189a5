"""The dialog that asks for the secret a running step waits for."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from textual.widgets import Input

from oxtui.component.commands import GiveSecret
from oxtui.component.events import Event, SecretAsked
from oxtui.logs.sanitise import plain
from screens.build.source import SessionView
from screens.dialogs.form import Field, FormDialog
from screens.oxtui_screen import OxtuiScreen


class SecretDialog(FormDialog):
    """One masked field; it goes away by itself when the step waits no longer."""

    def __init__(self, session: SessionView, asked: SecretAsked) -> None:
        what, _, detail = plain(asked.question).partition(" of ")
        why = f"{plain(asked.problem)}. " if asked.problem else ""
        text = f"{why}{plain(asked.question)}, for build {plain(asked.build)}."
        field = Field(
            name="secret", label=what if detail else "Answer", secret=True,
            help="Kept in memory for this session and written nowhere; esc fails the step.",
        )  # fmt: skip
        super().__init__("Secret", [field], text=text)
        self._session = session
        self._asked = asked
        self._unsubscribe: Callable[[], None] = lambda: None

    def _values(self) -> dict[str, str]:
        """As it was typed: a passphrase may begin or end with a blank."""
        return {"secret": self.query_one("#secret", Input).value}

    def on_mount(self) -> None:
        """The build may be aborted meanwhile."""
        self._unsubscribe = self._session.subscribe(self._told)

    def on_unmount(self) -> None:
        """Nobody listens any more."""
        self._unsubscribe()

    def _told(self, _event: Event) -> None:
        if (
            waits_for(self._session, self._asked.build) is not self._asked
            and self.app.screen is self
        ):
            self.dismiss(None)


def waits_for(session: SessionView, build: str) -> SecretAsked | None:
    """What a build of the session waits for."""
    state = session.state.builds.get(build)
    return state.secret if state is not None else None


def ask_for_secret(screen: OxtuiScreen[None], session: SessionView) -> None:
    """Opens a dialog for the first build that waits; its answer goes to all that ask the same."""
    asked = next((one.secret for one in session.state.builds.values() if one.secret), None)
    if asked is None:
        return

    def answered(values: Mapping[str, str] | None) -> None:
        if waits_for(session, asked.build) is not asked:
            return
        text = (values or {}).get("secret", "")
        for build in session.state.builds.values():
            if build.secret is not None and build.secret.question == asked.question:
                command = GiveSecret(build=build.name, text=text)
                screen.run_worker(session.command(command), group="secret", exit_on_error=False)

    screen.app.push_screen(SecretDialog(session, asked), answered)
