"""Toasts say all that they have to say."""

from __future__ import annotations

import pytest
from textual.app import App
from textual.widgets._toast import Toast

from tests.screens.driving import until


class _Saying(App[int]):
    CSS_PATH = "../../screens/app.tcss"


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)])
async def test_the_last_line_of_a_toast_is_not_cut_off(size: tuple[int, int]) -> None:
    for length in range(40, 68, 3) if size[0] == 60 else range(56, 66):
        async with _Saying().run_test(size=size, notifications=True) as pilot:
            pilot.app.notify("x" * length, title="P promote")
            await until(pilot, lambda: any(t.size.height for t in pilot.app.screen.query(Toast)))
            await pilot.pause()
            toast = pilot.app.screen.query_one(Toast)
            assert toast.region.bottom == size[1] - 1, f"{length}: the footer's line is below it"
