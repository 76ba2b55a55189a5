"""Builds of the outscale-chroot builder, on real loop devices that stand for linked volumes."""

from __future__ import annotations

import contextlib
import json
import signal
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from oxtui.builders.outscale.waiting import watched
from oxtui.component.commands import Retry
from oxtui.outscale.metadata import VARIABLE
from tests.builders.chroot.builds import failing
from tests.builders.outscale.bench import OutscaleBench, bench
from tests.builders.outscale.chroots import VM, available, chroots, inside, on_base, scratch
from tests.cli import running
from tests.roots import attached_in, mounted_in, needs_mounts, rooted_in
from tests.sessions import shell

pytestmark = needs_mounts()


@pytest.fixture(autouse=True)
def nothing_mounted(tmp_path: Path) -> Iterator[None]:
    """Whatever happened, what is this machine's own does not stay in a folder that is removed later."""
    yield
    left = mounted_in(tmp_path)
    for target in reversed(left):
        subprocess.run(["umount", "--lazy", target], check=False)
    assert left == []


async def test_an_image_is_made_from_scratch_and_another_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with chroots(tmp_path, monkeypatch) as there:
        left = "setsid sleep 300 >/dev/null 2>&1 </dev/null &"
        more = 'omi_description = "In {{ .BuildRegion }}"\nroot_volume_tags = { a = "b" }'
        text = scratch(tmp_path, shell("echo scratch >/root/made", left, "echo left"), more=more)
        finished = await there.run(text)
        assert finished.status == "succeeded", there.build.error
        assert await there.left() == sorted([*VM, "ami", "snap"])
        assert await there.records() == []
        assert "Ending what still runs in" in there.log("clean-root")
        (image,) = await there.client.images.list({"ImageNames": ["base"]})
        assert image.description == "In eu-west-2"
        text = on_base(tmp_path, shell("cat /root/made", "echo again >>/root/made"))
        finished = await there.run(text)
        assert finished.status == "succeeded", there.build.error
        assert "scratch" in there.log("provision-1").splitlines()
        assert await there.left() == sorted([*VM, "ami", "ami", "snap", "snap"])
        assert await there.records() == []
        (image,) = await there.client.images.list({"ImageNames": ["made"]})
        assert (image.root_device_name, image.size) == ("/dev/sda1", 1)
        async with inside(there, tmp_path, image.root.snapshot_id) as root:
            assert (root / "root/made").read_text() == "scratch\nagain\n"
            assert not (root / "etc/resolv.conf").exists()
    assert clean(tmp_path)


def clean(folder: Path) -> bool:
    """Nothing of a build is mounted, attached or running."""
    there = (mounted_in(folder), attached_in(folder), rooted_in(folder))
    return there == ([], [], []) and not (folder / "mnt").exists()


@pytest.mark.slow
async def test_an_image_that_cannot_be_made_of_another_leaves_that_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with chroots(tmp_path, monkeypatch, "--fault", "CreateImage:500:after=1") as there:
        finished = await there.run(scratch(tmp_path))
        assert finished.status == "succeeded", there.build.error
        finished = await there.run(on_base(tmp_path, shell("true"), kind="osc-chroot"))
        assert finished.status == "failed"
        assert "CreateImage: Outscale answers" in there.build.error
        assert await there.left() == sorted([*VM, "ami", "snap"])
        assert await there.records() == []
        assert clean(tmp_path)


