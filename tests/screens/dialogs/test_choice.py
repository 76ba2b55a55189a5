"""A list from which one thing is chosen."""

from __future__ import annotations

from pathlib import Path

from textual.widgets import OptionList

from screens.dialogs.choice import Choice, ChoiceDialog
from tests.screens.driving import loaded, press, running, services


async def test_where_nothing_fits_that_is_said_and_enter_chooses_nothing(
    tmp_path: Path, pictured_rack: tuple[str, str]
) -> None:
    answers: list[str | None] = []
    async with running(services(tmp_path, *pictured_rack)) as pilot:
        await loaded(pilot)
        dialog = ChoiceDialog("Which", [Choice("a", "apple"), Choice("b", "beech", "a tree")])
        pilot.app.push_screen(dialog, answers.append)
        await pilot.pause()
        await press(pilot, *"oak", "enter")
        options = dialog.query_one(OptionList)
        assert [str(each.prompt) for each in options.options] == ["nothing that fits"]
        assert answers == []
        await press(pilot, *["backspace"] * 3, *"tree", "enter")
    assert answers == ["b"]
