"""Sources that are built on another rack than the one that is connected: nothing is asked here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from textual.pilot import Pilot

from screens.browse.names import Names, Question
from screens.compose.lookup_dialog import LookupDialog
from tests.screens.compose.stage import TEMPLATE, compose_of, composing, do, settled, with_template
from tests.screens.driving import press, until

HERE = TEMPLATE.split("build {")[0]
ELSEWHERE = HERE[HERE.index("source") :].replace('"web" {', """"far" {
  host  = "https://other.example"
  token = "oxide-token-1"\
""").replace('"ubuntu-24-04"', '"gone"')  # fmt: skip
BOTH = f"""{HERE}{ELSEWHERE}
build {{
  sources = ["source.oxide-instance.web", "source.oxide-instance.far"]
}}
"""
FAR_ALONE = f"""{ELSEWHERE}
build {{
  sources = ["source.oxide-instance.far"]
}}
"""
FAR = "source.oxide-instance.far"
UNASKED = "not asked; this is built on other.example, which is not connected"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What the connected rack is asked about fields."""
    found: list[str] = []
    answer, choices = Names.answer, Names.choices

    def asking(names: Names, question: Question) -> object:
        found.append(question.kind)
        return answer(names, question)

    def offering(names: Names, kind: str, beside: Mapping[str, str]) -> object:
        found.append(f"list of {kind}")
        return choices(names, kind, beside)

    monkeypatch.setattr(Names, "answer", asking)
    monkeypatch.setattr(Names, "choices", offering)
    return found


def told(pilot: Pilot[int]) -> str:
    """What stands below the field that has the focus."""
    row = compose_of(pilot).form.row
    assert row is not None
    return row.answer.text


async def test_only_what_is_built_here_is_asked_about_here(
    tmp_path: Path, pictured_rack: tuple[str, str], asked: list[str]
) -> None:
    path = await with_template(tmp_path, BOTH)
    async with composing(tmp_path, pictured_rack, "file", str(path)) as pilot:
        screen = compose_of(pilot)
        assert told(pilot).startswith("project has ")
        assert asked == ["projects"]
        assert screen.errors == [], "an image that the other rack may have is no error"

        screen.outline.select(FAR)
        await settled(pilot)
        for name in ("project", "boot_disk_image_id", "boot_disk_size", "ip_pool", "memory"):
            screen.focus_row(name)
            await settled(pilot)
            assert told(pilot) == UNASKED
        screen.focus_row("artifact_name")
        await settled(pilot)
        assert told(pilot) == ""

        screen.focus_row("vpc")
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, LookupDialog))
        state = pilot.app.screen.query_one(".lookup--state")
        await until(pilot, lambda: "asking" not in str(state.render()))
        assert UNASKED in str(state.render())
        await do(pilot, *"prod", "enter")
        assert asked == ["projects"]


async def test_from_the_first_moment_nothing_is_asked_of_the_wrong_rack(
    tmp_path: Path, pictured_rack: tuple[str, str], asked: list[str]
) -> None:
    path = await with_template(tmp_path, FAR_ALONE)
    async with composing(tmp_path, pictured_rack, "file", str(path)) as pilot:
        assert told(pilot) == UNASKED
        assert asked == []
        assert compose_of(pilot).racks.whole.other


@pytest.mark.slow
async def test_a_host_that_is_written_or_taken_away_counts_at_once(
    tmp_path: Path, pictured_rack: tuple[str, str], asked: list[str]
) -> None:
    path = await with_template(tmp_path)
    async with composing(tmp_path, pictured_rack, "file", str(path)) as pilot:
        screen = compose_of(pilot)
        screen.focus_row("host")
        await do(pilot, "enter", *"https://other.example", "enter")
        screen.focus_row("cpus")
        await settled(pilot)
        assert told(pilot).startswith("not asked; ")
        screen.focus_row("host")
        await do(pilot, "delete")
        screen.focus_row("cpus")
        await settled(pilot)
        assert told(pilot).startswith("the silo has ")
        assert asked == ["projects", "cpus"]


async def test_a_host_that_is_only_known_when_the_build_starts(
    tmp_path: Path, pictured_rack: tuple[str, str], asked: list[str]
) -> None:
    text = TEMPLATE.replace("  cpus ", '  host = "https://${var.greeting}"\n  cpus ')
    path = await with_template(tmp_path, text.replace('= "hello"', "= gone"))
    async with composing(tmp_path, pictured_rack, "file", str(path)) as pilot:
        assert told(pilot) == "not asked; which rack this is built on is not known yet"
        assert asked == []