FAULTS = [
    ("CreateVolume:500:times=9", "CreateVolume: Outscale answers"),
    ("CreateVolume:timeout-but-done", "CreateVolume: "),
    ("volume:failed", "is error"),
    ("CreateTags:500:times=9", "CreateTags: Outscale answers"),
    ("LinkVolume:500:times=9", "LinkVolume: Outscale answers"),
    ("LinkVolume:timeout-but-done", "LinkVolume: "),
    ("link:stuck", "is not attached but attaching after"),
    ("UnlinkVolume:500:times=4", "UnlinkVolume: Outscale answers"),
    ("snapshot:failed", "of /dev/sda1 failed"),
    ("snapshot:stuck", "is not completed but pending at 75 % after"),
    ("CreateSnapshot:timeout-but-done", "CreateSnapshot: "),
    ("image:failed", "image ami-"),
    ("CreateImage:timeout-but-done", "CreateImage: "),
    ("UpdateImage:500:times=9", "UpdateImage: Outscale answers"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("fault", "told"), FAULTS)
async def test_each_failure_is_told_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str, told: str
) -> None:
    async with chroots(tmp_path, monkeypatch, "--fault", fault, waits="4s") as there:
        text = scratch(tmp_path, shell("true"), more="global_permission = true")
        assert (await there.run(text)).status == "failed"
        assert told in there.build.error
        assert await there.left() == VM
        assert await there.records() == []
        assert clean(tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("word", ["partx", "mkfs", "mount -- ", "cp -a", "mount --bind", "umount"])
async def test_each_command_that_fails_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, word: str
) -> None:
    async with chroots(tmp_path, monkeypatch) as there:
        text = scratch(tmp_path, shell("true"), more=failing(tmp_path, word))
        assert (await there.run(text)).status == "failed"
        assert await there.left() == VM
        assert await there.records() == []
        assert clean(tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fault", "step"),
    [
        ("LinkVolume:timeout-but-done:once", "attach"),
        ("link:stuck:once", "attach"),
        ("snapshot:failed:once", "snapshot"),
        ("image:failed:once", "image"),
    ],
)
async def test_what_failed_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str, step: str
) -> None:
    async with chroots(tmp_path, monkeypatch, "--fault", fault, waits="4s") as there:
        text = scratch(tmp_path, shell("true"))
        finished = await there.run(text, lambda stop: Retry(build=stop.build))
        assert finished.status == "succeeded", there.build.error
        assert there.attempts(step) == ["failed", "done"]
        assert await there.left() == sorted([*VM, "ami", "snap"])
        assert await there.records() == []
        assert clean(tmp_path)


@pytest.mark.slow
async def test_an_image_of_another_account_is_copied_for_the_build_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = tmp_path / "state"
    async with chroots(tmp_path, monkeypatch, "--state", str(state)) as there:
        data = await data_snapshot(there)
        more = f"""global_permission = true
          omi_block_device_mappings {{
            device_name = "/dev/sdb"
            snapshot_id = "{data}"
          }}"""
        finished = await there.run(scratch(tmp_path, shell("echo theirs >/root/made"), more=more))
        assert finished.status == "succeeded", there.build.error
        _give_away(state)
        fresh = on_base(tmp_path, shell("cat /root/made"), more="root_volume_size = 2")
        finished = await there.run(fresh)
        assert finished.status == "succeeded", there.build.error
        assert "theirs" in there.log("provision-1").splitlines()
        assert "-packer-copy-" in there.log("source-image")
        (image,) = await there.client.images.list({"ImageNames": ["made"]})
        assert image.size == 2
        assert [each.device_name for each in image.block_device_mappings] == [
            "/dev/sda1",
            "/dev/sdb",
        ]
        assert data not in image.snapshot_ids
        # What is left is theirs, and the new one with a snapshot for each of its devices.
        assert await there.left() == sorted([*VM, "ami", "ami", *["snap"] * 4])
        for each in image.snapshot_ids:
            assert await there.client.snapshots.find(each) is not None
        assert await there.records() == []
        assert clean(tmp_path)


async def data_snapshot(there: OutscaleBench) -> str:
    """A snapshot of an empty volume, which is gone."""
    client = there.client
    volume = await client.create_volume({"SubregionName": "eu-west-2a", "Size": 1})
    await available(there, volume.volume_id)
    taken = await client.create_snapshot(volume.volume_id, "Data", "data")
    await client.call("DeleteVolume", VolumeId=volume.volume_id)

    async def completed() -> bool | None:
        found = await client.snapshots.find(taken.snapshot_id)
        return True if found is not None and found.state == "completed" else None

    await watched(completed, limit=30, what="the snapshot is not completed")
    return taken.snapshot_id


