"""Pictures of shells beside the log: a program with colours, two shells, and copying by keys."""

from __future__ import annotations

from pathlib import Path

import pytest

from screens.shell.session import ShellSession
from tests.screens.build import scenes
from tests.screens.build.stage import QuietGuest, redrawn, screen_of, staged
from tests.screens.conftest import TakePicture
from tests.screens.driving import until

RAMP = "".join(f"\x1b[48;2;{n * 4};{120 - n};{255 - n * 4}m " for n in range(60))
CUBE = "".join(f"\x1b[48;5;{n}m " for n in range(16, 76))
PROGRAM = (
    "\x1b[?1049h\x1b[H\x1b[7m  top of the guest \x1b[0m \x1b[1;32mok\x1b[0m \x1b[2;3mdim and italic\x1b[0m "
    "\x1b[4munderlined\x1b[0m \x1b[9mstruck\x1b[0m"
    f"\x1b[3;1H{RAMP}\x1b[0m\x1b[4;1H{CUBE}\x1b[0m"
    "\x1b[6;1H\x1b[36m\x1b(0lqqqqqqqqqqqqwqqqqqqqqk\x1b[7;1Hx\x1b(B 漢字 wide  \x1b(0x\x1b(B 57.3 %\x1b(0 x"
    "\x1b[8;1Hmqqqqqqqqqqqqvqqqqqqqqj\x1b(B\x1b[0m"
    "\x1b[10;1H\x1b[30;42mProgress: [ 57%]\x1b[0m [#################............]\x1b[5 q\x1b[10;47H"
    "\x1b]2;top\x07"
)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=lambda size: f"{size[0]}x{size[1]}")
async def test_shells(tmp_path: Path, picture: TakePicture, size: tuple[int, int]) -> None:
    async with staged(tmp_path, scenes.at_breakpoint, size) as (pilot, _):
        pane = screen_of(pilot).shell
        for place in ("ubuntu@172.30.0.4", "root@172.30.0.4"):
            session = ShellSession(QuietGuest(b""), place, 80, 24)
            pane.open(session)
        await until(pilot, lambda: session.emulator.rows == pane.terminal.size.height < size[1] - 6)
        session.emulator.feed(PROGRAM.encode())
        session.changed()
        await redrawn(pilot)
        await picture(pilot, "program")
        await pilot.press("ctrl+right_square_bracket", "1")
        pane.sessions[0].emulator.feed(scenes.SCREENFUL)
        pane.sessions[0].changed()
        await pilot.press("ctrl+right_square_bracket", "left_square_bracket", "up", "up", "V", "up")
        await redrawn(pilot)
        await picture(pilot, "copying")
        await pilot.press("escape", "slash", *"nginx", "enter", "n")
        await redrawn(pilot)
        await picture(pilot, "found")
