"""The app's frame: first frame, settings, leaving, and errors that nobody expected."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import pytest
from textual import events
from textual.widgets import Input, Static

from screens.app import OxtuiApp
from screens.connection import Demo, Link, NoRack, Target
from screens.dialogs.choice import ChoiceDialog
from screens.dialogs.form import Field, FormDialog
from screens.dialogs.palette import PaletteDialog
from tests.screens.driving import (
    app_of,
    browse_of,
    in_front,
    loaded,
    press,
    running,
    services,
    toasts,
    until,
)

Rack = tuple[str, str]


async def test_the_first_frame_is_drawn_before_any_rack_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frames: list[int] = []
    asked_when: list[int] = []

    @contextlib.asynccontextmanager
    async def open_(_target: Target, _tell: Callable[[str], None]) -> AsyncIterator[Link]:
        asked_when.append(len(frames))
        await asyncio.Event().wait()
        raise AssertionError
        yield  # type: ignore[unreachable]

    app = OxtuiApp(replace(services(tmp_path, "http://rack.example", ""), open=open_))
    monkeypatch.setattr(app, "post_display_hook", lambda: frames.append(1))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: asked_when)
    assert asked_when[0] >= 1


async def test_the_connection_is_closed_when_the_app_ends(
    pictured_rack: Rack, tmp_path: Path
) -> None:
    given = services(tmp_path, *pictured_rack)
    closed = []

    @contextlib.asynccontextmanager
    async def open_(target: Target, tell: Callable[[str], None]) -> AsyncIterator[Link]:
        async with given.open(target, tell) as link:
            try:
                yield link
            finally:
                closed.append(target)

    async with running(replace(given, open=open_)) as pilot:
        await loaded(pilot)
        assert closed == []
    assert closed == [Demo()]


async def test_an_unexpected_error_ends_the_app_without_showing_local_variables(
    pictured_rack: Rack, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    class Broken(Static):
        def on_mount(self) -> None:
            secret = "oxide-token-of-a-local-variable"  # noqa: F841
            raise ZeroDivisionError

    app = OxtuiApp(services(tmp_path, *pictured_rack))
    with contextlib.suppress(ZeroDivisionError):
        async with app.run_test(size=(80, 24)) as pilot:
            await app.screen.mount(Broken())
            await pilot.pause()
    assert isinstance(app.crash, ZeroDivisionError)
    assert app.return_code == 1
    assert "oxide-token" not in "".join(capsys.readouterr())


async def test_an_error_in_a_worker_is_told_and_the_app_goes_on(
    pictured_rack: Rack, tmp_path: Path
) -> None:
    async def broken() -> None:
        raise ZeroDivisionError("token=oxide-token-x")

    async with running(services(tmp_path, *pictured_rack)) as pilot:
        await loaded(pilot)
        browse_of(pilot).run_worker(broken(), exit_on_error=False)
        await until(pilot, lambda: toasts(pilot))
        assert "error of its own (ZeroDivisionError)" in toasts(pilot)[0]
        assert "oxide-token" not in toasts(pilot)[0]
        await press(pilot, "3")
        assert browse_of(pilot).resource.id == "instances"


async def test_ctrl_c_asks_once_and_leaves_the_second_time(
    pictured_rack: Rack, tmp_path: Path
) -> None:
    async with running(services(tmp_path, *pictured_rack)) as pilot:
        await press(pilot, "ctrl+c")
        assert toasts(pilot) == ["ctrl+c once more leaves oxtui."]
        assert pilot.app.is_running
        await pilot.press("ctrl+c")
    assert pilot.app.return_code == 0


async def test_mistakes_in_the_keys_are_told_and_the_others_hold(
    pictured_rack: Rack, tmp_path: Path
) -> None:
    settings = {"keys.browse.reload": "F5", "keys.browse.filtre": "x", "keys.table.sort": "ctrl+i"}
    async with running(services(tmp_path, *pictured_rack, settings=settings)) as pilot:
        told = "\n".join(toasts(pilot))
        assert 'there is no action "browse.filtre"; did you mean "browse.filter"?' in told
        assert "keys.table.sort: terminals send ctrl+i as tab" in told
        assert app_of(pilot).keymap.keys("browse.reload") == ("F5",)
        assert app_of(pilot).keymap.keys("table.sort") == ("s",)


async def test_a_chosen_key_acts_and_is_shown(pictured_rack: Rack, tmp_path: Path) -> None:
    settings = {"keys.browse.choose-project": "w"}
    async with running(services(tmp_path, *pictured_rack, settings=settings)) as pilot:
        await loaded(pilot)
        await press(pilot, "o")
        assert pilot.app.screen is browse_of(pilot)
        await press(pilot, "w")
        await in_front(pilot, ChoiceDialog)


async def test_a_theme_is_chosen_from_a_list(pictured_rack: Rack, tmp_path: Path) -> None:
    async with running(services(tmp_path, *pictured_rack)) as pilot:
        await loaded(pilot)
        await press(pilot, "ctrl+p", *"theme", "enter")
        await in_front(pilot, ChoiceDialog)
        await press(pilot, *"safe-light", "enter")
        await until(pilot, lambda: pilot.app.theme == "oxtui-safe-light")
        assert 'general.theme = "oxtui-safe-light"' in toasts(pilot)[0]


@pytest.mark.slow
async def test_every_key_pressed_twice_is_survived(pictured_rack: Rack, tmp_path: Path) -> None:
    async with running(services(tmp_path, *pictured_rack)) as pilot:
        await loaded(pilot)
        for key in ("?", "ctrl+p", "o", "ctrl+o", "/", "enter", "y", "1", "-", "[", "]", "r"):
            await pilot.press(key, key, "escape", "escape")
        assert pilot.app.is_running
        assert not isinstance(pilot.app.screen, PaletteDialog)


async def test_resizing_down_to_nothing_is_survived(pictured_rack: Rack, tmp_path: Path) -> None:
    async with running(services(tmp_path, *pictured_rack)) as pilot:
        await loaded(pilot)
        for size in ((200, 80), (60, 20), (20, 5), (1, 1), (120, 40)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
        assert browse_of(pilot).has_class("-wide")


async def test_before_a_rack_is_chosen_nothing_is_connected(tmp_path: Path) -> None:
    async with running(services(tmp_path, "http://rack.example", "", start=None)) as pilot:
        await pilot.pause()
        assert isinstance(app_of(pilot).connector.state, NoRack)


async def test_a_toast_takes_the_words_of_others_as_text(
    pictured_rack: Rack, tmp_path: Path
) -> None:
    async with running(services(tmp_path, *pictured_rack)) as pilot:
        pilot.app.notify("no [bold]x[/nonsense] \x1b]52;c;ZXZpbA==\x07here", title="\x9b6n[red]")
        pilot.app.screen.notify("[@click=app.quit]y[/] z[")
        await pilot.pause()
        assert toasts(pilot) == ["no [bold]x[/nonsense] here", "[@click=app.quit]y[/] z["]
        shown = "\n".join(str(toast.render()) for toast in pilot.app.screen.query("Toast"))
        assert "no [bold]x[/nonsense] here" in shown
        assert "[@click=app.quit]y[/] z[" in shown


async def test_oxtui_can_be_left_before_its_first_screen_is_complete(
    pictured_rack: tuple[str, str], tmp_path: Path
) -> None:
    async with running(services(tmp_path, *pictured_rack)) as pilot:
        await loaded(pilot)
        screen = browse_of(pilot)
    assert not screen.is_attached
    await screen._complete()  # as it is called after the first frame


async def test_keys_typed_before_a_dialog_is_made_are_for_its_fields(
    pictured_rack: tuple[str, str], tmp_path: Path
) -> None:
    async with running(services(tmp_path, *pictured_rack)) as pilot:
        await loaded(pilot)
        app = app_of(pilot)
        dialog = FormDialog("Rack", [Field(name="host", label="Host", check=lambda _: "Wrong.")])
        app.push_screen(dialog)
        assert not dialog.is_mounted
        for key, character in (("enter", None), ("w", "w")):
            await app.on_key(events.Key(key, character))
        await until(pilot, lambda: [each.value for each in dialog.query(Input)] == ["w"])
        assert app.screen is dialog
