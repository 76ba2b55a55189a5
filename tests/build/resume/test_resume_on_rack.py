"""A build goes on in a session of its own: what was done is not done again (issue: never repeat work)."""

from __future__ import annotations

from pathlib import Path

import pytest

from oxtui.build.control import Policy
from oxtui.component.commands import AddProvisioner, EditAndRetry, Keep
from oxtui.component.debugger_events import SessionContinued, StepReused
from oxtui.component.events import StepStarted
from tests.sessions import Bench, bench, shell, template

COUNTED = shell("echo once >> ~/count", "sync")


def started(there: Bench) -> list[str]:
    """The steps that ran in the process that continued the session, in order."""
    at = [isinstance(event, SessionContinued) for event in there.events].index(True)
    return [event.step for event in there.events[at:] if isinstance(event, StepStarted)]


@pytest.mark.slow
async def test_a_kept_instance_is_provisioned_on_from_the_step_that_failed(tmp_path: Path) -> None:
    text = template(COUNTED, shell("test -e ~/repaired"), shell("cp ~/count ~/result"))
    async with bench(tmp_path) as there:
        finished = await there.run(text, lambda _: Keep())
        assert finished.status == "kept"
        first = there.build
        # The operator repairs by hand, outside of oxtui.
        client, (instance,) = there.client, [
            each async for each in there.client.instances.list(project="web")
            if each.name.startswith("packer-")
        ]  # fmt: skip
        await client.instances.stop(instance.id)
        changed = EditAndRetry(changes={"inline": ["touch ~/repaired"]})
        finished = await there.resume(lambda _: changed)
        assert finished.status == "succeeded", there.build.error
        assert there.sessions[-1].number == there.sessions[0].number == 1
        assert started(there) == [
            "resume", "instance", "connect", "provision-2", "provision-2", "provision-3", "sync",
            "stop", "snapshot", "image", "cleanup",
        ]  # fmt: skip
        reused = {e.step: e.reason for e in there.events if isinstance(e, StepReused)}
        assert set(reused) == {"preflight", "ssh-key", "provision-1"}
        assert reused["provision-1"].startswith("Done in this session at ")
        assert there.build.steps["provision-2"].attempt == 3
        assert there.build.instance == first.instance
        assert await there.left_on_rack() == []
        assert await there.records() == []
        assert not there.sessions[0].environment.folders.folder(1).key(first.name).exists()
        assert await there.read_back("made", "~/result") == ["once"]
        record = await there.environment.journal.session(1)
        assert record is not None
        assert (record.status, record.image) == ("succeeded", "made")


@pytest.mark.parametrize(
    "at",
    [
        pytest.param("stop", marks=pytest.mark.slow),
        pytest.param("snapshot", marks=pytest.mark.slow),
        pytest.param("image", marks=pytest.mark.slow),
    ],
)
async def test_a_build_that_failed_behind_the_guest_is_not_provisioned_again(
    tmp_path: Path, at: str
) -> None:
    fault = {"stop": "instance_stop", "snapshot": "snapshot_create", "image": "image_create"}[at]
    async with bench(tmp_path, "--fault", f"{fault}:403:once") as there:
        session = await there.session(template(COUNTED), Policy("abort"))
        finished = await session.run()
        assert (finished.status, there.build.steps[at].phase) == ("failed", "failed")
        assert (await there.resume()).status == "succeeded", there.build.error
        behind = {"stop": ["stop", "snapshot", "image"], "snapshot": ["snapshot", "image"]}
        assert started(there) == ["resume", *behind.get(at, ["image"]), "cleanup"]
        assert await there.left_on_rack() == []
        assert await there.read_back("made", "~/count") == ["once"]


@pytest.mark.slow
async def test_a_build_that_was_aborted_without_cleanup_keeps_its_key_and_goes_on(
    tmp_path: Path,
) -> None:
    text = template(COUNTED, shell("test -e ~/go || { touch ~/go; sync; exit 3; }"))
    async with bench(tmp_path) as there:
        session = await there.session(text, Policy("abort"))
        assert (await session.run()).status == "failed"
        key = there.environment.folders.folder(1).key(there.build.name)
        assert key.stat().st_mode & 0o777 == 0o600
        was_live = []

        def seen(event: object) -> None:
            if isinstance(event, StepReused):
                was_live.append(there.environment.folders.is_live(1))

        finished = await there.resume(heard=seen)
        assert finished.status == "succeeded", there.build.error
        assert set(was_live) == {True}  # so that sweep leaves it alone
        assert not key.exists()
        assert (await there.left_on_rack(), await there.records()) == ([], [])
        assert await there.read_back("made", "~/count") == ["once"]


@pytest.mark.slow
async def test_what_was_added_in_the_first_process_is_there_in_the_next(tmp_path: Path) -> None:
    later = AddProvisioner(type_name="shell", options={"inline": ["echo added >> ~/count"]})
    text = template(COUNTED, shell("test -e ~/repaired"), shell("cp ~/count ~/result"))
    async with bench(tmp_path) as there:

        def keep(_stop: object) -> Keep:
            for control in there.sessions[-1]._controls.values():
                control.command(later)
            return Keep()

        assert (await there.run(text, keep)).status == "kept"
        changed = EditAndRetry(changes={"inline": ["touch ~/repaired"]})
        finished = await there.resume(lambda _: changed)
        assert finished.status == "succeeded", there.build.error
        assert [step for step in started(there) if step.startswith("provision")] == [
            "provision-added-1", "provision-2", "provision-2", "provision-3",
        ]  # fmt: skip
        assert await there.read_back("made", "~/result") == ["once", "added"]
