"""Changing things on a rack: what is asked before, what is told after, what the rack has then."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot

from screens.dialogs.choice import ChoiceDialog
from screens.dialogs.confirm import ConfirmDialog
from screens.dialogs.form import FormDialog
from tests.screens.driving import (
    browse_of,
    current,
    loaded,
    names,
    press,
    running,
    services,
    toasts,
    until,
)
from tests.screens.racks import still_rack

Rack = tuple[str, str]
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBn5C5XxkBzV0s8m0Y2Zl7Hk5b3oW9pJq2mFv1cXyTzQ ada@example"


@pytest.fixture
def rack() -> Iterator[Rack]:
    with still_rack() as there:
        yield there


async def _on(pilot: Pilot[int], name: str) -> None:
    """Put the cursor on a row."""
    model = browse_of(pilot).model
    await until(pilot, lambda: name in names(pilot))
    key = next(key for key in model.shown if getattr(model.row(key), "name", "") == name)
    await press(pilot, "home", *["down"] * list(model.shown).index(key))
    assert current(pilot).name == name


def _asked(pilot: Pilot[int], kind: type) -> bool:
    return isinstance(pilot.app.screen, kind)


def _text(pilot: Pilot[int], selector: str) -> str:
    return "\n".join(str(each.render()) for each in pilot.app.screen.query(selector))


async def test_an_image_goes_only_when_its_name_was_typed(rack: Rack, tmp_path: Path) -> None:
    async with running(services(tmp_path, *rack)) as pilot:
        await loaded(pilot)
        await _on(pilot, "try-out")
        await press(pilot, "d")
        await until(pilot, lambda: _asked(pilot, ConfirmDialog))
        assert "it cannot be brought back" in _text(pilot, ".confirm--text")
        await press(pilot, *"tryout", "enter")
        assert "That is not try-out" in _text(pilot, ".confirm--wrong")
        await press(pilot, "escape")
        assert "try-out" in names(pilot)
        await press(pilot, "d")
        await until(pilot, lambda: _asked(pilot, ConfirmDialog))
        await press(pilot, *"try-out", "enter")
        await until(pilot, lambda: "try-out" not in names(pilot))
        assert toasts(pilot) == ["Deleted try-out"]


async def test_marked_rows_go_together_and_what_the_rack_refuses_is_told(
    rack: Rack, tmp_path: Path
) -> None:
    async with running(services(tmp_path, *rack)) as pilot:
        await press(pilot, "8")
        await loaded(pilot)
        await press(pilot, "space", "space", "d")
        await until(pilot, lambda: _asked(pilot, ConfirmDialog))
        await press(pilot, *"delete", "space", "2", "enter")
        await until(pilot, lambda: names(pilot) == [])
        assert toasts(pilot) == ["Deleted laptop, workstation"]
        assert browse_of(pilot).query_one("ResourceTable").empty == (  # type: ignore[attr-defined]
            "No SSH key yet. a adds one; new instances get all of them.",
        )


async def test_promote_moves_an_image_to_the_silo_and_demote_into_a_project(
    rack: Rack, tmp_path: Path
) -> None:
    async with running(services(tmp_path, *rack)) as pilot:
        await loaded(pilot)
        await _on(pilot, "web-base")
        await press(pilot, "p")
        await until(pilot, lambda: _asked(pilot, ConfirmDialog))
        assert "Every project of the silo can use it." in _text(pilot, ".confirm--text")
        await press(pilot, "enter")
        await until(pilot, lambda: current(pilot).project_id is None)
        await press(pilot, "P")
        await until(pilot, lambda: _asked(pilot, ChoiceDialog))
        await press(pilot, *"lab", "enter")
        await until(pilot, lambda: current(pilot).project_id is not None)
        catalog = browse_of(pilot).catalog
        assert catalog is not None
        assert catalog.look.name("projects", current(pilot).project_id) == "lab"


@pytest.mark.slow
async def test_a_key_is_added_after_its_mistakes_were_told(rack: Rack, tmp_path: Path) -> None:
    async with running(services(tmp_path, *rack)) as pilot:
        await press(pilot, "8")
        await loaded(pilot)
        await press(pilot, "a")
        await until(pilot, lambda: _asked(pilot, FormDialog))
        await press(pilot, *"laptop")
        assert "There is a key named laptop already." in _text(pilot, ".form--help")
        await press(pilot, "2", "enter")
        assert "public key" in _text(pilot, ".form--help")
        assert _asked(pilot, FormDialog)
        for character in KEY:
            await pilot.press("space" if character == " " else character)
        await press(pilot, "enter")
        await until(pilot, lambda: "laptop2" in names(pilot))
        assert toasts(pilot) == ["Added the SSH key laptop2"]


@pytest.mark.slow
async def test_a_test_instance_boots_and_can_be_stopped_and_deleted_with_its_disk(
    rack: Rack, tmp_path: Path
) -> None:
    async with running(services(tmp_path, *rack)) as pilot:
        await loaded(pilot)
        await _on(pilot, "ubuntu-24-04")
        await press(pilot, "b")
        await until(pilot, lambda: _asked(pilot, FormDialog))
        await press(pilot, "tab", "enter")
        await until(pilot, lambda: bool(toasts(pilot)))
        assert "test-ubuntu-24-04 is " in toasts(pilot)[0]
        await press(pilot, "3")
        await loaded(pilot)
        await _on(pilot, "test-ubuntu-24-04")
        await until(pilot, lambda: current(pilot).run_state == "running")
        await press(pilot, "x")
        await until(pilot, lambda: _asked(pilot, ConfirmDialog))
        await press(pilot, "enter")
        await until(pilot, lambda: current(pilot).run_state == "stopped")
        await press(pilot, "d")
        await until(pilot, lambda: _asked(pilot, ConfirmDialog))
        await press(pilot, "shift+tab", "space", "tab", *"test-ubuntu-24-04", "enter")
        await until(pilot, lambda: "test-ubuntu-24-04" not in names(pilot))
        await press(pilot, "4")
        await loaded(pilot)
        assert names(pilot) == ["db-1-boot", "warehouse", "web-1-boot"]


async def test_a_read_only_profile_refuses_every_change_and_says_where_that_was_set(
    pictured_rack: Rack, tmp_path: Path
) -> None:
    given = services(
        tmp_path, *pictured_rack, profile="prod", settings={"profiles.prod.read_only": "true"}
    )
    async with running(given) as pilot:
        await loaded(pilot)
        await press(pilot, "d")
        assert toasts(pilot) == ["The profile prod is read-only (--set profiles.prod.read_only)."]
        assert pilot.app.screen is browse_of(pilot)


async def test_on_a_production_rack_even_a_start_is_asked_about(
    pictured_rack: Rack, tmp_path: Path
) -> None:
    given = services(
        tmp_path, *pictured_rack, profile="prod", settings={"profiles.prod.production": "true"}
    )
    async with running(given) as pilot:
        await press(pilot, "3")
        await loaded(pilot)
        await press(pilot, "t")
        await until(pilot, lambda: _asked(pilot, ConfirmDialog))
        assert "Start db-1." in _text(pilot, ".confirm--text")
        await press(pilot, "escape")
        await until(pilot, lambda: pilot.app.screen is browse_of(pilot))
        assert current(pilot).run_state == "stopped"
