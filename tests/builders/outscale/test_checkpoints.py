"""Checkpoints of builds on Outscale: going back, and builds that run nothing twice."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from oxtui.component.commands import Resume, Rewind
from oxtui.component.debugger_events import CheckpointTaken
from oxtui.component.events import Noted, StepStarted
from tests.builders.outscale.bench import IMAGE, OutscaleBench, bench, template
from tests.builders.outscale.test_surrogate import BLANK
from tests.sessions import shell

BREAKPOINT = 'provisioner "breakpoint" {}'
WORDS = (shell("echo a >> ~/made"), shell("echo b >> ~/made"))
CHANGED = {"provision-1": {"inline": ["echo other >> ~/made"]}}
BUILT = "ssh_clear_authorized_keys = true"


@asynccontextmanager
async def keeping(
    folder: Path, patch: pytest.MonkeyPatch, *flags: str, **settings: object
) -> AsyncIterator[OutscaleBench]:
    """An Outscale, with a checkpoint behind each provisioner."""
    async with bench(folder, patch, *flags) as there:
        choose(there, **{"policy": "each", **settings})
        yield there


def choose(there: OutscaleBench, **settings: object) -> None:
    """Other settings of checkpoints for the sessions to come."""
    chosen = dataclasses.replace(there.environment.checkpoints, **settings)  # type: ignore[arg-type]
    there.environment = dataclasses.replace(there.environment, checkpoints=chosen)


def ran(there: OutscaleBench) -> list[str]:
    """Provisioners that ran, in their order."""
    return [e.step for e in there.events if isinstance(e, StepStarted) and "provision" in e.step]


async def read_back(there: OutscaleBench, *lines: str) -> list[str]:
    """What commands print in a VM of the image that was made."""
    choose(there, policy="off")
    text = template(shell(*lines), source="skip_create_omi = true", name="other")
    text = text.replace('owners  = ["Outscale"]', 'owners  = ["self"]').replace(IMAGE, "made")
    finished = await there.run(text)
    assert finished.status == "succeeded", there.build.error
    return there.log("provision-1").splitlines()


async def test_a_second_build_begins_from_the_checkpoint_of_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with keeping(tmp_path, monkeypatch) as there:
        assert (await there.run(template(*WORDS, source=BUILT))).status == "succeeded"
        assert await there.left() == ["ami", "snap", "snap", "snap"]
        there.events.clear()
        text = template(*WORDS, shell("echo c >> ~/made"), source=BUILT)
        finished = await there.run(text, force=True)
        assert finished.status == "succeeded", there.build.error
        assert ran(there) == ["provision-3"]
        assert (finished.leftovers, await there.records()) == (0, [])
        told = await read_back(there, "cat ~/made", "grep -c oxtui ~/.ssh/authorized_keys || true")
        # The keys of both runs are out of the image: the only one is that of the VM which reads it.
        assert told[-4:] == ["a", "b", "c", "1"]


@pytest.mark.slow
@pytest.mark.parametrize("clean", [False, True])
async def test_going_back_takes_up_a_checkpoint_with_the_same_way_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clean: bool
) -> None:
    async with keeping(tmp_path, monkeypatch, clean=clean) as there:
        source = f"{BUILT}\nassociate_public_ip_address = true"
        text = template(*WORDS, BREAKPOINT, source=source)
        finished = await there.run(
            text,
            lambda stop: Rewind(build=stop.build, step="provision-2"),
            lambda stop: Resume(build=stop.build),
        )
        assert finished.status == "succeeded", there.build.error
        assert ran(there).count("provision-1") == 1
        assert ran(there).count("provision-2") == 2
        assert there.attempts("public-ip") == ["done"]
        assert (await there.left()).count("ami") == 1
        assert {"i", "vol", "eipalloc", "sg"} & set(await there.left()) == set()
        assert await there.records() == []
        assert (await read_back(there, "cat ~/made"))[-2:] == ["a", "b"]


@pytest.mark.slow
async def test_a_checkpoint_that_fails_stops_no_build_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with keeping(tmp_path, monkeypatch, "--fault", "CreateSnapshot:500") as there:
        finished = await there.run(template(*WORDS))
        assert finished.status == "succeeded", there.build.error
        told = [event.text for event in there.events if isinstance(event, Noted)]
        assert any("No checkpoint was taken" in text for text in told)
        assert await there.left() == ["ami", "snap"]


@pytest.mark.slow
async def test_builds_of_other_volumes_go_back_to_the_source_image(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with keeping(tmp_path, monkeypatch) as there:
        source = BLANK.format(more="delete_on_vm_deletion = false")
        text = template(*WORDS, BREAKPOINT, source=source, kind="outscale-bsusurrogate")
        finished = await there.run(
            text,
            lambda stop: Rewind(build=stop.build, step="provision-2"),
            lambda stop: Resume(build=stop.build),
        )
        assert finished.status == "succeeded", there.build.error
        assert [event for event in there.events if isinstance(event, CheckpointTaken)] == []
        told = [event.text for event in there.events if isinstance(event, Noted)]
        assert any("holds the root volume alone" in text for text in told)
        assert ran(there).count("provision-1") == 2
        assert await there.left() == ["ami", "snap", "snap", "vol"]
        assert await there.records() == []


@pytest.mark.slow
async def test_an_image_of_a_vm_that_was_left_makes_room_for_that_of_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with keeping(tmp_path, monkeypatch, "--fault", "UpdateImage:500:times=4") as there:
        text = template(*WORDS, source="global_permission = true")
        finished = await there.run(
            text, lambda stop: Rewind(build=stop.build, step="provision-1", changes=CHANGED)
        )
        assert finished.status == "succeeded", there.build.error
        assert there.attempts("image") == ["done", "done"]
        assert (await there.left()).count("ami") == 1
        assert await there.records() == []
        assert (await read_back(there, "cat ~/made"))[-2:] == ["other", "b"]
