"""Builds that give their image to the silo in the end, on a simulated rack of one's own."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from oxtui.build.control import Policy
from oxtui.build.recorded import recorded_session
from oxtui.component.commands import Abort, Retry, Skip
from oxtui.component.events import ApiCalled, BuildPlanned, Paused
from oxtui.export.session import export_session
from oxtui.oxide.errors import NotFound
from oxtui.oxide.models.image import Image
from tests.sessions import Bench, bench, shell, template

pytestmark = pytest.mark.slow

ASKED = "--promote"


async def _where(there: Bench, name: str = "made") -> tuple[Image | None, Image | None]:
    """The image of that name in the silo, and in the project."""

    async def found(project: str | None) -> Image | None:
        try:
            return await there.client.images.view(name, project=project)
        except NotFound:
            return None

    return await found(None), await found("web")


def _artifact(there: Bench) -> dict[str, str]:
    assert there.build.artifact is not None
    return {"name": there.build.artifact.name, **dict(there.build.artifact.fields)}


def _changes(there: Bench) -> list[str]:
    """Operations that changed the rack."""
    return [e.operation for e in there.events if isinstance(e, ApiCalled) and e.method != "GET"]


async def test_the_image_ends_in_the_silo(tmp_path: Path) -> None:
    async with bench(tmp_path) as there:
        finished = await there.run(template(), promote=ASKED)
        assert finished.status == "succeeded", there.build.error
        silo, project = await _where(there)
        assert silo is not None
        assert silo.is_silo_image
        assert project is None
        plan = next(e for e in there.events if isinstance(e, BuildPlanned))
        assert [(s.id, s.title) for s in plan.steps][-3:] == [
            ("image", "image"), ("promote", "promote image"), ("cleanup", "clean up"),
        ]  # fmt: skip
        value = next(value for value in there.build.values if value.name == "promote")
        assert (value.value, value.source) == ("to the silo", ASKED)
        assert "project" not in _artifact(there)
        assert await there.left_on_rack() == []
        assert await there.records() == []
        (record,) = await there.environment.journal.sessions()
        assert (record.image, record.status) == ("made", "succeeded")
        live, folders = there.sessions[-1], there.environment.folders
        told = (await export_session(live)).notes
        assert any("promoted its image to the silo, which Packer does not" in note for note in told)
        replayed = await recorded_session(there.environment.journal, folders, live.number)
        (build,) = replayed.state.builds.values()
        assert build.artifact == there.build.artifact
        assert build.steps["promote"].phase == "done"
        assert list(build.steps) == list(there.build.steps)


async def test_without_the_wish_or_an_image_nothing_is_promoted(tmp_path: Path) -> None:
    async with bench(tmp_path) as there:
        finished = await there.run(template())
        assert finished.status == "succeeded", there.build.error
        assert "promote" not in there.build.steps
        assert "promote" not in {value.name for value in there.build.values}
        assert "image_promote" not in _changes(there)
        assert _artifact(there)["project"] == "web"
        assert not any("promoted" in n for n in (await export_session(there.sessions[-1])).notes)
        text = template(source="skip_create_image = true")
        finished = await there.run(text, promote=ASKED)
        assert finished.status == "succeeded", there.build.error
        assert "promote" not in there.build.steps


async def test_a_promotion_that_fails_is_tried_again(tmp_path: Path) -> None:
    async with bench(tmp_path, "--fault", "image_promote:500:once") as there:
        finished = await there.run(template(), lambda stop: Retry(), promote=ASKED)
        assert finished.status == "succeeded", there.build.error
        assert there.attempts("promote") == ["failed", "done"]
        paused = next(event for event in there.events if isinstance(event, Paused))
        assert {"retry", "skip", "keep", "abort"} <= set(paused.choices)
        assert paused.failure is not None
        assert 'is made and stays in project "web"' in paused.failure.summary
        assert paused.failure.request_id
        assert (await _where(there))[0] is not None


async def test_a_promotion_that_fails_is_skipped_with_the_image_in_its_project(
    tmp_path: Path,
) -> None:
    async with bench(tmp_path, "--fault", "image_promote:403") as there:
        finished = await there.run(template(), lambda stop: Skip(), promote=ASKED)
        assert finished.status == "succeeded", there.build.error
        silo, project = await _where(there)
        assert silo is None
        assert project is not None
        assert _artifact(there)["project"] == "web"
        assert await there.left_on_rack() == []


@pytest.mark.parametrize("attended", [True, False])
async def test_a_promotion_that_fails_keeps_the_image_where_the_build_ends(
    tmp_path: Path, attended: bool
) -> None:
    async with bench(tmp_path, "--fault", "image_promote:403") as there:
        answers = [lambda stop: Abort()] if attended else []
        finished = await there.run(template(), *answers, promote=ASKED)
        assert finished.status == "failed"
        _, project = await _where(there)
        assert project is not None
        assert project.id in there.build.error
        assert _artifact(there) == {**_artifact(there), "name": "made", "project": "web"}
        assert await there.left_on_rack() == []
        assert await there.records() == []
        (record,) = await there.environment.journal.sessions()
        assert (record.image, record.status) == ("made", "failed")


async def test_a_promotion_that_was_done_meanwhile_counts(tmp_path: Path) -> None:
    async with bench(tmp_path, "--fault", "image_promote:403:once") as there:
        session = await there.session(template(), Policy("ask", attended=True), promote=ASKED)
        stopped = asyncio.Event()
        session.subscribe(lambda event: stopped.set() if isinstance(event, Paused) else None)
        running = asyncio.ensure_future(session.run())
        await stopped.wait()
        await there.client.images.promote("made", project="web")
        await session.command(Retry())
        assert (await running).status == "succeeded", there.build.error
        assert "project" not in _artifact(there)


@pytest.mark.parametrize("force", [False, True])
async def test_an_image_of_that_name_in_the_silo_is_told_before_anything_is_made(
    tmp_path: Path, force: bool
) -> None:
    async with bench(tmp_path) as there:
        text = template(shell("true")).replace('"made"', '"debian-12"')
        finished = await there.run(text, force=force, promote=ASKED)
        assert finished.status == "failed"
        assert there.build.error.startswith(
            'preflight: artifact_name: the silo has an image "debian-12" already ('
        )
        assert _changes(there) == []
        assert (await there.run(text)).status == "succeeded", "the project's own may have that name"


TWO = """
source "oxide-instance" "t2" {
  project            = "lab"
  boot_disk_image_id = "ubuntu-24-04"
  ssh_username       = "ubuntu"
  artifact_name      = "made"
}
"""


async def test_builds_in_two_projects_cannot_give_the_silo_the_same_name(tmp_path: Path) -> None:
    text = TWO + template(shell("true")).replace(
        'sources = ["source.oxide-instance.t"]',
        'sources = ["source.oxide-instance.t", "source.oxide-instance.t2"]',
    )
    async with bench(tmp_path) as there:
        finished = await there.run(text, promote=ASKED)
        errors = sorted(state.error for state in there.sessions[-1].state.builds.values())
        assert finished.status == "failed"
        assert errors[0] == ""
        assert 'makes an image "made" for the silo too' in errors[1]
        finished = await there.run(text.replace('"made"', '"other"'))
        assert finished.status == "succeeded"
