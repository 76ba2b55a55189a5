"""Keys that are typed fast, on a machine that is busy, are carried out in the order in which they were typed."""

from __future__ import annotations

import pytest
from textual import events
from textual.app import App, ComposeResult
from textual.widget import Widget
from textual.widgets import Input

from screens.widgets.code.editor import CodeEditor
from screens.widgets.text_line import TextLine


class Fields(App[None]):
    def compose(self) -> ComposeResult:
        yield TextLine("froecho")
        yield CodeEditor("froecho", "shell")


def text_of(field: Widget) -> str:
    return field.value if isinstance(field, Input) else str(getattr(field, "text", ""))


@pytest.mark.parametrize("kind", [TextLine, CodeEditor])
async def test_backspace_deletes_what_was_there_when_it_was_typed(kind: type[Widget]) -> None:
    async with Fields().run_test() as pilot:
        field = pilot.app.query_one(kind)
        field.focus()
        await pilot.pause()
        keys = ["end", *["backspace"] * 7, *"echo", "left", "left", "x", "home", "y"]
        for key in keys:  # without a rest between them
            pilot.app.post_message(events.Key(key, key if len(key) == 1 else None))
        for _ in keys:
            await pilot.pause()
        assert text_of(field) == "yecxho"
