"""A session that goes on uses checkpoints as any other: it begins from them, goes back to them, takes new ones."""

from __future__ import annotations

import dataclasses
import time
from pathlib import Path

import pytest

from oxtui.build.resume.choices import Beginning, Choices
from oxtui.build.resume.continued import goes_on
from oxtui.component import debugger_events as d
from oxtui.component.commands import EditAndRetry, Keep, Rewind
from oxtui.component.events import Noted, StepStarted
from oxtui.oxide.models.instance import Instance
from tests.build.checkpoints.test_on_rack import keeping, made
from tests.sessions import Bench, shell, template

STEPS = (shell("echo a >> ~/made"), shell("echo b >> ~/made"), shell("grep mended ~/made"))
MENDED = EditAndRetry(changes={"inline": ["echo mended >> ~/made"]})


def since(there: Bench) -> list[str]:
    """The provisioners that ran in the process that went on."""
    at = [isinstance(event, d.SessionContinued) for event in there.events].index(True)
    steps = [event.step for event in there.events[at:] if isinstance(event, StepStarted)]
    return [step.removeprefix("provision-") for step in steps if step.startswith("provision-")]


def lose_key(there: Bench) -> None:
    """As where the process was killed: nothing but its memory held the key."""
    there.environment.folders.folder(1).key("oxide-instance.t").unlink()
    later = time.time() + 3600  # so that nobody waits for what the guest writes
    there.environment = dataclasses.replace(there.environment, now=lambda: later)


def notes(there: Bench) -> str:
    return "\n".join(event.text for event in there.events if isinstance(event, Noted))


@pytest.mark.slow
async def test_a_kept_instance_goes_back_to_a_checkpoint_of_the_process_before(
    tmp_path: Path,
) -> None:
    async with keeping(tmp_path) as there:
        assert (await there.run(template(*STEPS), lambda _: Keep())).status == "kept"
        back = Rewind(
            step="provision-2", changes={"provision-2": {"inline": ["echo mended >> ~/made"]}}
        )
        finished = await there.resume(lambda _: back)
        assert finished.status == "succeeded", there.build.error
        assert since(there) == ["3", "2", "3"]
        (used,) = [event for event in there.events if isinstance(event, d.CheckpointUsed)]
        assert used.step == "provision-1"
        assert await there.left_on_rack() == []
        # Both steps behind it were taken anew, as the policy says.
        taken = [event.step for event in there.events if isinstance(event, d.CheckpointTaken)]
        assert taken == ["provision-1", "provision-2", "provision-2", "provision-3"]
        assert await made(there) == ["a", "mended"]


@pytest.mark.slow
async def test_without_any_checkpoint_a_resumed_session_goes_back_to_the_source(
    tmp_path: Path,
) -> None:
    async with keeping(tmp_path, policy="off") as there:
        assert (await there.run(template(*STEPS), lambda _: Keep())).status == "kept"
        back = Rewind(
            step="provision-1", changes={"provision-1": {"inline": ["echo mended >> ~/made"]}}
        )
        finished = await there.resume(lambda _: back)
        assert finished.status == "succeeded", there.build.error
        assert since(there) == ["3", "1", "2", "3"]
        assert await there.left_on_rack() == []
        assert await made(there) == ["mended", "b"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("beginning", "ran", "image", "told"),
    [
        ("auto", ["3", "3"], ["a", "b", "mended"], "holds less; --from=checkpoint begins there"),
        ("disk", ["3", "3"], ["a", "b", "mended"], "as the end of the process left it"),
        ("checkpoint", ["2", "3", "3"], ["a", "b", "mended"], 'lacks what "2 shell" had done'),
    ],
)
async def test_of_a_disk_and_an_older_checkpoint_the_operator_chooses(
    tmp_path: Path, beginning: Beginning, ran: list[str], image: list[str], told: str
) -> None:
    async with keeping(tmp_path) as there:
        assert (await there.run(template(*STEPS), lambda _: Keep())).status == "kept"
        last = (await there.environment.journal.checkpoints())[-1]
        await there.environment.journal.give_up_checkpoint(last.number, "a test")
        lose_key(there)
        finished = await there.resume(lambda _: MENDED, choices=Choices(beginning))
        assert finished.status == "succeeded", there.build.error
        assert since(there) == ran
        assert told in notes(there)
        assert await there.left_on_rack() == []
        assert await made(there) == image


@pytest.mark.slow
async def test_an_instance_that_is_gone_gives_its_disk_to_another(tmp_path: Path) -> None:
    async with keeping(tmp_path, policy="off") as there:
        assert (await there.run(template(*STEPS), lambda _: Keep())).status == "kept"
        await delete_instance(there)
        finished = await there.resume(lambda _: MENDED)
        assert finished.status == "succeeded", there.build.error
        assert since(there) == ["3", "3"]
        assert "is gone from the rack. Another instance gets its disk" in notes(there)
        assert (await there.left_on_rack(), await there.records()) == ([], [])
        assert await made(there) == ["a", "b", "mended"]


@pytest.mark.slow
@pytest.mark.parametrize("policy", ["each", "off"])
async def test_a_disk_that_is_gone_too_leaves_the_checkpoints(tmp_path: Path, policy: str) -> None:
    async with keeping(tmp_path, policy=policy) as there:
        assert (await there.run(template(*STEPS), lambda _: Keep())).status == "kept"
        (instance,) = await delete_instance(there)
        await there.client.disks.delete(instance.boot_disk_id or "")
        if policy == "each":
            finished = await there.resume(lambda _: MENDED)
            assert finished.status == "succeeded", there.build.error
            assert since(there) == ["3", "3"]
            assert await made(there) == ["a", "b", "mended"]
            return
        assert (await there.resume()).status == "kept"
        assert "its disk is gone as well, and there is no checkpoint of it" in there.build.error
        assert {record.kind for record in await there.records()} == {"oxide.ssh_key"}


async def delete_instance(there: Bench) -> list[Instance]:
    """The operator deletes it outside of oxtui."""
    found = [each async for each in there.client.instances.list(project="web")]
    gone = [each for each in found if each.name.startswith("packer-")]
    for each in gone:
        await there.client.instances.stop(each.id)
        while (await there.client.instances.view(each.id)).run_state != "stopped":
            pass
        await there.client.instances.delete(each.id)
    return gone


@pytest.mark.slow
async def test_a_build_that_was_cleaned_up_goes_on_from_its_last_checkpoint(tmp_path: Path) -> None:
    async with keeping(tmp_path) as there:
        assert (await there.run(template(*STEPS))).status == "failed"
        assert await there.left_on_rack() == []
        assert goes_on(there.sessions[-1].state, 1, "t.pkr.hcl")
        finished = await there.resume(lambda _: MENDED)
        assert finished.status == "succeeded", there.build.error
        assert since(there) == ["3", "3"]
        assert (await there.left_on_rack(), await there.records()) == ([], [])
        assert await made(there) == ["a", "b", "mended"]
