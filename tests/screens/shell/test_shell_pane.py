"""The shell pane in the app: several shells, the prefix, mouse, scrolling, copying, titles."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from textual.content import Content
from textual.pilot import Pilot

from screens.build.source import Desk
from screens.shell.pane import ShellPane
from screens.shell.session import ShellSession
from tests.screens.build import scenes
from tests.screens.build.stage import BuildApp, QuietGuest, redrawn, screen_of, staged
from tests.screens.driving import until

PREFIX = "ctrl+right_square_bracket"


async def opened(pilot: Pilot[int], name: str = "ubuntu@web-01") -> tuple[ShellSession, QuietGuest]:
    """A shell that has its place: a size that came later would move what is pointed at."""
    guest = QuietGuest(b"")
    session = ShellSession(guest, name, 80, 24, group=name)
    screen, emulator = screen_of(pilot), session.emulator
    terminal = screen.shell.terminal
    screen.shell.open(session)
    # First it has a place below the log, then the log's.
    await until(pilot, lambda: screen.has_class("-shell") and terminal.has_focus)
    await until(
        pilot,
        lambda: terminal.scrollable_content_region.size == (emulator.columns, emulator.rows),
    )
    return session, guest


def feed(pane: ShellPane, session: ShellSession, data: bytes) -> None:
    """As if the guest had written it."""
    session.emulator.feed(data)
    session.changed()


async def test_several_shells_are_opened_switched_and_closed(tmp_path: Path) -> None:
    asked: list[object] = []
    desk = Desk(another_shell=asked.append)
    async with staged(tmp_path, scenes.at_breakpoint, desk=desk) as (pilot, _):
        pane = screen_of(pilot).shell
        first, one = await opened(pilot)
        second, two = await opened(pilot, "root@web-01")
        assert pane.session is second
        await pilot.press("b", PREFIX, "n", "a", PREFIX, "2", "c")
        await pilot.pause()
        assert (one.typed, two.typed) == (b"a", b"bc")
        await pilot.press(PREFIX, "c")
        await until(pilot, lambda: asked)
        # Both live while neither is in sight.
        await pilot.press(PREFIX, "q")
        await until(pilot, lambda: not screen_of(pilot).has_class("-shell"))
        feed(pane, first, b"still here")
        assert pane.of("ubuntu@web-01") is first
        pane.show(first)
        await pilot.press(PREFIX, "x")
        await until(pilot, lambda: pane.session is second)
        assert pane.sessions == [second]
        assert first.status is not None
        await pilot.press(PREFIX, "x")
        await until(pilot, lambda: not screen_of(pilot).has_class("-shell"))
        assert pane.sessions == []


async def test_it_has_its_place_as_soon_as_it_has_the_keys(tmp_path: Path) -> None:
    """What moves a moment later is missed by the mouse, and the guest's program draws once more."""
    async with staged(tmp_path, scenes.at_breakpoint) as (pilot, _):
        screen = await redrawn(pilot)
        _, guest = await opened(pilot)
        place, size = screen.shell.terminal.region, guest.size
        await redrawn(pilot)
        assert (screen.shell.terminal.region, guest.size) == (place, size)
        await pilot.press(PREFIX, "q")
        await until(pilot, lambda: not screen.has_class("-shell"))
        log = screen.log_pane.region
        await redrawn(pilot)
        assert screen.log_pane.region == log


async def test_the_prefix_is_sent_by_itself_and_titles_are_in_the_border(tmp_path: Path) -> None:
    async with staged(tmp_path, scenes.at_breakpoint) as (pilot, _):
        pane = screen_of(pilot).shell
        session, guest = await opened(pilot)
        await pilot.press(PREFIX, "right_square_bracket")
        assert guest.typed == b"\x1d"
        feed(pane, session, "\x1b]2;vim \u202e[red]x[/]\x07".encode())
        assert Content.from_markup(str(pane.border_title)).plain == "ubuntu@web-01 — vim [red]x[/]"


