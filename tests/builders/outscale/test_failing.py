"""What goes wrong on Outscale ends the build with a reason, and leaves nothing behind."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from oxtui.build.control import Policy
from oxtui.component.commands import Retry
from oxtui.component.events import ApiCalled, StepStarted
from tests.builders.outscale.bench import bench, template
from tests.sessions import shell

PUBLIC = "associate_public_ip_address = true"
FAULTS = [
    ("image:failed", "image ami-"),
    ("image:stuck", "is not available but pending"),
    ("vm:failed", "is quarantine"),
    ("ssh:closed vm:failed=1", "is quarantine by now, so nobody can log in to it."),
    (
        "vm:stuck",
        "is not running but pending after 3 s. Retry to wait again, or raise waits.instance_state",
    ),
    ("vm_stop:stuck", "is not stopped but stopping after 3 s"),
    ("public_ip:none", "CreatePublicIp: Outscale answers 10011"),
    ("CreateVms:500", "CreateVms: Outscale answers"),
    ("CreateImage:500", "CreateImage: Outscale answers"),
    ("CreateImage:timeout-but-done", "CreateImage: "),
    ("CreateKeypair:timeout-but-done", "CreateKeypair: "),
    ("CreateSecurityGroup:reset", "CreateSecurityGroup: "),
    ("CreateSecurityGroup:timeout-but-done", "CreateSecurityGroup: "),
    ("UpdateImage:500", "UpdateImage: Outscale answers"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("fault", "told"), FAULTS)
async def test_each_failure_is_told_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str, told: str
) -> None:
    flags = [flag for each in fault.split() for flag in ("--fault", each)]
    async with bench(tmp_path, monkeypatch, *flags, waits="3s") as there:
        source = f"{PUBLIC}\nglobal_permission = true"
        finished = await there.run(template(shell("true"), source=source))
        assert finished.status == "failed"
        assert told in there.build.error
        assert await there.left() == []
        if not fault.endswith("reset"):  # after which a creation may still be at work
            assert await there.records() == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "fault",
    ["*:throttle-24:times=4", "Create*:throttle-6:times=3", "CreateVms:timeout-but-done:once",
     "Delete*:500:times=2", "ReadVms:reset:times=2"],
)  # fmt: skip
async def test_what_passes_does_not_fail_a_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    async with bench(tmp_path, monkeypatch, "--fault", fault) as there:
        finished = await there.run(template(shell("true"), source=PUBLIC))
        assert finished.status == "succeeded", there.build.error
        assert await there.left() == ["ami", "snap"]


@pytest.mark.slow
async def test_an_image_that_was_replaced_by_nothing_keeps_the_vm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with bench(tmp_path, monkeypatch, "--fault", "CreateImage:500:after=1") as there:
        assert (await there.run(template())).status == "succeeded", there.build.error
        source = "force_deregister = true\nforce_delete_snapshot = true"
        assert (await there.run(template(source=source))).status == "failed"
        assert await there.left() == ["i", "sg", "vol"]
        records = await there.records()
        assert sorted(each.kind for each in records) == [
            "outscale.security_group", "outscale.vm", "outscale.volume",
        ]  # fmt: skip
        for record in records:
            assert record.kept
            assert 'the only copy of what was to replace image "made"' in record.reason


async def test_a_build_that_is_cancelled_in_a_wait_ends_at_once_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with bench(tmp_path, monkeypatch, "--fault", "image:stuck") as there:
        session = await there.session(template(shell("true")), Policy())
        waits = asyncio.Event()

        def heard(event: object) -> None:
            if isinstance(event, ApiCalled) and event.operation == "CreateImage":
                waits.set()

        session.subscribe(heard)
        running = asyncio.create_task(session.run())
        await waits.wait()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert await there.left() == []
        assert await there.records() == []


@pytest.mark.parametrize(
    ("fault", "step"),
    [
        ("image:failed:once", "image"),
        *(
            pytest.param(fault, step, marks=pytest.mark.slow)
            for fault, step in (
                ("vm:failed:once", "vm"),
                ("CreateSecurityGroupRule:500:once", "security-group"),
                ("CreateSecurityGroupRule:timeout-but-done:once", "security-group"),
            )
        ),
    ],
)
async def test_a_step_that_failed_can_be_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str, step: str
) -> None:
    async with bench(tmp_path, monkeypatch, "--fault", fault) as there:
        text = template(shell("true"), source=PUBLIC)
        finished = await there.run(text, lambda stop: Retry(build=stop.build))
        assert finished.status == "succeeded", there.build.error
        tries = [e for e in there.events if isinstance(e, StepStarted) and e.step == step]
        assert len(tries) == 2
        assert await there.left() == ["ami", "snap"]
