"""The line that tells the file of a template and whether it is saved."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult

from screens.compose.plan_line import PlanLine


class _Showing(App[int]):
    def compose(self) -> ComposeResult:
        yield PlanLine()


@pytest.mark.parametrize(
    "name", ["a-template-with-a-long-name-" * 4 + ".pkr.hcl", "größe 画像 " * 12 + ".pkr.hcl"]
)
async def test_what_is_not_saved_is_told_behind_the_longest_name(name: str) -> None:
    async with _Showing().run_test(size=(60, 5)) as pilot:
        line = pilot.app.query_one(PlanLine)
        line.file, line.state = name, "unsaved"
        line.stops = "2 stops"
        told = line.render()
        assert told.cell_length <= 60
        assert told.plain.startswith(name[:8])
        assert told.plain.rstrip().endswith("…  ● unsaved  2 stops")
