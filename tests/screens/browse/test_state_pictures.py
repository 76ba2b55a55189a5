"""How Browse looks before there is anything, and when something is wrong."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from oxtui.demo import DemoError
from screens.connection import Failed, Link, Open, Target
from tests.screens.conftest import TakePicture
from tests.screens.driving import (
    app_of,
    browse_of,
    loaded,
    names,
    press,
    running,
    services,
    toasts,
    until,
)
from tests.screens.racks import still_rack

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
Rack = tuple[str, str]


def _opening(act: Callable[[Callable[[str], None]], Awaitable[Link]]) -> Open:
    @contextlib.asynccontextmanager
    async def open_(_target: Target, tell: Callable[[str], None]) -> AsyncIterator[Link]:
        yield await act(tell)

    return open_


@SIZES
async def test_starting(size: tuple[int, int], picture: TakePicture, tmp_path: Path) -> None:
    begun = asyncio.Event()

    async def never(tell: Callable[[str], None]) -> Link:
        tell("starting the demo rack")
        begun.set()
        await asyncio.Event().wait()
        raise AssertionError

    given = replace(services(tmp_path, "http://rack.example", ""), open=_opening(never))
    async with running(given, size) as pilot:
        await asyncio.wait_for(begun.wait(), 30)
        await picture(pilot, "starting")
        await press(pilot, "u")
        assert toasts(pilot) == ["The rack is still being connected; try again in a moment."]


@SIZES
async def test_failed(size: tuple[int, int], picture: TakePicture, tmp_path: Path) -> None:
    tries = []

    async def fails(_tell: Callable[[str], None]) -> Link:
        tries.append(1)
        raise DemoError(
            "The demo rack did not start: its state in /home/ada/.local/share/oxtui/demo-rack is "
            "in use by process 4711; end that one, or go on there."
        )

    given = replace(services(tmp_path, "http://rack.example", ""), open=_opening(fails))
    async with running(given, size) as pilot:
        await until(pilot, lambda: isinstance(app_of(pilot).connector.state, Failed))
        await picture(pilot, "failed")
        await press(pilot, "r")
        await until(pilot, lambda: len(tries) == 2)


@SIZES
async def test_filter(
    size: tuple[int, int], picture: TakePicture, pictured_rack: Rack, tmp_path: Path
) -> None:
    async with running(services(tmp_path, *pictured_rack), size) as pilot:
        await loaded(pilot)
        await press(pilot, "/", *"ubuntu !22")
        await picture(pilot, "typing")
        await press(pilot, *" /(x")
        await picture(pilot, "not-understood")
        await press(pilot, *["backspace"] * 4, *" zebra", "enter")
        await picture(pilot, "nothing-matches")


@SIZES
async def test_project(
    size: tuple[int, int], picture: TakePicture, pictured_rack: Rack, tmp_path: Path
) -> None:
    async with running(services(tmp_path, *pictured_rack), size) as pilot:
        await press(pilot, "1")
        await loaded(pilot)
        await press(pilot, "down", "down", "enter")
        await loaded(pilot)
        await picture(pilot, "images")
        await press(pilot, "3")
        await loaded(pilot)
        await picture(pilot, "no-instances")


@SIZES
async def test_vpc(
    size: tuple[int, int], picture: TakePicture, pictured_rack: Rack, tmp_path: Path
) -> None:
    async with running(services(tmp_path, *pictured_rack), size) as pilot:
        await press(pilot, "6")
        await loaded(pilot)
        await press(pilot, "enter")
        await loaded(pilot)
        await picture(pilot, "details")


@SIZES
async def test_production(
    size: tuple[int, int], picture: TakePicture, pictured_rack: Rack, tmp_path: Path
) -> None:
    settings = {"profiles.prod.production": "true", "profiles.prod.read_only": "true"}
    given = services(tmp_path, *pictured_rack, profile="prod", settings=settings, insecure=True)
    async with running(given, size) as pilot:
        await loaded(pilot)
        await picture(pilot, "images")


async def test_a_rack_that_fails_later_keeps_its_rows_and_says_since_when(
    picture: TakePicture, tmp_path: Path
) -> None:
    with still_rack("--fault", "instance_list:500:after=4") as rack:
        now = [0.0]
        given = services(tmp_path, *rack)
        given = replace(given, clock=lambda: given_clock() + now[0])
        given_clock = services(tmp_path, *rack).clock
        async with running(given, (80, 24)) as pilot:
            await press(pilot, "3")
            await loaded(pilot)
            assert names(pilot) == ["db-1", "web-1"]
            now[0] = 40.0
            await press(pilot, "r")
            catalog = browse_of(pilot).catalog
            assert catalog is not None
            await until(pilot, lambda: catalog.freshness["instances"].failures)
            assert names(pilot) == ["db-1", "web-1"]
            error = catalog.freshness["instances"].error
            assert "request id" in error
            catalog.freshness["instances"].error = _steady(error)
            browse_of(pilot).show_notice()
            await picture(pilot, "stale")


def _steady(error: str) -> str:
    """Request ids differ from run to run."""
    begin, _, rest = error.rpartition("request id ")
    return f"{begin}request id 5f0c2f7a{rest[rest.index(')') :]}"
