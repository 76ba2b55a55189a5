"""Words of others on every screen: a terminal obeys none of them, and none is taken as markup."""

from __future__ import annotations

from pathlib import Path

import asyncssh
import pytest
from textual.pilot import Pilot

from oxtui.oxide.models.ssh_key import SshKeyCreate
from screens.app import OxtuiApp
from screens.compose.screen import ComposeScreen
from screens.editing.dialog import EditDialog
from tests.rack_process import rack
from tests.screens.driving import in_front, loaded, press, until
from tests.screens.live import live_app, live_services, start, stopped
from tests.sessions import bench, shell, template

EVIL = (
    "\x1b]52;c;ZXZpbA==\x07\x1b[6n\x9b6n\x9d0;t\x9c\u202e[bold]x[/nonsense] [@click=app.quit]y[/]"
)


def obeyed(pilot: Pilot[int]) -> list[str]:
    """Lines of the screen in front with a character that a terminal would obey or that turns text."""
    return [line for line in shown(pilot).split("\n") if not line.isprintable()]


def shown(pilot: Pilot[int]) -> str:
    """The text of the screen in front."""
    return "\n".join(strip.text for strip in pilot.app.screen._compositor.render_strips())


@pytest.mark.slow
async def test_what_a_rack_describes(tmp_path: Path) -> None:
    async with bench(tmp_path) as there:
        public = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
        await there.client.ssh_keys.create(
            SshKeyCreate(name="evil", description=EVIL, public_key=public.strip())
        )
        app = OxtuiApp(live_services(tmp_path, there.rack))
        async with app.run_test(size=(120, 40)) as pilot:
            await loaded(pilot)
            seen = ""
            for key in "123456789":
                await press(pilot, key)
                await loaded(pilot)
                assert obeyed(pilot) == []
                seen += shown(pilot)
            assert "[bold]x" in seen
            await press(pilot, "ctrl+p")
            assert obeyed(pilot) == []


@pytest.mark.slow
async def test_what_a_template_holds_also_while_it_is_edited(tmp_path: Path) -> None:
    folder = tmp_path / "a [red]\x1b[2J\x9b6n\u202e"
    folder.mkdir()
    path = folder / "t.pkr.hcl"
    path.write_text(
        f"# {EVIL}\n"
        + template(
            shell(f"echo {EVIL}"),
            f'provisioner "file" {{\n source = "{EVIL}"\n destination = "{EVIL}"\n}}',
        )
    )
    async with rack() as there:
        app = OxtuiApp(live_services(tmp_path, there), path)
        async with app.run_test(size=(120, 40)) as pilot:
            await in_front(pilot, ComposeScreen)
            await loaded(pilot)
            screen = pilot.app.screen
            assert isinstance(screen, ComposeScreen)
            assert obeyed(pilot) == []
            await until(pilot, lambda: screen.bench)
            assert screen.bench is not None
            for part in screen.bench.reading.parts:
                screen.outline.select(part.id)
                await screen.redraw()
                await press(pilot)
                assert obeyed(pilot) == []
            screen.focus_row("destination")
            await press(pilot, "enter")
            await until(pilot, lambda: screen.form.row is not None and screen.form.row.is_editing)
            assert obeyed(pilot) == []
            await press(pilot, "escape", "f2")
            assert "[@click=app.quit]y[/]" in shown(pilot)
            assert obeyed(pilot) == []
            await press(pilot, "ctrl+p")
            assert obeyed(pilot) == []


@pytest.mark.slow
async def test_the_title_of_a_dialog(tmp_path: Path) -> None:
    async with rack() as there, live_app(tmp_path, there) as pilot:
        await start(pilot, template(shell("[ -f x ] || echo [/etc] [$primary]; exit 3")))
        await stopped(pilot)
        await press(pilot, "e")
        await in_front(pilot, EditDialog)
        assert "[ -f x ] || echo [/etc] [$primary]; exit 3" in shown(pilot).split("\n", 3)[2]
        assert obeyed(pilot) == []