def _give_away(state: Path) -> None:
    """The image `base` and its snapshot are another account's from now on."""
    with contextlib.closing(sqlite3.connect(state / "outscale.db", timeout=10)) as store:
        (own,) = store.execute("SELECT account_id FROM image WHERE name = 'base'").fetchone()
        for table in ("image", "snapshot"):
            text = f"UPDATE {table} SET account_id = ? WHERE account_id = ?"
            store.execute(
                text, (json.dumps("222222222222") if own[0] == '"' else "222222222222", own)
            )
        store.commit()


@pytest.mark.slow
async def test_another_process_goes_on_or_sweeps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with chroots(tmp_path, monkeypatch) as there:
        environ = dict(there.environment.environ)
        path = tmp_path / "t.pkr.hcl"
        late = shell("test -e /root/go || sleep 300", "echo second >>/root/log")
        path.write_text(scratch(tmp_path, shell("echo first >>/root/log"), late))
        for way in ("resume", "sweep", "interrupt"):
            process = await running.started("build", str(path), environ=environ, forked=False)
            assert process.stdout is not None
            said = b""
            while b"2 shell" not in (line := await process.stdout.readline()):
                said += line
                assert line, said.decode()
            process.send_signal(signal.SIGINT if way == "interrupt" else signal.SIGKILL)
            await process.communicate()
            if way == "interrupt":
                break
            (root,) = (tmp_path / "mnt").iterdir()
            if way == "resume":
                (root / "root/go").touch()
                code, out, err = await running.oxtui("resume", "1", environ=environ)
                assert code == 0, out + err
                assert "Going on with volume vol-" in out + err
                assert await there.left() == sorted([*VM, "ami", "snap"])
                (image,) = await there.client.images.list({"ImageNames": ["base"]})
                async with inside(there, tmp_path, image.root.snapshot_id) as made:
                    assert (made / "root/log").read_text().splitlines()[::2] == ["first"]
                await there.client.call("DeleteImage", ImageId=image.image_id)
                await there.client.call("DeleteSnapshot", SnapshotId=image.root.snapshot_id)
            else:
                code, out, err = await running.oxtui("sweep", "--yes", environ=environ)
                assert code == 0, out + err
            assert await there.left() == VM
            assert clean(tmp_path)
        assert process.returncode == 1
        assert await there.left() == VM
        assert clean(tmp_path)


@pytest.mark.slow
async def test_builds_of_one_session_each_find_the_device_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with chroots(tmp_path, monkeypatch) as there:
        one = scratch(tmp_path, shell("echo one >/root/made"), name="one")
        two = scratch(tmp_path, shell("echo two >/root/made"), name="two")
        text = one + two.replace('"c"', '"d"').replace("chroot.c", "chroot.d")
        finished = await there.run(text)
        assert finished.status == "succeeded", finished
        for name in ("one", "two"):
            (image,) = await there.client.images.list({"ImageNames": [name]})
            async with inside(there, tmp_path, image.root.snapshot_id) as root:
                assert (root / "root/made").read_text() == f"{name}\n"
        assert await there.left() == sorted([*VM, "ami", "ami", "snap", "snap"])
        assert clean(tmp_path)


async def test_it_says_what_it_needs_where_this_machine_is_no_vm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with bench(tmp_path, monkeypatch) as there:
        environ = cast("dict[str, str]", there.environment.environ)
        environ[VARIABLE] = f"{there.process.endpoint}/nowhere"
        assert (await there.run(on_base(tmp_path))).status == "failed"
        assert "does not tell which VM this machine is" in there.build.error
        assert VARIABLE in there.build.error
        assert await there.left() == []
