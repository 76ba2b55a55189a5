"""Chroot builds in sessions, with real loop devices and mounts."""

from __future__ import annotations

import asyncio
import os
import tarfile
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from oxtui.build.control import Policy
from oxtui.build.kept import ssh_commands
from oxtui.build.reconnect import Reconnector
from oxtui.build.sweep import Sweeper
from oxtui.component.commands import Abort, Keep, Retry
from oxtui.component.events import Noted, Paused
from tests.builders.chroot.builds import (
    ARCHIVE,
    IMAGE,
    MIB,
    failing,
    inside,
    partition_table,
    template,
)
from tests.roots import mounted_in, needs_mounts, rooted_in
from tests.sessions import rackless, shell

pytestmark = needs_mounts()

WORDS = [
    "losetup --find", "mkfs.ext4", "mount -- ", "tar --extract", "mount -t proc", "cp --remove-destination",
    "chroot ", "umount -- ", "losetup --detach",
]  # fmt: skip
"""Of a command of each step."""
MANY = [pytest.param(word, marks=[] if word in WORDS[2::3] else pytest.mark.slow) for word in WORDS]


async def test_a_disk_image_has_what_was_provisioned_and_nothing_that_was_there_for_it_alone(
    base: Path, tmp_path: Path
) -> None:
    (tmp_path / "sent").mkdir()
    (tmp_path / "sent/tool").write_text("#!/bin/sh\n")
    (tmp_path / "sent/tool").chmod(0o750)
    provisioners = [
        shell(
            "test -s /etc/resolv.conf",
            "/usr/sbin/policy-rc.d || echo policy $?",
            "grep -c . /proc/mounts",
            "echo ${build.ConnType} $PACKER_BUILD_NAME >/root/who",
            "setsid nohup sleep 300 >/dev/null 2>&1 </dev/null & echo $! >/root/pid",
        ),
        f'provisioner "file" {{\n source = "{tmp_path}/sent"\n destination = "/root/"\n}}',
        'provisioner "file" {\n direction = "download"\n source = "/root/who"\n'
        f' destination = "{tmp_path}/got"\n}}',
        f'post-processor "checksum" {{\n output = "{tmp_path}/sum"\n}}',
    ]
    async with rackless(tmp_path) as there:
        finished = await there.run(template(base, tmp_path, *provisioners))
        assert finished.status == "succeeded", there.build.error
        assert "policy 101" in there.log("provision-1")
        assert "Ending what still runs" in there.log("clean-root")
        assert f"Unmounted {tmp_path}" in there.log("unmount")
        assert "Deleted mount" not in there.log("cleanup")
        assert await there.records() == []
        made = there.build.artifact
        assert made is not None
        assert made.files[0] == f"{tmp_path}/out/made"
    assert (tmp_path / "got").read_text() == "chroot c\n"
    assert (tmp_path / "sum").exists()
    image = tmp_path / "out/made"
    assert image.stat().st_size == 64 * MIB
    assert image.stat().st_blocks * 512 < 40 * MIB
    with inside(image, tmp_path) as root:
        assert (root / "root/who").read_text() == "chroot c\n"
        assert (root / "root/sent/tool").stat().st_mode & 0o777 == 0o750
        assert not Path("/proc", (root / "root/pid").read_text().strip(), "root").exists()
        assert os.readlink(root / "etc/resolv.conf") == "../run/stub.conf"
        assert sorted(os.listdir(root / "etc")) == ["resolv.conf"]
        assert not (root / "usr/sbin/policy-rc.d").exists()
        for name in ("proc", "dev", "sys", "tmp"):
            assert os.listdir(root / name) == []


async def test_an_archive_is_made_of_a_directory(base: Path, tmp_path: Path) -> None:
    writing = shell("echo new >/etc/resolv.conf", "mkdir /root/in && mount -t tmpfs none /root/in")
    async with rackless(tmp_path) as there:
        finished = await there.run(template(base, tmp_path, writing, source=ARCHIVE))
        assert finished.status == "succeeded", there.build.error
        assert await there.records() == []
    with tarfile.open(tmp_path / "out/made") as archive:
        assert "./root/in" in archive.getnames()
        # What a provisioner writes in the place of a file of ours stays.
        assert archive.extractfile("./etc/resolv.conf").read() == b"new\n"  # type: ignore[union-attr]
        assert not [name for name in archive.getnames() if "oxtui" in name or "policy" in name]


