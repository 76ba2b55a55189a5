"""A build on Outscale goes on in another process: what was done is not done again."""

from __future__ import annotations

from pathlib import Path

import pytest

from oxtui.build.control import Policy
from oxtui.component.commands import EditAndRetry, Keep
from oxtui.component.debugger_events import SessionContinued
from oxtui.component.events import StepStarted
from oxtui.outscale.connection import Connection
from tests.builders.outscale.bench import OutscaleBench, bench, template
from tests.builders.outscale.test_surrogate import BLANK
from tests.builders.outscale.test_volume import VOLUMES
from tests.sessions import shell

pytestmark = pytest.mark.slow
COUNTED = shell("echo once >> ~/count", "sync")


def started(there: OutscaleBench) -> list[str]:
    """The steps that ran in the process that continued the session, in order."""
    at = [isinstance(event, SessionContinued) for event in there.events].index(True)
    return [event.step for event in there.events[at:] if isinstance(event, StepStarted)]


async def test_a_kept_vm_is_provisioned_on_from_the_step_that_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with bench(tmp_path, monkeypatch) as there:
        text = template(COUNTED, shell("test -e ~/repaired"))
        assert (await there.run(text, lambda _: Keep())).status == "kept"
        (vm,) = await there.client.vms.list({"VmStateNames": ["running"]})
        await there.client.call("StopVms", VmIds=[vm.vm_id])
        changed = EditAndRetry(changes={"inline": ["touch ~/repaired"]})
        finished = await there.resume(lambda _: changed)
        assert finished.status == "succeeded", there.build.error
        assert started(there) == [
            "resume", "vm", "connect", "provision-2", "provision-2", "sync", "stop", "image", "cleanup",
        ]  # fmt: skip
        assert await there.left() == ["ami", "snap"]
        assert await there.records() == []


@pytest.mark.parametrize(
    ("fault", "behind"),
    [
        ("StopVms:500:times=4", ["stop", "image"]),
        ("image:failed:once", ["image"]),
        ("UpdateImage:500:times=4", ["share"]),
    ],
)
async def test_a_build_that_failed_behind_the_guest_is_not_provisioned_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str, behind: list[str]
) -> None:
    async with bench(tmp_path, monkeypatch, "--fault", fault) as there:
        text = template(COUNTED, source="global_permission = true")
        session = await there.session(text, Policy("abort"))
        assert (await session.run()).status == "failed"
        assert (await there.resume()).status == "succeeded", there.build.error
        told = [step for step in started(there) if step not in ("resume", "cleanup")]
        assert told == [*behind, *(["share"] if "share" not in behind else [])]
        assert await there.left() == ["ami", "snap"]


async def test_it_goes_on_in_its_own_account_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with bench(tmp_path, monkeypatch, "--fault", "StopVms:500:times=4") as there:
        session = await there.session(template(COUNTED), Policy("abort"))
        assert (await session.run()).status == "failed"
        from oxtui.builders.outscale import memory

        def elsewhere(known: dict[str, object], account: str, here: Connection) -> None:
            check(known, "999999999999", here)

        check = memory._check
        monkeypatch.setattr(memory, "_check", elsewhere)
        assert (await there.resume()).status == "failed"
        told = (
            "the account that is found now is 999999999999, from OSC_ACCESS_KEY, not 123456789012"
        )
        assert told in there.build.error
        assert await there.left() == ["i", "key", "sg", "vol"]


@pytest.mark.parametrize(
    ("kind", "fault", "behind", "made"),
    [
        ("surrogate", "snapshot:failed:once", ["snapshots", "image"], ["ami", "snap", "snap"]),
        ("surrogate", "image:failed:once", ["image"], ["ami", "snap", "snap"]),
        ("volume", "StopVms:500:times=4", ["stop", "volumes"], ["vol"]),
    ],
)
async def test_volumes_and_snapshots_that_there_are_are_not_made_again(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    fault: str,
    behind: list[str],
    made: list[str],
) -> None:
    source = BLANK.format(more="delete_on_vm_deletion = true") if kind == "surrogate" else VOLUMES
    name = "made" if kind == "surrogate" else ""
    text = template(COUNTED, source=source, kind=f"outscale-bsu{kind}", name=name)
    async with bench(tmp_path, monkeypatch, "--fault", fault) as there:
        session = await there.session(text, Policy("abort"))
        assert (await session.run()).status == "failed"
        finished = await there.resume()
        assert finished.status == "succeeded", there.build.error
        told = [step for step in started(there) if step not in ("resume", "cleanup")]
        assert [step for step in told if step in ("vm", "connect", *behind)] == behind
        assert await there.left() == made
        assert await there.records() == []
