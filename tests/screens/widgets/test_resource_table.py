"""The table by mouse and keyboard, however long it is."""

from __future__ import annotations

from dataclasses import dataclass

from textual.pilot import Pilot

from screens.tables.cell import Column
from screens.tables.model import Order, TableModel
from screens.widgets.resource_table import ResourceTable
from tests.screens.acting_app import ActingApp


@dataclass(frozen=True)
class Row:
    id: str
    name: str
    size: int


COLUMNS = (
    Column(title="NAME", cell=lambda row: row.name),
    Column(title="SIZE", cell=lambda row: str(row.size), sort=lambda row: row.size, right=True),
)


def _table(count: int) -> ResourceTable:
    model = TableModel[Row](COLUMNS, lambda row: row.id)
    model.set_order(Order("name"))
    model.upsert(Row(str(number), f"row-{number}", count - number) for number in range(count))
    return ResourceTable(model)


def _lines(table: ResourceTable) -> list[str]:
    return [table.render_line(y).text.rstrip() for y in range(table.size.height)]


async def _pressed(pilot: Pilot[None], *keys: str) -> None:
    await pilot.pause()
    await pilot.press(*keys)
    await pilot.pause()


async def test_a_hundred_thousand_rows_are_walked_from_end_to_end() -> None:
    table = _table(100_000)
    async with ActingApp(table).run_test(size=(40, 10)) as pilot:
        await _pressed(pilot, "end")
        assert _lines(table)[-1].split()[:2] == ["›", "row-99999"]
        await _pressed(pilot, "pageup", "home")
        assert _lines(table)[1].split()[:2] == ["›", "row-0"]


async def test_a_click_on_a_heading_sorts_and_a_second_one_turns_it_round() -> None:
    table = _table(20)
    async with ActingApp(table).run_test(size=(40, 10)) as pilot:
        await pilot.click(ResourceTable, offset=(13, 0))
        assert table.model.order == Order("size")
        assert "SIZE▲" in _lines(table)[0]
        await pilot.click(ResourceTable, offset=(13, 0))
        assert table.model.order == Order("size", descending=True)
        assert "SIZE▼" in _lines(table)[0]


async def test_a_click_takes_the_cursor_and_a_double_click_opens() -> None:
    opened = []

    class App(ActingApp):
        def on_resource_table_opened(self) -> None:
            opened.append(table.model.cursor)

    table = _table(20)
    async with App(table).run_test(size=(40, 10)) as pilot:
        await pilot.click(ResourceTable, offset=(5, 4))
        assert table.model.cursor == 3
        await pilot.click(ResourceTable, offset=(5, 2), times=2)
        await pilot.pause()
        assert opened == [1]


async def test_the_cursor_stays_on_the_screen_when_rows_come_above_it() -> None:
    table = _table(50)
    async with ActingApp(table).run_test(size=(40, 10)) as pilot:
        await _pressed(pilot, "end")
        table.model.upsert(Row(f"n{number}", f"a-{number}", 0) for number in range(30))
        table.model_changed()
        await pilot.pause()
        assert any(line.split()[:2] == ["›", "row-49"] for line in _lines(table))


async def test_the_place_is_kept_while_another_table_is_shown() -> None:
    table = _table(50)
    async with ActingApp(table).run_test(size=(40, 10)) as pilot:
        await _pressed(pilot, "end")
        first = table.model
        table.show(_table(3).model)
        await pilot.pause()
        table.show(first)
        await pilot.pause()
        assert _lines(table)[-1].split()[:2] == ["›", "row-49"]


async def test_an_empty_table_says_what_to_do_in_lines_that_fit() -> None:
    table = _table(0)
    table.empty = ("No image here yet. On another image, b boots a test instance.",)
    async with ActingApp(table).run_test(size=(30, 10)) as pilot:
        await pilot.pause()
        assert [line.strip() for line in _lines(table)[2:5]] == [
            "No image here yet. On", "another image, b boots a", "test instance.",
        ]  # fmt: skip
