"""The Connect screen: racks and accounts to choose from, with where each is known from and which is the default."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual import on
from textual.app import ComposeResult
from textual.widgets import Static

from screens.connect.choice import offerings, rack_of_profile, transport
from screens.connect.offered import Offered
from screens.connection import Rack
from screens.dialogs.form import Field, FormDialog
from screens.oxtui_screen import Workplace
from screens.tables.cell import Cell, Column, Tone
from screens.tables.model import TableModel
from screens.widgets.resource_table import ResourceTable

if TYPE_CHECKING:
    from oxtui.oxide.accounts import LoggedIn

_WELCOME = (
    "Choose a rack, or an Outscale account, to work with. The demo rack is simulated on this "
    "machine: it needs no account, no network, and its instances are real enough to build an image in."
)
_LOG_IN = Offered("log-in", "log in to a rack…", "", "a code, confirmed in a browser", None)
_PASTE = Offered("paste", "host and token…", "", "pasted, used until oxtui ends", None)
_WAYS = {way.key: way for way in (_LOG_IN, _PASTE)}
"""Ways to racks that are not known yet, at the end of the list."""


def _state(row: Offered) -> Cell:
    if row.key in _WAYS:
        return Cell("")
    if row.problem:
        return Cell("✗ cannot be used", "bad")
    if row.connected:
        return Cell("● connected", "good")
    if row.chosen:
        return Cell(f"○ default ({row.chosen})", "accent")
    return Cell("○ ready", "muted")


_TONES: dict[str, Tone] = {"Oxide": "accent", "Outscale": "busy"}

_COLUMNS = (
    Column(title="NAME", cell=lambda row: row.name, minimum=12),
    Column(title="OF", cell=lambda row: Cell(row.service, _TONES[row.service]), minimum=8),
    Column(title="HOST", cell=lambda row: row.host or "–", minimum=18, maximum=60, priority=2),
    Column(title="KNOWN FROM", cell=lambda row: Cell(row.source, "muted"), priority=3, minimum=20),
    Column(title="STATE", cell=_state, minimum=24, maximum=60, priority=1),
)


class ConnectScreen(Workplace):
    """Choose a rack."""

    CONTEXTS = ("connect",)
    DEFAULT_CSS = """
    ConnectScreen {
        & .connect--text { padding: 1 3; color: $text-muted; height: auto; }
        & .connect--note { padding: 0 3 1 3; color: $text-warning; height: auto; display: none; }
        & ResourceTable { margin: 0 2; }
        & .connect--problem { padding: 0 3 1 3; color: $text-error; height: auto; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._model = TableModel[Any](_COLUMNS, lambda row: row.key)

    def body(self) -> ComposeResult:
        """What this is, what is wrong, the racks."""
        yield Static(_WELCOME, classes="connect--text")
        yield Static("", classes="connect--note", markup=False)
        yield ResourceTable(self._model)
        yield Static("", classes="connect--problem", markup=False)

    def on_mount(self) -> None:
        """The cursor begins on the rack that the credentials choose."""
        super().on_mount()
        self._read(to_default=True)
        self.query_one(ResourceTable).focus()

    def visit(self, names: tuple[str, ...]) -> None:
        """The files may have changed since."""
        if self.is_mounted:
            self._read(to_default=False)

    def crumbs(self) -> str:
        """Where we are."""
        return "racks"

    def rack_changed(self) -> None:
        """Another rack may be the connected one."""
        self._read(to_default=False)

    def _read(self, to_default: bool) -> None:
        found = offerings(self.oxtui.services, self.oxtui.connector.link)
        rows = [*found.racks, *_WAYS.values()]
        self._model.upsert(rows)
        self._model.keep([row.key for row in rows])
        if to_default:
            default = next((rack.key for rack in found.racks if rack.chosen), "demo")
            self._model.go_to(default)
        note = self.query_one(".connect--note", Static)
        note.update(found.note)
        note.display = bool(found.note)
        self.query_one(ResourceTable).model_changed()

    @on(ResourceTable.CursorMoved)
    def _tell_problem(self) -> None:
        row = self._model.current
        self.query_one(".connect--problem", Static).update(_told(row))

    @on(ResourceTable.Opened)
    def do_open(self) -> None:
        """Connect to the rack under the cursor, or go the way to it."""
        row = self._model.current
        if row is None:
            return
        if row.key == _PASTE.key:
            self.do_paste()
        elif row.target is not None:
            self.oxtui.choose_rack_soon(row.target)
        elif row.service == _LOG_IN.service:
            self.do_log_in()
        else:
            self.notify(row.problem, title=row.name, severity="warning", markup=False)

    def do_log_in(self) -> None:
        """Ask for the rack, then for a code; the host of the profile under the cursor is offered."""
        row = self._model.current
        renewed = row is not None and row.key.startswith("profile:")
        fields = (
            Field(
                name="host",
                label="host",
                value=row.host if row is not None and renewed else "",
                check=_check_host,
                help="Such as https://my-silo.sys.example.com",
            ),
            Field(
                name="profile",
                label="profile",
                value=row.name if row is not None and renewed else "",
                help="Where the token is kept, in credentials.toml. Empty: the name of the silo.",
            ),
        )
        self.app.push_screen(FormDialog("Log in to a rack", fields), self._log_in_at)

    def _log_in_at(self, values: Any) -> None:
        if values is not None:
            from screens.connect.login_dialog import LoginDialog

            self.app.push_screen(LoginDialog(values["host"], values["profile"]), self._logged_in)

    def _logged_in(self, done: LoggedIn | None) -> None:
        if done is None:
            return
        kept = f'profile "{done.profile}"{", now the default" if done.became_default else ""}'
        self.notify(
            f"Logged in as {done.user.display_name} of silo {done.user.silo_name}; {kept}.",
            markup=False,
        )
        self.oxtui.choose_rack_soon(rack_of_profile(self.oxtui.services, done.profile))

    def do_paste(self) -> None:
        """Ask for host and token; they are used until oxtui ends and kept nowhere."""
        fields = (
            Field(
                name="host",
                label="host",
                check=_check_host,
                help="Such as https://my-silo.sys.example.com",
            ),
            Field(
                name="token",
                label="token",
                secret=True,
                check=_check_token,
                help="Begins with oxide-token-. It is used until oxtui ends and kept nowhere.",
            ),
        )
        self.app.push_screen(FormDialog("Connect to a rack", fields), self._pasted)

    def _pasted(self, values: Any) -> None:
        if values is None:
            return
        from oxtui.oxide.credentials import ConnectionOptions, resolve
        from oxtui.oxide.token import Token

        pasted = {"host": "pasted", "token": "pasted"}
        options = ConnectionOptions(values["host"], Token(values["token"]), source=pasted)
        services = self.oxtui.services
        connection = resolve(options, transport(services), services.oxide_config)
        self.oxtui.choose_rack_soon(Rack(connection))


def _told(row: Offered | None) -> str:
    if row is None or not row.problem:
        return ""
    return f"{row.problem} l logs in anew." if row.key.startswith("profile:") else row.problem


def _check_host(text: str) -> str | None:
    from oxtui.oxide.errors import CredentialsError
    from oxtui.oxide.host import normalise_host

    if not text:
        return "The address of the rack is needed."
    try:
        normalise_host(text)
    except CredentialsError as error:
        return str(error)
    return None


def _check_token(text: str) -> str | None:
    from oxtui.oxide.token import Token

    if not text:
        return "A token is needed; the console makes one under Access Tokens."
    return None if Token(text).is_sendable() else "A token has no blanks and no line breaks."
