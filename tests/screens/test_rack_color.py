"""A profile's own colour marks its rack on every screen."""

from __future__ import annotations

from pathlib import Path

from textual.widget import Widget

from screens.widgets.top_line import TopLine
from tests.screens.driving import loaded, running, services


async def test_the_colour_of_a_profile_stands_in_the_top_line(
    tmp_path: Path, pictured_rack: tuple[str, str]
) -> None:
    flags = {"profiles.prod.color": "#ff8800"}
    given = services(tmp_path, *pictured_rack, profile="prod", settings=flags)
    async with running(given) as pilot:
        await loaded(pilot)
        top = pilot.app.screen.query_one(TopLine)
        assert isinstance(top, Widget)
        shown = top.render()
        assert shown.plain.startswith("▌images")
        assert "#ff8800" in str(shown.spans[0].style).lower()
