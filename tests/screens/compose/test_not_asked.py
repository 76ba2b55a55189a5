"""Names are asked of nobody where there is no connection, or one to something else."""

from __future__ import annotations

from pathlib import Path

from screens.compose.lookup_dialog import LookupDialog
from tests.screens.compose import stage
from tests.screens.compose.stage import compose_of, do, settled
from tests.screens.compose.test_compose_account import given
from tests.screens.driving import press, running, services, until
from tests.screens.test_rackless_build import opened

NOT_THERE = given(source_omi="ami-00000000", subnet_id="subnet-00000000")


async def test_without_a_connection_nothing_is_asked(tmp_path: Path) -> None:
    path = tmp_path / "t.pkr.hcl"
    path.write_text(NOT_THERE)
    there = services(tmp_path, "http://127.0.0.1:9", "none", start=None)
    async with running(there, template=path) as pilot:
        await opened(pilot)
        screen = compose_of(pilot)
        assert (screen.errors, screen.why_not_build()) == ([], "")
        assert screen.summary().endswith("not checked where it goes: no connection")
        screen.focus_row("source_omi")
        await settled(pilot)
        assert screen.form.row is not None
        assert screen.form.row.answer.text == ""
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, LookupDialog))
        state = pilot.app.screen.query_one(".lookup--state")
        await until(pilot, lambda: "There is no connection" in str(state.render()))
        await do(pilot, *"ami-1", "enter")
        assert 'source_omi = "ami-1"' in " ".join(stage.shown_text(pilot).split())


async def test_a_rack_is_not_asked_about_what_is_built_in_an_account(
    tmp_path: Path, pictured_rack: tuple[str, str]
) -> None:
    path = await stage.with_template(tmp_path, NOT_THERE)
    async with stage.composing(tmp_path, pictured_rack, "file", str(path)) as pilot:
        screen = compose_of(pilot)
        assert screen.errors == []
        for name in ("source_omi", "subnet_id"):
            screen.focus_row(name)
            await settled(pilot)
            assert screen.form.row is not None
            assert screen.form.row.answer.text == (
                "not asked; which account this is built on is not known yet"
            )