async def test_the_base_may_be_a_directory_which_stays_as_it_is(base: Path, tmp_path: Path) -> None:
    root = base.parent / "root"
    before = sorted(str(each) for each in root.rglob("*"))
    async with rackless(tmp_path) as there:
        text = template(root, tmp_path, shell("echo made >/root/made"), source=ARCHIVE)
        finished = await there.run(text)
        assert finished.status == "succeeded", there.build.error
        within = text.replace(f"{tmp_path}/out/made", f"{root}/tmp/made")
        assert (await there.run(within)).status == "failed"
        assert f"{root}/tmp/made lies within {root}, which is copied" in there.build.error
        assert await there.records() == []
    with tarfile.open(tmp_path / "out/made") as archive:
        assert archive.extractfile("./root/made").read() == b"made\n"  # type: ignore[union-attr]
        assert archive.getmember("./etc/resolv.conf").issym()
    assert sorted(str(each) for each in root.rglob("*")) == before


async def test_commands_of_the_template_partition_a_disk_and_fill_it(
    base: Path, tmp_path: Path
) -> None:
    source = f"""{IMAGE}
  mount_partition      = "1"
  mount_options        = ["noatime", "nodev"]
  filesystem_options   = ["-q", "-L", "label"]
  pre_mount_commands   = [
    "dd if={tmp_path}/table of={{{{.Device}}}} conv=notrunc",
  ]
  post_mount_commands  = ["echo {{{{.Device}}}} >{{{{.MountPath}}}}/root/device"]
  copy_files           = []
  chroot_mounts        = [["proc", "proc", "/proc"]]
"""
    (tmp_path / "table").write_bytes(partition_table(2048, 64 * MIB // 512 - 2048))
    async with rackless(tmp_path) as there:
        finished = await there.run(
            template(
                base, tmp_path, shell("cat /root/device; grep ' / ' /proc/mounts"), source=source
            )
        )
        log = there.log("provision-1")
        assert finished.status == "succeeded", there.build.error
        assert "/dev/loop" in log
        assert "noatime" in log


@pytest.mark.parametrize("word", MANY)
async def test_a_step_that_fails_leaves_nothing(base: Path, tmp_path: Path, word: str) -> None:
    source = f"{IMAGE}\n{failing(tmp_path, word)}"
    async with rackless(tmp_path) as there:
        finished = await there.run(template(base, tmp_path, shell("true"), source=source))
        assert finished.status == "failed"
        assert await there.records() == []
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("word", MANY)
async def test_a_step_that_failed_works_when_it_is_retried(
    base: Path, tmp_path: Path, word: str
) -> None:
    source = f"{IMAGE}\n{failing(tmp_path, word)}"
    async with rackless(tmp_path) as there:
        text = template(base, tmp_path, shell("true"), source=source)
        finished = await there.run(text, lambda stop: Retry())
        assert finished.status == "succeeded", there.build.error
        assert await there.records() == []
    with inside(tmp_path / "out/made", tmp_path) as root:
        assert not (root / "usr/sbin/policy-rc.d").exists()


@pytest.mark.parametrize("source", [IMAGE, ARCHIVE])
async def test_a_provisioner_that_fails_leaves_nothing_nor_what_it_started(
    base: Path, tmp_path: Path, source: str
) -> None:
    lines = ("setsid sleep 300 >/dev/null 2>&1 </dev/null &", "cd /dev && exit 3")
    async with rackless(tmp_path) as there:
        finished = await there.run(template(base, tmp_path, shell(*lines), source=source))
        assert finished.status == "failed"
        assert await there.records() == []
        told = [each.text for each in there.events if isinstance(each, Noted)]
        assert any("Ending what still runs" in text for text in told), told


async def test_at_a_stop_the_root_can_be_entered_and_repaired(base: Path, tmp_path: Path) -> None:
    seen = b""

    async with rackless(tmp_path) as there:
        session = await there.session(
            template(base, tmp_path, shell("test -e /root/repaired")),
            Policy("ask", attended=True),
        )
        stopped = asyncio.Event()

        def heard(event: object) -> None:
            if isinstance(event, Paused):
                stopped.set()

        session.subscribe(heard)
        running = asyncio.create_task(session.run())
        await stopped.wait()
        assert mounted_in(tmp_path)
        (runner,) = session._runners.values()
        shell_ = await runner.builder.guest.reach().open_shell(80, 24)
        shell_.write(b"echo x >/root/repaired && exit 4\n")
        while data := await shell_.read():
            seen += data
        assert (await shell_.close()).status == 4, seen
        for control in session._controls.values():
            control.command(Retry())
        finished = await running
        assert finished.status == "succeeded", there.build.error


async def test_a_build_that_is_ended_at_a_stop_leaves_nothing(base: Path, tmp_path: Path) -> None:
    lines = ("sleep 300 >/dev/null 2>&1 &", "false")
    async with rackless(tmp_path) as there:
        answers = [lambda stop: Abort()]
        finished = await there.run(template(base, tmp_path, shell(*lines)), *answers)
        assert finished.status == "failed"
        assert "Deleted mount " in there.log("cleanup")
        assert await there.records() == []
        assert rooted_in(tmp_path) == []


async def test_what_is_missing_is_told_before_anything_is_made(base: Path, tmp_path: Path) -> None:
    async with rackless(tmp_path) as there:
        await there.run(template(tmp_path / "none.tar", tmp_path))
        assert "none.tar cannot be read: no such file" in (there.build.error or "")
        (tmp_path / "out").mkdir()
        (tmp_path / "out/made").write_text("mine")
        await there.run(template(base, tmp_path))
        assert "out/made is there already" in (there.build.error or "")
        await there.run(
            template(base, tmp_path, source=f'{IMAGE}\n filesystem = "nosuchfs"'), force=True
        )
        assert "mkfs.nosuchfs is not installed" in (there.build.error or "")
        assert (tmp_path / "out/made").read_text() == "mine"
        assert [path.name for path in tmp_path.iterdir() if path.name != "sessions"] == ["out"]
        finished = await there.run(template(base, tmp_path), force=True)
        assert finished.status == "succeeded", there.build.error
    assert (tmp_path / "out/made").stat().st_size == 64 * MIB


async def test_two_builds_of_one_session_do_not_get_in_each_other_s_way(
    base: Path, tmp_path: Path
) -> None:
    text = template(base, tmp_path, shell("true")).replace("out/made", "out/{{build_name}}")
    other = text.split("build {")[0].replace('"c"', '"d"')
    text = other + text.replace('["source.chroot.c"]', '["source.chroot.c", "source.chroot.d"]')
    async with rackless(tmp_path) as there:
        finished = await there.run(text)
        assert finished.status == "succeeded", [
            b.error for b in there.sessions[-1].state.builds.values()
        ]
    assert sorted(os.listdir(tmp_path / "out")) == ["c", "d"]


async def test_a_root_that_is_kept_can_be_entered_until_it_is_swept(
    base: Path, tmp_path: Path
) -> None:
    async with rackless(tmp_path) as there:
        finished = await there.run(template(base, tmp_path, shell("false")), lambda stop: Keep())
        assert finished.status == "kept"
        session, environment = there.sessions[-1], there.environment
        folder = environment.folders.folder(session.number)
        (root,) = (tmp_path / "mnt").iterdir()
        assert ssh_commands(session.state, folder) == {"chroot.c": f"chroot {root} /bin/sh -l"}
        sweeper = Sweeper(environment.journal, environment.folders, Reconnector({}, no_demo))
        left = await sweeper.plan()
        swept = await sweeper.remove(left)
        assert [each.reason for each in swept if not each.removed] == []
        assert await there.records() == []


def no_demo() -> AbstractAsyncContextManager[None]:
    raise AssertionError("nothing was made on a rack")
