"""The log pane as an operator uses it: by keys, on real spools."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from textual.geometry import Offset
from textual.selection import Selection

from oxtui.logs.spool import Stream
from screens.widgets.log.pane import LogPane
from tests.screens.widgets.log.spools import (
    START,
    LogApp,
    numbered,
    press,
    screen_text,
    settle,
    writer,
    written,
)

SIZE = (60, 10)


async def test_it_opens_at_the_end_and_follows(tmp_path: Path) -> None:
    app = LogApp()
    with writer(tmp_path / "s") as spool:
        spool.write(Stream.STDOUT, numbered(100))
        async with app.run_test(size=SIZE) as pilot:
            app.pane.show(tmp_path / "s")
            assert screen_text(app)[-1] == "  line 99"
            spool.write(Stream.STDOUT, b"new\n")
            app.pane.view.look_again()
            assert screen_text(app)[-2:] == ["  line 99", "  new"]
            await press(pilot, "up")
            spool.write(Stream.STDOUT, numbered(1204))
            app.pane.view.look_again()
            assert screen_text(app)[-2].startswith("  line 98")
            assert screen_text(app)[-1].endswith("⏸ 1\u00a0204 new — End follows")
            await press(pilot, "end")
            assert screen_text(app)[-1] == "  line 1203"


async def test_it_looks_by_itself_how_far_the_spool_has_grown(tmp_path: Path) -> None:
    app = LogApp()
    with writer(tmp_path / "s") as spool:
        async with app.run_test(size=SIZE) as pilot:
            app.pane.show(tmp_path / "s")
            assert screen_text(app)[1] == "  No output yet."
            spool.write(Stream.STDOUT, b"hello")
            while screen_text(app)[0] != "  hello":
                await pilot.pause(0.02)
            spool.write(Stream.STDOUT, b" world\n")
            while screen_text(app)[0] != "  hello world":
                await pilot.pause(0.02)


async def test_a_hidden_view_does_not_look(tmp_path: Path) -> None:
    app = LogApp()
    with writer(tmp_path / "s") as spool:
        async with app.run_test(size=SIZE) as pilot:
            app.pane.show(tmp_path / "s")
            app.pane.display = False
            await pilot.pause()
            spool.write(Stream.STDOUT, b"unseen\n")
            await pilot.pause(0.25)
            assert app.pane.view.model.window.count == 0
            app.pane.display = True
            await pilot.pause()
            assert screen_text(app)[0] == "  unseen"


async def test_times_can_be_of_day_or_since_the_step_began(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    path = written(tmp_path / "s", b"one\n", b"two\n")
    app = LogApp()
    async with app.run_test(size=SIZE) as pilot:
        app.pane.show(path, origin=START - 100)
        await press(pilot, "t")
        assert screen_text(app)[:2] == ["  22:13:20 one", "  22:13:21 two"]
        await press(pilot, "t")
        assert [line.split() for line in screen_text(app)[:2]] == [
            ["+1:40", "one"],
            ["+1:41", "two"],
        ]
        await press(pilot, "t")
        assert screen_text(app)[0] == "  one"


async def test_streams_are_marked(tmp_path: Path) -> None:
    app = LogApp()
    with writer(tmp_path / "s") as spool:
        spool.write(Stream.OURS, b"Running x\n")
        spool.write(Stream.STDERR, b"oops\n")
    async with app.run_test(size=SIZE):
        app.pane.show(tmp_path / "s")
        assert screen_text(app)[:2] == ["• Running x", "╎ oops"]


async def test_long_lines_scroll_sideways_or_wrap(tmp_path: Path) -> None:
    path = written(tmp_path / "s", b"".join(b"%d" % (n % 10) for n in range(200)) + b"\nend\n")
    app = LogApp()
    async with app.run_test(size=SIZE) as pilot:
        app.pane.show(path)
        assert screen_text(app)[0] == "  " + ("0123456789" * 6)[:57]
        await press(pilot, "right")
        assert screen_text(app)[0] == "  " + ("0123456789" * 9)[30:87]
        assert screen_text(app)[1] == ""
        await press(pilot, "right", "right", "right", "right", "right")
        assert screen_text(app)[0].endswith("789")
        await press(pilot, "W")
        assert [len(line.strip()) for line in screen_text(app)[:5]] == [57, 57, 57, 29, 3]


async def test_wide_characters_keep_the_columns(tmp_path: Path) -> None:
    path = written(tmp_path / "s", "漢字".encode() * 40 + b"\n")
    app = LogApp()
    async with app.run_test(size=SIZE) as pilot:
        app.pane.show(path)
        await press(pilot, "right")
        view = app.pane.view
        assert {view.render_line(y).cell_length for y in range(10)} == {60}
        await press(pilot, "W")
        assert {view.render_line(y).cell_length for y in range(10)} == {60}
        assert "".join(line.strip() for line in screen_text(app)) == "漢字" * 40


async def test_a_cut_line_says_how_much_is_missing_and_is_copied_whole(tmp_path: Path) -> None:
    path = written(tmp_path / "s", b"x" * (4096 + 12 * 1024) + b"\n")
    app = LogApp()
    async with app.run_test(size=SIZE) as pilot:
        app.pane.show(path)
        app.pane.view.model.left = 4070
        app.pane.view.changed()
        assert screen_text(app)[0].endswith("x …+12 KB")
        await pilot.click(app.pane.view, offset=(5, 0))
        await press(pilot, "y")
    assert isinstance(copy := app.asked[0], LogPane.Copy)
    assert (len(copy.text), copy.what) == (4096 + 12 * 1024, "line")


async def test_search_goes_to_hits_and_counts_them(tmp_path: Path) -> None:
    path = written(tmp_path / "s", numbered(300))
    app = LogApp()
    async with app.run_test(size=SIZE) as pilot:
        app.pane.show(path)
        app.pane.view.go_to(0)
        await press(pilot, "/", "7", "7", "enter")
        assert found(app, "#search") == "1 of 3"
        assert app.pane.view.model.pointer == 77
        await press(pilot, "n")
        assert (app.pane.view.model.pointer, found(app, "#search")) == (177, "2 of 3")
        await press(pilot, "N", "N")
        assert (app.pane.view.model.pointer, found(app, "#search")) == (277, "3 of 3")
        assert "› line 277" in screen_text(app)
        marked = [y for y in range(9) if app.pane.view.render_line(y).text.endswith("◆")]
        assert len(marked) == 3


async def test_a_search_that_is_left_gives_its_keys_back(tmp_path: Path) -> None:
    app = LogApp()
    async with app.run_test(size=SIZE) as pilot:
        app.pane.show(written(tmp_path / "s", numbered(30)))
        await press(pilot, "/", "9", "enter")
        assert app.pane.contexts() == ("log-search", "log")
        assert app.pane.step_back()
        assert app.pane.contexts() == ("log",)
        assert not app.pane.query_one("#search").display
        assert app.pane.step_back()  # the marked line
        assert not app.pane.step_back()


async def test_what_cannot_be_found_or_understood_is_told(tmp_path: Path) -> None:
    app = LogApp()
    async with app.run_test(size=SIZE) as pilot:
        app.pane.show(written(tmp_path / "s", numbered(30)))
        await press(pilot, "/", "q", "enter")
        assert found(app, "#search") == "no hits"
        await press(pilot, "/", *"/(/", "enter")
        assert found(app, "#search").startswith("Not a regular expression at character 1")


async def test_new_lines_are_searched_too(tmp_path: Path) -> None:
    app = LogApp()
    with writer(tmp_path / "s") as spool:
        spool.write(Stream.STDOUT, b"needle\n")
        async with app.run_test(size=SIZE) as pilot:
            app.pane.show(tmp_path / "s")
            await press(pilot, "/", *"needle", "enter")
            spool.write(Stream.STDOUT, b"hay\nneedle\n")
            app.pane.view.look_again()
            await settle(pilot)
            assert found(app, "#search") == "1 of 2"


async def test_a_filter_keeps_or_drops_lines(tmp_path: Path) -> None:
    app = LogApp()
    with writer(tmp_path / "s") as spool:
        spool.write(Stream.STDOUT, numbered(20))
        async with app.run_test(size=SIZE) as pilot:
            app.pane.show(tmp_path / "s")
            await press(pilot, "&", "7", "enter")
            assert screen_text(app)[:3] == ["  line 7", "  line 17", ""]
            assert found(app, "#filter") == "2 of 20 lines"
            spool.write(Stream.STDOUT, b"more 7\nother\n")
            app.pane.view.look_again()
            await settle(pilot)
            assert screen_text(app)[:3] == ["  line 7", "  line 17", "  more 7"]
            await press(pilot, "&", *"17 +1", "enter")
            assert screen_text(app)[:4] == ["  line 16", "  line 17", "  line 18", ""]
            await press(pilot, "!", *"line", "enter")
            assert screen_text(app)[:3] == ["  more 7", "  other", ""]
            assert app.pane.step_back()
            await pilot.pause()
            assert len([text for text in screen_text(app) if text]) == 10


async def test_search_stays_within_the_filter(tmp_path: Path) -> None:
    app = LogApp()
    async with app.run_test(size=SIZE) as pilot:
        app.pane.show(written(tmp_path / "s", numbered(40)))
        await press(pilot, "!", *"line 3", "enter", "/", "5", "enter")
        pointers = []
        for _ in range(3):
            pointers.append(app.pane.view.model.pointer)
            await press(pilot, "n")
        assert set(pointers) == {5, 15, 25}


async def test_errors_are_gone_to_one_by_one(tmp_path: Path) -> None:
    data = numbered(50) + b"E: one\n" + numbered(50) + b"E: two\n" + numbered(5)
    app = LogApp()
    async with app.run_test(size=SIZE) as pilot:
        app.pane.show(written(tmp_path / "s", data))
        await press(pilot, "[")
        assert app.pane.view.model.pointer == 101
        await press(pilot, "[")
        assert app.pane.view.model.pointer == 50
        await press(pilot, "[")
        assert isinstance(end := app.asked[-1], LogPane.ErrorsEnd)
        assert not end.forward
        await press(pilot, "]")
        assert app.pane.view.model.pointer == 101


async def test_what_is_on_the_screen_is_copied_without_escape_codes(tmp_path: Path) -> None:
    app = LogApp()
    async with app.run_test(size=SIZE) as pilot:
        app.pane.show(written(tmp_path / "s", b"\x1b[31mred\x1b[0m\n\x1b]0;t\x07two\n"))
        await press(pilot, "y")
    assert isinstance(copy := app.asked[0], LogPane.Copy)
    assert (copy.text, copy.what) == ("red\ntwo", "2 lines")


async def test_a_mouse_selection_is_copied_in_whole_lines_of_the_log(tmp_path: Path) -> None:
    app = LogApp()
    async with app.run_test(size=SIZE) as pilot:
        app.pane.show(written(tmp_path / "s", b"a" * 100 + b"\nsecond\nthird\n"))
        view = app.pane.view
        selection = Selection.from_offsets(Offset(98, 0), Offset(3, 2))
        assert view.get_selection(selection) == ("aa\nsecond\nthi", "\n")
        await pilot.hover(view, offset=(4, 1))
        await pilot.mouse_down(view, offset=(2, 1))
        await pilot.hover(view, offset=(5, 1))
        await pilot.mouse_up(view, offset=(5, 1))
        await press(pilot, "y")
    assert isinstance(copy := app.asked[0], LogPane.Copy)
    assert copy.what == "selection"
    assert copy.text in "second"


async def test_saving_asks_for_the_whole_spool(tmp_path: Path) -> None:
    app = LogApp()
    async with app.run_test(size=SIZE) as pilot:
        app.pane.show(written(tmp_path / "s", b"a\n"))
        await press(pilot, "ctrl+s")
    assert isinstance(save := app.asked[0], LogPane.Save)
    assert save.spool == tmp_path / "s"


async def test_keys_that_need_output_say_that_there_is_none(tmp_path: Path) -> None:
    app = LogApp()
    async with app.run_test(size=SIZE) as pilot:
        app.pane.show(tmp_path / "later")
        await press(pilot, "/", "y", "&")
    assert app.refused == ["There is no output here yet."] * 3


async def test_another_spool_is_searched_for_the_same(tmp_path: Path) -> None:
    app = LogApp()
    async with app.run_test(size=SIZE) as pilot:
        app.pane.show(written(tmp_path / "a", b"needle\n"))
        await press(pilot, "/", *"needle", "enter")
        app.pane.show(written(tmp_path / "b", b"needle\nneedle\n"))
        await settle(pilot)
        assert found(app, "#search") == "2 hits"


async def test_the_wheel_and_the_bar_scroll(tmp_path: Path) -> None:
    app = LogApp()
    async with app.run_test(size=SIZE) as pilot:
        app.pane.show(written(tmp_path / "s", numbered(100)))
        view = app.pane.view
        await pilot.click(view, offset=(59, 0))
        assert screen_text(app)[0] == "  line 0"
        await pilot.click(view, offset=(59, 5))
        assert screen_text(app)[0] == "  line 50"


@pytest.mark.parametrize("size", [(1, 1), (3, 2), (20, 3)])
async def test_tiny_sizes_are_drawn(tmp_path: Path, size: tuple[int, int]) -> None:
    app = LogApp()
    async with app.run_test(size=size) as pilot:
        app.pane.show(written(tmp_path / "s", numbered(100) + "漢字".encode() * 40))
        for key in ("W", "t", "up", "right", "W", "home"):
            await press(pilot, key)
            assert len(screen_text(app)) == app.pane.view.size.height


def found(app: LogApp, prompt: str) -> str:
    return str(app.pane.query_one(f"{prompt} .found").render())
