"""Log in to a rack: a code, a page of the rack on which it is confirmed, and the wait for that."""

from __future__ import annotations

import asyncio
from importlib import import_module
from typing import TYPE_CHECKING, TypeAlias

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from screens.background import start
from screens.dialogs.dialog import Dialog
from screens.failures import sentence
from screens.tables.cell import clean

if TYPE_CHECKING:
    from oxtui.oxide.accounts import LoggedIn
    from oxtui.oxide.login import DeviceCode

Answer: TypeAlias = "LoggedIn"
_TICK = 1.0
"""Seconds between two drawings of the time that is left."""


class LoginDialog(Dialog[Answer]):
    """One login; it answers with what was logged in to once the profile is written.

    Args:
        host: the rack, as `normalise_host` takes it.
        profile: name of the profile that is written; empty for the silo's name.
    """

    CONTEXTS = ("login", "dialog")
    DEFAULT_CSS = """
    LoginDialog .login--text { height: auto; }
    """

    def __init__(self, host: str, profile: str = "") -> None:
        super().__init__("Log in to a rack")
        self._host = host
        self._profile = profile
        self.code: DeviceCode | None = None
        """What the operator confirms; None until the rack gave it."""
        self.problem = ""
        """Why there is no login; empty while there may be one."""
        self._opened = False
        self._until = 0.0

    def body(self) -> ComposeResult:
        """One text, drawn anew as time goes by."""
        yield Static("", classes="login--text")

    def on_mount(self) -> None:
        """Ask the rack for a code at once."""
        super().on_mount()
        self.set_interval(_TICK, self._draw)
        self.do_again()

    def do_again(self) -> None:
        """Ask for a new code; the one before is not waited for any more."""
        self.code, self.problem = None, ""
        self._draw()
        start(self, self._log_in, group="login", exclusive=True)

    def do_copy_address(self) -> None:
        """The page on which the code is confirmed."""
        if self.code is not None:
            self.oxtui.copy(self.code.verification_uri, "the address")

    def do_copy_code(self) -> None:
        """What is typed there."""
        if self.code is not None:
            self.oxtui.copy(self.code.user_code, "the code")

    async def _log_in(self) -> None:
        await asyncio.to_thread(import_module, "oxtui.oxide.client")  # takes longer than a frame
        from oxtui.oxide.accounts import keep_login
        from oxtui.oxide.browser import open_browser
        from oxtui.oxide.credentials import ConnectionOptions, resolve
        from oxtui.oxide.errors import OxideError
        from oxtui.oxide.login import DeviceLogin
        from oxtui.oxide.token import Token
        from screens.connect.choice import transport

        services = self.oxtui.services
        config = services.oxide_config
        try:
            wanted = ConnectionOptions(self._host, Token(""))
            rack = resolve(wanted, transport(services), config)
            async with DeviceLogin(rack.host, rack.insecure, rack.cacert) as login:
                self.code = code = await login.begin()
                self._until = services.clock() + code.expires_in
                self._draw()
                self._opened = await asyncio.to_thread(
                    open_browser, code.verification_uri, services.environment
                )
                self._draw()
                grant = await login.wait(code)
                done = await keep_login(login, grant, config, self._profile or None)
        except (OxideError, OSError) as error:
            self.code, self.problem = None, sentence(error)
            self._draw()
        else:
            self.dismiss(done)

    def _draw(self) -> None:
        self.query_one(Static).update(Content("\n").join(self._lines()))
        self.refresh_bindings()

    def _lines(self) -> list[Content]:
        if self.problem:
            return [Content.styled(f"✗ {clean(self.problem)}", "$text-error")]
        if self.code is None:
            return [Content.styled(f"Asking {clean(self._host)} for a code…", "$text-muted")]
        left = max(0, round(self._until - self.oxtui.services.clock()))
        page = "A browser was opened at" if self._opened else "Open in a browser"
        return [
            Content.styled(f"1  {page}", "$text-muted"),
            Content.styled(f"   {clean(self.code.verification_uri)}", "bold $text-accent"),
            Content(""),
            Content.styled("2  Log in there, and type this code", "$text-muted"),
            Content.styled(f"   {clean(self.code.user_code)}", "bold $text-accent"),
            Content(""),
            Content.styled(
                f"◐ Waiting for you to confirm it; {left // 60}:{left % 60:02} left.",
                "$text-secondary",
            ),
            Content(""),
            Content.styled(
                "The token goes into credentials.toml, where the `oxide` command finds it too.",
                "$text-muted",
            ),
        ]