async def test_the_mouse_is_the_programs_where_it_asks_and_marks_otherwise(tmp_path: Path) -> None:
    async with staged(tmp_path, scenes.at_breakpoint) as (pilot, _):
        pane = screen_of(pilot).shell
        session, guest = await opened(pilot)
        feed(pane, session, b"some words here\r\n$ ")
        terminal = pane.terminal
        await pilot.mouse_down(terminal, offset=(5, 0))
        await pilot.hover(terminal, offset=(9, 0))
        await pilot.mouse_up(terminal, offset=(9, 0))
        copied = cast("BuildApp", pilot.app).copied
        await until(pilot, lambda: copied)
        assert copied == ["words"]
        assert guest.typed == b""
        feed(pane, session, b"\x1b[?1002;1006h")
        await pilot.mouse_down(terminal, offset=(5, 0))
        await pilot.hover(terminal, offset=(7, 1))
        await pilot.mouse_up(terminal, offset=(7, 1))
        await pilot.pause()
        assert guest.typed == b"\x1b[<0;6;1M\x1b[<32;8;2M\x1b[<0;8;2m"


async def test_one_scrolls_back_and_copies_by_keys_while_output_goes_on(tmp_path: Path) -> None:
    async with staged(tmp_path, scenes.at_breakpoint) as (pilot, _):
        pane = screen_of(pilot).shell
        session, guest = await opened(pilot)
        terminal = pane.terminal
        feed(pane, session, b"".join(b"line %d\r\n" % number for number in range(100)))
        await until(pilot, lambda: terminal.max_scroll_y > 50 and terminal.at_end)
        await pilot.press("shift+pageup")
        back = terminal.scroll_offset.y
        assert not terminal.at_end
        feed(pane, session, b"more\r\n" * 3)
        await until(pilot, lambda: terminal.max_scroll_y == session.emulator.scrolled)
        assert terminal.scroll_offset.y == back
        await pilot.press("l")
        assert terminal.at_end
        assert guest.typed == b"l"
        await pilot.press(PREFIX, "left_square_bracket", "g", "V", "y")
        copied = cast("BuildApp", pilot.app).copied
        await until(pilot, lambda: copied)
        assert copied == ["line 0"]
        assert terminal.copying is None
        assert guest.typed == b"l"


async def test_one_finds_text_in_what_scrolled_away(tmp_path: Path) -> None:
    async with staged(tmp_path, scenes.at_breakpoint) as (pilot, _):
        pane = screen_of(pilot).shell
        session, guest = await opened(pilot)
        terminal = pane.terminal
        feed(pane, session, b"".join(b"line [b]%d\r\n" % number for number in range(200)))
        await until(pilot, lambda: terminal.max_scroll_y > 50 and terminal.at_end)

        def told() -> str:
            return Content.from_markup(str(pane.border_subtitle)).plain

        await pilot.press(PREFIX, "question_mark")
        assert guest.typed == b""
        await pilot.press(PREFIX, "slash", "n", "e", "space", "left_square_bracket", "b")
        await until(pilot, lambda: told().startswith("/ne [b█"))
        await pilot.press("right_square_bracket", "5", "7", "enter")
        await until(pilot, lambda: told().startswith("/ne [b]57 1 of 1"))
        shown = range(
            terminal.scroll_offset.y + 5, terminal.scroll_offset.y + terminal.size.height - 5
        )
        assert session.emulator.gone + 57 in shown
        row = terminal.render_line(57 - terminal.scroll_offset.y)
        found = terminal.get_component_rich_style("terminal--found", partial=True).bgcolor
        marked = [each for each in row if each.style and each.style.bgcolor == found]
        assert "".join(each.text for each in marked) == "ne [b]57"
        await pilot.press("V", "y")
        copied = cast("BuildApp", pilot.app).copied
        await until(pilot, lambda: copied)
        assert copied == ["line [b]57"]
        assert terminal.at_end
        await until(pilot, lambda: told().startswith("ctrl+] then"))
        # The next time goes on with it.
        await pilot.press(PREFIX, "left_square_bracket", "N")
        await until(pilot, lambda: told().startswith("/ne [b]57"))
        await pilot.press("escape", "escape")
        assert terminal.copying is None
        assert guest.typed == b""


async def test_output_is_heard_as_it_comes_and_questions_are_answered_once(tmp_path: Path) -> None:
    async with staged(tmp_path, scenes.at_breakpoint) as (pilot, _):
        guest = QuietGuest(b"\x1b[6nhello")
        session = ShellSession(guest, "ubuntu@web-01", 80, 24)
        heard: list[bytes] = []
        stop = session.listen(heard.append)
        screen_of(pilot).shell.open(session)
        await until(pilot, lambda: guest.typed)
        assert (heard, guest.typed) == ([b"\x1b[6nhello"], b"\x1b[1;1R")
        stop()
        # The real terminal answers while the shell has it.
        session.mirror = heard.append
        session.emulator.feed(b"\x1b[6n")
        assert guest.typed == b"\x1b[1;1R"
