"""Looking around on a rack: tabs, filter, order, projects, details, copies."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from textual import events
from textual.widgets import Input, Static

from screens.browse.browser import BROWSERS
from screens.browse.catalog import Freshness
from screens.browse.detail_pane import DetailPane
from screens.browse.notices import empty_text
from screens.connection import Demo, Link
from screens.dialogs.help import HelpDialog
from screens.tables.cell import Column
from screens.tables.model import TableModel
from screens.widgets.key_footer import KeyFooter
from screens.widgets.resource_table import ResourceTable
from tests.screens.driving import (
    app_of,
    browse_of,
    current,
    loaded,
    names,
    press,
    running,
    services,
    toasts,
    until,
)
from tests.screens.racks import NOW

Rack = tuple[str, str]


async def test_images_of_the_silo_and_of_all_projects_stand_in_one_table(
    pictured_rack: Rack, tmp_path: Path
) -> None:
    async with running(services(tmp_path, *pictured_rack)) as pilot:
        await loaded(pilot)
        model = browse_of(pilot).model
        where = {row.name: row.project_id for row in model.rows()}
        assert where["ubuntu-24-04"] is None
        assert where["web-base"] is not None
        assert names(pilot)[:2] == ["debian-12", "postgres-16"]


async def test_typing_narrows_the_table_and_esc_shows_all_again(
    pictured_rack: Rack, tmp_path: Path
) -> None:
    async with running(services(tmp_path, *pictured_rack)) as pilot:
        await loaded(pilot)
        await press(pilot, "/", *"web")
        assert names(pilot) == ["ubuntu-24-04-hardened", "web-base", "web-base-previous"]
        await press(pilot, "down", "enter")
        assert browse_of(pilot).query_one(ResourceTable).has_focus
        assert current(pilot).name == "web-base"
        await press(pilot, "escape")
        assert len(names(pilot)) == 8
        assert current(pilot).name == "web-base"


async def test_a_letter_in_the_filter_is_no_key(pictured_rack: Rack, tmp_path: Path) -> None:
    async with running(services(tmp_path, *pictured_rack)) as pilot:
        await loaded(pilot)
        await press(pilot, "/", "d", "o", "3")
        assert browse_of(pilot).resource.id == "images"
        assert browse_of(pilot).model.filter.text == "do3"
        assert pilot.app.screen is browse_of(pilot)


async def test_keys_typed_at_once_after_the_slash_are_part_of_the_filter(
    pictured_rack: Rack, tmp_path: Path
) -> None:
    async with running(services(tmp_path, *pictured_rack)) as pilot:
        await loaded(pilot)
        for name, character in (("slash", "/"), ("d", "d"), ("e", "e"), ("b", "b")):
            pilot.app.post_message(events.Key(name, character))
        await until(pilot, lambda: browse_of(pilot).model.filter.text == "deb")
        assert pilot.app.screen is browse_of(pilot)


async def test_each_tab_keeps_its_cursor_and_filter(pictured_rack: Rack, tmp_path: Path) -> None:
    async with running(services(tmp_path, *pictured_rack)) as pilot:
        await loaded(pilot)
        await press(pilot, "/", *"ubuntu", "enter", "down", "down")
        here = current(pilot).name
        await press(pilot, "3")
        await loaded(pilot)
        await press(pilot, "2")
        assert current(pilot).name == here
        assert browse_of(pilot).model.filter.text == "ubuntu"


async def test_a_project_narrows_every_tab_until_it_is_left(
    pictured_rack: Rack, tmp_path: Path
) -> None:
    async with running(services(tmp_path, *pictured_rack)) as pilot:
        await press(pilot, "1")
        await loaded(pilot)
        await press(pilot, "end", "enter")
        await loaded(pilot)
        assert browse_of(pilot).crumbs() == "images › web"
        assert "postgres-16" not in names(pilot)
        assert "ubuntu-24-04" in names(pilot), "silo images are usable in the project"
        await press(pilot, "3")
        await loaded(pilot)
        assert names(pilot) == ["web-1"]
        await press(pilot, "escape")
        await loaded(pilot)
        assert browse_of(pilot).crumbs() == "projects"


async def test_minus_goes_to_the_place_before_and_back(pictured_rack: Rack, tmp_path: Path) -> None:
    async with running(services(tmp_path, *pictured_rack)) as pilot:
        await press(pilot, "4", "minus")
        assert browse_of(pilot).resource.id == "images"
        await press(pilot, "minus")
        assert browse_of(pilot).resource.id == "disks"
        await press(pilot, "[")
        assert browse_of(pilot).resource.id == "images"
        await press(pilot, "]")
        assert browse_of(pilot).resource.id == "disks"


async def test_the_palette_goes_to_a_kind_a_project_and_a_filter_at_once(
    pictured_rack: Rack, tmp_path: Path
) -> None:
    async with running(services(tmp_path, *pictured_rack)) as pilot:
        await loaded(pilot)
        await press(pilot, ":", *"vpcs web /prod", "enter")
        await loaded(pilot)
        assert browse_of(pilot).crumbs() == "VPCs › web"
        assert names(pilot) == ["production"]


async def test_s_sorts_by_the_next_column_and_capital_s_turns_it_round(
    pictured_rack: Rack, tmp_path: Path
) -> None:
    async with running(services(tmp_path, *pictured_rack)) as pilot:
        await loaded(pilot)
        await press(pilot, "S")
        assert names(pilot)[0] == "web-base-previous"
        await press(pilot, "s")
        assert browse_of(pilot).model.order.column == "where"


async def test_enter_fills_the_screen_with_details_and_esc_leads_back(
    pictured_rack: Rack, tmp_path: Path
) -> None:
    async with running(services(tmp_path, *pictured_rack), (80, 24)) as pilot:
        await press(pilot, "6")
        await loaded(pilot)
        await press(pilot, "enter")
        await loaded(pilot)
        assert browse_of(pilot).query_one(DetailPane).has_focus
        text = browse_of(pilot).query_one(DetailPane).text
        assert "3 subnets" in text
        assert "allow-postgres" in text
        before = browse_of(pilot).query_one(DetailPane).scroll_y
        await press(pilot, "down", "down")
        assert browse_of(pilot).query_one(DetailPane).scroll_y == before + 2
        await press(pilot, "escape")
        assert browse_of(pilot).query_one(ResourceTable).has_focus


async def test_y_copies_the_id_and_capital_y_the_row_and_both_say_where_it_went(
    pictured_rack: Rack, tmp_path: Path
) -> None:
    async with running(services(tmp_path, *pictured_rack)) as pilot:
        await loaded(pilot)
        row = current(pilot)
        await press(pilot, "y")
        await until(pilot, lambda: toasts(pilot))
        assert pilot.app.clipboard == row.id
        assert "by way of the terminal (OSC 52)" in toasts(pilot)[0]
        await press(pilot, "Y")
        await until(pilot, lambda: len(toasts(pilot)) == 2)
        assert json.loads(pilot.app.clipboard)["name"] == row.name


async def test_a_key_that_cannot_act_says_why(pictured_rack: Rack, tmp_path: Path) -> None:
    async with running(services(tmp_path, *pictured_rack)) as pilot:
        await loaded(pilot)
        await press(pilot, "p")
        assert toasts(pilot) == ["debian-12 is a silo image already; P moves it into a project."]


@pytest.mark.parametrize("key", ["?", "f1"])
async def test_help_lists_the_keys_of_this_place_and_finds_one(
    key: str, pictured_rack: Rack, tmp_path: Path
) -> None:
    async with running(services(tmp_path, *pictured_rack)) as pilot:
        await loaded(pilot)
        await press(pilot, key, *"promote")
        text = str(pilot.app.screen.query_one(".help--text").render())
        assert "Move the image from its project to the silo" in text
        assert "One row up" not in text
        await press(pilot, "escape")
        assert pilot.app.screen is browse_of(pilot)


async def test_a_click_on_a_key_of_the_footer_presses_it(
    pictured_rack: Rack, tmp_path: Path
) -> None:
    async with running(services(tmp_path, *pictured_rack)) as pilot:
        await loaded(pilot)
        footer = browse_of(pilot).query_one(KeyFooter)
        pieces = footer.pieces(footer.content_size.width)
        before = pieces[: [action for _, action in pieces].index("app.help")]
        await pilot.click("KeyFooter", offset=(1 + sum(text.cell_length for text, _ in before), 0))
        await until(pilot, lambda: isinstance(pilot.app.screen, HelpDialog))


async def test_a_click_on_a_tab_shows_it(pictured_rack: Rack, tmp_path: Path) -> None:
    async with running(services(tmp_path, *pictured_rack)) as pilot:
        await loaded(pilot)
        await pilot.click("TabLine", offset=(3, 0))
        await loaded(pilot)
        assert browse_of(pilot).resource.id == "projects"


async def test_nothing_is_fetched_while_another_screen_is_in_front(
    pictured_rack: Rack, tmp_path: Path
) -> None:
    async with running(services(tmp_path, *pictured_rack)) as pilot:
        await loaded(pilot)
        await press(pilot, "ctrl+o")
        await until(pilot, lambda: not [w for w in pilot.app.workers if w.group == "fresh"])
        await press(pilot, "minus")
        assert [w for w in app_of(pilot).workers if w.group == "fresh"]


@pytest.mark.slow
async def test_a_kind_without_a_project_stays_in_the_project_and_all_leaves_it(
    pictured_rack: Rack, tmp_path: Path
) -> None:
    async with running(services(tmp_path, *pictured_rack)) as pilot:
        await loaded(pilot)
        await press(pilot, ":", *"images web", "enter")
        await press(pilot, ":", *"disks /boot", "enter")
        await loaded(pilot)
        assert browse_of(pilot).crumbs() == "disks › web"
        await press(pilot, ":", *"pools", "enter")
        assert browse_of(pilot).crumbs() == "IP pools › web"
        await press(pilot, ":", *"disks all", "enter")
        assert browse_of(pilot).crumbs() == "disks"


async def test_the_palette_shows_how_the_text_goes_on_and_tab_takes_it_over(
    pictured_rack: Rack, tmp_path: Path
) -> None:
    async with running(services(tmp_path, *pictured_rack)) as pilot:
        await loaded(pilot)
        await press(pilot, ":", *"vp")
        field = pilot.app.screen.query_one(Input)
        await until(pilot, lambda: field._suggestion == "vpcs")
        await press(pilot, "tab", "space", "w")
        await until(pilot, lambda: field._suggestion == "vpcs web")
        await press(pilot, "right", "enter")
        await until(pilot, lambda: browse_of(pilot).crumbs() == "VPCs › web")


async def test_the_palette_tells_the_whole_reason_of_what_cannot_be_done(
    pictured_rack: Rack, tmp_path: Path
) -> None:
    async with running(services(tmp_path, *pictured_rack), (80, 24)) as pilot:
        await loaded(pilot)
        await press(pilot, "ctrl+p", *"promote")
        told = str(pilot.app.screen.query_one(".palette--told", Static).render())
        assert told == "✗ debian-12 is a silo image already; P moves it into a project."


async def test_esc_leaves_a_screen_for_the_place_it_was_entered_from(
    pictured_rack: Rack, tmp_path: Path
) -> None:
    async with running(services(tmp_path, *pictured_rack)) as pilot:
        await press(pilot, "4")
        await loaded(pilot)
        await press(pilot, "f3")
        await until(pilot, lambda: app_of(pilot).at("sessions"))
        await press(pilot, "ctrl+o")
        await until(pilot, lambda: app_of(pilot).at("connect"))
        await press(pilot, "escape")
        await until(pilot, lambda: app_of(pilot).at("sessions"))
        await press(pilot, "escape")
        await until(pilot, lambda: app_of(pilot).at("browse"))
        assert browse_of(pilot).resource.id == "disks"
        await press(pilot, "escape")
        assert toasts(pilot) == ["There is nothing to go back to here."]
        await press(pilot, "escape", "escape")
        assert toasts(pilot) == ["There is nothing to go back to here."], (
            "held down, it says so once"
        )
        app_of(pilot).services = replace(app_of(pilot).services, clock=lambda: NOW.timestamp() + 10)
        await press(pilot, "escape")
        assert len(toasts(pilot)) == 2


async def test_a_narrow_footer_shortens_its_words_and_leaves_no_room_unused(
    pictured_rack: Rack, tmp_path: Path
) -> None:
    async with running(services(tmp_path, *pictured_rack), (80, 24)) as pilot:
        await loaded(pilot)
        pieces = browse_of(pilot).query_one(KeyFooter).pieces(78)
        text = "".join(piece.plain for piece, _ in pieces)
        assert text.split("   ")[:3] == ["n new build", "b boot", "u upload"]
        assert text.rstrip().endswith("? keys")
        assert 70 <= len(text.rstrip()) <= 78


def test_an_empty_table_tells_that_a_filter_is_at_work_while_loading_goes_on() -> None:
    resource = BROWSERS["oxide"].kinds["images"]
    model = TableModel[str]((Column(title="NAME", cell=lambda row: row),), lambda row: row)
    model.upsert(["a", "b"])
    model.set_filter("zebra")
    link = Link(Demo(), None, None, None)  # type: ignore[arg-type]
    said = empty_text("Images", resource, model, Freshness(loading=True), link, "")
    assert said == ("None of the 2 so far matches /zebra", "Loading images…")
