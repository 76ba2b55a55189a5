"""Stops that outlast oxtui: found again at their steps, forgotten with them, for their owner alone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oxtui.build.following import TemplateStep
from oxtui.component.commands import SetBreakpoint, SetStop
from screens.kept_stops import Kept, KeptStops, kept, outline_of, restored
from screens.stops_shelf import StopsShelf
from screens.template_stops import TemplateStops

PATH = "/templates/web.pkr.hcl"


def step(at: int, text: str) -> TemplateStep:
    return TemplateStep(f"provisioner.{at}", "provisioner", f"{at} shell", text)


def shell(command: str) -> str:
    return f'provisioner "shell" {{\n  inline = ["{command}"]\n}}'


def steps(*commands: str) -> list[TemplateStep]:
    return [step(at, shell(command)) for at, command in enumerate(commands, 1)]


def stops_at(before: list[TemplateStep], *marked: int) -> TemplateStops:
    stops = TemplateStops()
    stops.follow(before)
    for at in marked:
        stops.apply(SetBreakpoint(step=f"provisioner.{at}", on=True))
    return stops


def later(stops: TemplateStops) -> TemplateStops:
    """As another run of oxtui has them."""
    found = kept(stops, PATH)
    assert found is not None
    return restored(Kept.model_validate_json(found.model_dump_json()))


def marked(stops: TemplateStops) -> list[str]:
    return [each.text for each in stops.steps if stops.places(each.id)]


def test_a_breakpoint_is_found_again_where_the_file_was_edited_elsewhere_meanwhile() -> None:
    stops = later(stops_at(steps("apt-get update", "make world", "rm -rf /tmp/x"), 2))
    changed = steps("uptime", "apt-get update -q", "make world -j 4", "rm -rf /tmp/x")
    assert stops.follow(changed) == []
    assert marked(stops) == [shell("make world -j 4")]


def test_with_its_step_it_is_forgotten_aloud_and_comes_back_to_no_other() -> None:
    stops = later(stops_at(steps("apt-get update", "make world", "rm -rf /tmp/x"), 2))
    lost = stops.follow(steps("apt-get update", "rm -rf /tmp/x"))
    assert [str(each) for each in lost] == ["before 2 shell"]
    assert kept(stops, PATH) is None


def test_what_is_not_at_a_step_is_kept_too_and_nothing_where_nothing_is_set() -> None:
    stops = stops_at(steps("a"))
    assert kept(stops, PATH) is None
    for command in (
        SetStop(kind="error", on=False), SetStop(kind="cleanup", on=True),
        SetStop(kind="output", on=True, pattern="E:"), SetStop(kind="exit", on=True, pattern="3"),
        SetBreakpoint(step="cleanup", on=True, when="after"),
    ):  # fmt: skip
        stops.apply(command)
    again = later(stops)
    assert again.kinds == [("cleanup", ""), ("output", "E:"), ("exit", "3")]
    assert list(again.others) == [("after", "cleanup")]


COMMANDS = st.lists(st.text(max_size=12), max_size=6)


@given(COMMANDS, COMMANDS, st.data())
def test_kept_and_read_back_they_come_to_stand_where_they_would_have_stood(
    before: list[str], after: list[str], data: st.DataObject
) -> None:
    """Of steps whose texts are the same, or gone; what was edited is told by likeness, which outlines blur."""
    same = [*dict.fromkeys(each for each in after if each in before)]
    at = data.draw(st.lists(st.integers(1, len(before)), unique=True)) if before else []
    stops = stops_at([step(n, text) for n, text in enumerate(before, 1)], *at)
    if not at:
        assert kept(stops, PATH) is None
        return
    again = later(stops)
    new = [step(n, text) for n, text in enumerate(same, 1)]
    assert [e.places for e in stops.follow(new)] == [e.places for e in again.follow(new)]
    if len({outline_of(each) for each in before}) == len({*before}):
        assert marked(again) == marked(stops)


def test_no_word_of_a_template_is_written_down(tmp_path: Path) -> None:
    stops = stops_at(steps("login --password hunter2hunter2"), 1)
    KeptStops(tmp_path).write(PATH, kept(stops, PATH))
    (file,) = (tmp_path / "stops").iterdir()
    assert "hunter2" not in file.read_text()
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_a_template_may_have_any_name(tmp_path: Path) -> None:
    path = os.fsdecode(b"/templates/\xff \xc3\xa9.pkr.hcl")
    there = KeptStops(tmp_path)
    there.write(path, kept(stops_at(steps("a"), 1), path))
    found = there.read(path)
    assert found is not None
    assert marked(found) == [outline_of(shell("a"))]


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"path": 3}', b"\xff", b'{"path":"/x"}'])
def test_a_file_that_is_not_whole_has_no_stops(tmp_path: Path, data: bytes) -> None:
    there = KeptStops(tmp_path)
    there.write(PATH, kept(stops_at(steps("a"), 1), PATH))
    (file,) = (tmp_path / "stops").iterdir()
    assert there.read(PATH) is not None
    file.write_bytes(data)
    assert there.read(PATH) is None


async def test_a_look_writes_nothing_and_the_last_stop_taken_away_takes_the_file(
    tmp_path: Path,
) -> None:
    told: list[str] = []
    path = str(tmp_path / "t.pkr.hcl")

    async def opened() -> tuple[StopsShelf, TemplateStops]:
        shelf = StopsShelf(tmp_path / "state", told.append)
        stops = await shelf.of_file(path)
        stops.follow(steps("a", "b"))
        return shelf, stops

    shelf, stops = await opened()
    await shelf.close()
    assert not (tmp_path / "state").exists()
    stops.apply(SetBreakpoint(step="provisioner.2", on=True))
    await shelf.close()
    (file,) = (tmp_path / "state/stops").iterdir()
    os.utime(file, ns=(1, 1))
    shelf, stops = await opened()
    await shelf.close()
    assert (marked(stops), file.stat().st_mtime_ns) == ([shell("b")], 1)
    stops.apply(SetBreakpoint(step="provisioner.2", on=False))
    await shelf.close()
    assert not file.exists()
    assert told == []


async def test_a_disk_that_takes_nothing_is_told_and_the_stops_hold_for_now(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("no folder")
    told: list[str] = []
    shelf = StopsShelf(tmp_path / "state", told.append)
    stops = await shelf.of_file("t.pkr.hcl")
    stops.follow(steps("a"))
    stops.apply(SetBreakpoint(step="provisioner.1", on=True))
    await shelf.close()
    assert told[0].startswith("Stops are not kept for later: ")
    assert stops.count == 1


async def test_a_template_in_no_file_shares_nothing_with_a_file_of_its_name(tmp_path: Path) -> None:
    shelf = StopsShelf(tmp_path / "state", print)
    shelf.of("new.pkr.hcl").set("cleanup", "", on=True)
    await shelf.close()
    assert not (tmp_path / "state").exists()
    assert not (await shelf.of_file("new.pkr.hcl")).cleanup
