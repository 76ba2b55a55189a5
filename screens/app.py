"""The Textual app: its screens, keys, connection, and what happens when something goes wrong."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from textual import events
from textual.notifications import SeverityLevel
from textual.screen import Screen
from textual.worker import Worker, WorkerState

from oxtui.logs.sanitise import plain, plain_lines
from oxtui.settings import Settings
from screens.acting import Acts, Offer, actors, offer_of_key, offers
from screens.actions import ACTIONS, CONTEXTS
from screens.actions.keymap import Keymap
from screens.background import start
from screens.building import Building
from screens.builds import Builds
from screens.clipboard import copy, way
from screens.connection import Connector, NoRack, State, Target
from screens.failures import sentence
from screens.oxtui_screen import Workplace
from screens.places import Place, Places
from screens.rack_label import rack_color, rack_marks, rack_name
from screens.services import Services, services
from screens.themes import OWN_THEMES, choose_theme
from screens.upload.uploading import Uploading
from screens.upload.uploads import Uploads
from screens.widgets.top_line import TopLine

SCREENS = {
    "browse": "screens.browse.screen:BrowseScreen",
    "build": "screens.build.screen:BuildScreen",
    "compose": "screens.compose.screen:ComposeScreen",
    "connect": "screens.connect.screen:ConnectScreen",
    "export": "screens.export.screen:ExportScreen",
    "sessions": "screens.sessions.screen:SessionsScreen",
}
"""Screens by id; each is imported when it is first visited."""

_TWICE = 3.0
"""Seconds within which a second ctrl+c leaves."""
_FIRST = Place("browse", ("images", ""))


class OxtuiApp(Acts, Building, Uploading, inherit_bindings=False):
    """oxtui's screens over one rack at a time."""

    CONTEXTS = ("app",)
    CSS_PATH = ["app.tcss", "browse/browse.tcss"]  # noqa: RUF012 - as Textual declares it
    TITLE = "oxtui"
    ENABLE_COMMAND_PALETTE = False
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-wide")]  # noqa: RUF012 - as Textual declares it

    def __init__(
        self, services: Services, template: Path | None = None, place: Place | None = None
    ) -> None:
        super().__init__()
        self._template = template
        self._place = place
        """Where it begins, if that is a place that needs no rack."""
        self.services = services
        self.keymap = Keymap(ACTIONS, CONTEXTS, services.settings.keys)
        self.places = Places(_FIRST)
        self.connector = Connector(services.open, self._connection_changed)
        self.builds = Builds(services, self.builds_changed)
        self.builds.complain = self._complain
        self.uploads = Uploads(services, self.uploads_changed)
        self.crash: Exception | None = None
        """The unexpected error that ended the app."""
        self._interrupted = 0.0
        self._refused = ("", 0.0)
        """Why the last key did nothing, and when that was told."""
        self._screens: dict[str, Workplace] = {}
        for theme in OWN_THEMES:
            self.register_theme(theme)
        general = services.settings.general
        if general.animations != "on":
            self.animation_level = "none"
        self.theme, self._theme_problem = choose_theme(
            general.theme, services.environment, self.available_themes
        )

    # start and end

    async def on_mount(self) -> None:
        """Say what is wrong with the settings; the rack comes after the first frame."""
        for text in filter(None, (self._theme_problem, *self.keymap.problems)):
            self.notify(text, title="Settings", severity="warning", timeout=20)
        self.call_after_refresh(self._begin)

    async def _begin(self) -> None:
        from screens.connect.choice import first_target

        if self._template is not None:
            await self.go(Place("compose", ("file", str(self._template))))
        if self._place is not None:
            await self.go(self._place)
            return
        target = self.services.start or first_target(self.services)
        if isinstance(target, str):
            await self.go(Place("connect", (target,)))
        else:
            await self.connector.connect(target)

    async def on_unmount(self) -> None:
        """Leave the rack; builds and uploads clean up first, a demo rack ends with the app."""
        await self.builds.close()
        await self.uploads.close()
        await self.connector.close()

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Colours of ours for themes that do not have them."""
        return {"alarm-background": "ansi_red", "alarm-foreground": "ansi_bright_white"}

    def _fatal_error(self) -> None:
        """In place of Textual's report, which prints local variables and so tokens and keys."""
        self.crash = self._exception if isinstance(self._exception, Exception) else None
        self._close_messages_no_wait()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """A worker, of the app or of a screen, met an error that nobody expected: say so, and go on."""
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            self.notify(sentence(event.worker.error), title="Error", severity="error", timeout=20)

    # the rack

    async def choose_rack(self, target: Target) -> None:
        """Leave the present rack for another one; a template that is open stays in front."""
        await self.connector.connect(target)
        before = self.places.previous
        composing = before is not None and before.screen == "compose"
        await self.go(Place("compose") if composing else _FIRST)

    def choose_rack_soon(self, target: Target) -> None:
        """The same from where nothing can be awaited."""
        self.call_later(self.choose_rack, target)

    def _connection_changed(self, state: State) -> None:
        del state
        for screen in self._screens.values():
            if screen.is_mounted:
                screen.rack_changed()
                screen.show_top()

    def describe_rack(self, top: TopLine) -> None:
        """Name the rack in a top line, with what makes it dangerous."""
        top.rack = rack_name(self.connector.state)
        top.warnings, top.notes = rack_marks(self.connector.state, self.services.settings)
        top.rack_color = rack_color(self.connector.state, self.services.settings)
        top.running = (*self.running_cells(), *self.upload_cells())

    # places

    async def go(self, place: Place) -> None:
        """Show a place and remember it."""
        self.places.visit(place)
        await self._show(place)

    def place_screen(self, id_: str) -> Workplace | None:
        """A screen that was visited before."""
        return self._screens.get(id_)

    def go_soon(self, place: Place) -> None:
        """The same from where nothing can be awaited."""
        self.call_later(self.go, place)

    def step_history(self, by: int) -> None:
        """Go back (-1) or forward (1) through the places visited."""
        place = self.places.step(by)
        if place is None:
            self.notify("There is no place before." if by < 0 else "There is no place after.")
        else:
            self.call_later(self._show, place)

    async def _show(self, place: Place) -> None:
        screen = self._screen(place.screen)
        while self.screen.is_modal:
            await self.pop_screen()
        if screen is self.screen_stack[0]:
            while len(self.screen_stack) > 1:
                await self.pop_screen()
        elif len(self.screen_stack) == 1:
            await self.push_screen(screen)
        elif self.screen is not screen:
            await self.switch_screen(screen)
        if not screen.is_mounted:
            return  # oxtui ends
        screen.visit(place.names)
        screen.show_top()

    def get_default_screen(self) -> Screen[Any]:
        """The first screen, which stays at the bottom of the stack."""
        return self._screen(_FIRST.screen)

    def _screen(self, id_: str) -> Workplace:
        screen = self._screens.get(id_)
        if screen is None:
            module, _, name = SCREENS[id_].partition(":")
            screen = cast("Workplace", getattr(import_module(module), name)())
            if id_ != _FIRST.screen:
                self.install_screen(screen, id_)  # kept when another takes its place
            self._screens[id_] = screen
        return screen

    # actions

    def can_step_back(self) -> bool:
        """Whether there is a place to return to from this one; Browse is where all ways begin, with a rack."""
        before = self.places.before
        if self.at(_FIRST.screen) or before is None:
            return False
        return before.screen != _FIRST.screen or not isinstance(self.connector.state, NoRack)

    def step_back(self) -> bool:
        """Return to the place from which this one was entered."""
        if not self.can_step_back():
            return False
        self.step_history(-1)
        return True

    def at(self, screen: str) -> bool:
        """Whether the screen with this id is in front, but for dialogs."""
        front = next(each for each in reversed(self.screen_stack) if isinstance(each, Workplace))
        return front is self._screens.get(screen)

    def can_go_back(self) -> bool:
        """Whether Esc would do something."""
        return any(actor.can_step_back() for actor in actors(self.screen))

    def do_back(self) -> None:
        """One step back within the focused place, from the inside out."""
        for actor in actors(self.screen):
            if actor.step_back():
                return

    def do_previous(self) -> None:
        """The place before this one."""
        if self.places.previous is not None:
            self.go_soon(self.places.previous)

    def do_compose(self) -> None:
        """The template that is open, or a new one."""
        self.go_soon(Place("compose"))

    def do_open_template(self) -> None:
        """Ask which, and open it in Compose."""
        from screens.compose.open_dialog import open_dialog
        from screens.compose.recent import Recent

        recent = Recent(self.services.settings.paths.state)

        def opened(path: str | None) -> None:
            if path:
                self.go_soon(Place("compose", ("file", path)))

        self.push_screen(open_dialog(Path.cwd(), recent.paths), opened)

    def do_connect(self) -> None:
        """Choose another rack."""
        self.go_soon(Place("connect"))

    def do_help(self) -> None:
        """All keys of the focused place."""
        from screens.dialogs.help import HelpDialog

        self.push_screen(HelpDialog(list(self.offers(self.screen))))

    def do_palette(self) -> None:
        """Find an action or a place."""
        from screens.palette import palette

        self.push_screen(palette(self), lambda entry: entry.run() if entry is not None else None)

    def do_theme(self) -> None:
        """Choose a theme; it is tried at once and stays until oxtui ends."""
        from screens.palette import theme_dialog

        self.push_screen(theme_dialog(self), self._use_theme)

    def _use_theme(self, theme: str | None) -> None:
        if theme is not None:
            self.theme = theme
            self.notify(f'general.theme = "{theme}" in the settings file keeps it.')

    def do_quit(self) -> None:
        """Leave oxtui."""
        self.leave(0)

    def do_interrupt(self) -> None:
        """Ctrl+c: copy what is selected, else ask before leaving."""
        selected = self.screen.get_selected_text()
        if selected:
            self.copy(selected, "the selection")
        elif self.services.clock() - self._interrupted < _TWICE:
            self.leave(0)
        else:
            self._interrupted = self.services.clock()
            self.notify("ctrl+c once more leaves oxtui.", timeout=_TWICE)

    def copy(self, text: str, what: str) -> None:
        """Copy text, and say where it went."""
        general, paths = self.services.settings.general, self.services.settings.paths
        by = way(general.clipboard, self.services.environment, len(text.encode()))

        async def copying() -> None:
            try:
                where = await copy(text, by, self.copy_to_clipboard, paths.state)
            except OSError as error:
                self.notify(sentence(error), title="Not copied", severity="error")
            else:
                self.notify(f"Copied {what} {where}", markup=False)

        start(self, copying)

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = True,
    ) -> None:
        """A toast; names and errors of others are in it, so it is never taken as markup."""
        del markup
        message, title = plain_lines(message), plain(title)
        super().notify(message, title=title, severity=severity, timeout=timeout, markup=False)

    # keys

    async def on_key(self, event: events.Key) -> None:
        """Do what the table of actions says, unless the focused widget took the key."""
        if not self.screen.is_mounted:
            # It was on its way when the key before it opened this screen, which is not made yet.
            event.stop()
            event.prevent_default()
            self.screen.post_message(events.Key(event.key, event.character))
            return
        focused = self.screen.focused
        if focused is not None and focused.check_consume_key(event.key, event.character):
            # It was on its way when the key before it opened a text field: it belongs there.
            event.stop()
            event.prevent_default()
            focused.post_message(events.Key(event.key, event.character))
            return
        plain = event.is_printable and event.character not in (None, " ")
        key = event.character if plain and event.character else event.key
        offer = offer_of_key(self.screen, self.keymap, key)
        if offer is not None:
            event.stop()
            event.prevent_default()
            self.take(offer)

    def offers(self, screen: Screen[Any]) -> Iterator[Offer]:
        """What can be done on a screen."""
        return offers(screen, self.keymap)

    def take(self, offer: Offer) -> None:
        """Do it, or say why not."""
        if offer.reason:
            self._refuse(offer.reason, f"{offer.label} {offer.action.text}".strip())
        else:
            offer.actor.perform(offer.action)
            self.screen.refresh_bindings()

    def _refuse(self, reason: str, title: str) -> None:
        """Say why a key does nothing; a key that is held down does not say it over and over."""
        now = self.services.clock()
        told, before = self._refused
        if told != reason or not 0 <= now - before < self.NOTIFICATION_TIMEOUT - 1:
            self._refused = (reason, now)
            self.notify(reason, title=title)

    def action_perform(self, action: str) -> None:
        """A key of the footer was clicked."""
        for offer in self.offers(self.screen):
            if offer.action.id == action:
                self.take(offer)
                return


def run(
    settings: Settings,
    path: Path | None = None,
    start: Target | None = None,
    place: Place | None = None,
) -> int:
    """Open the screens and return the exit code; an unexpected error is raised when they are gone."""
    app = OxtuiApp(services(settings, start), path, place)
    code = app.run(mouse=True)
    if app.crash is not None:
        raise app.crash
    return code if code is not None else (app.return_code or 0)
