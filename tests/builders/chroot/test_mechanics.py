"""Devices that appear, the lock, files that come and go, and roots that are busy."""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from oxtui.builders.chroot import preflight
from oxtui.builders.chroot.devices import DeviceWatch, block_devices
from oxtui.builders.chroot.lock import device_lock
from oxtui.builders.chroot.placed_files import place, remove
from oxtui.builders.chroot.resources import (
    DirectoryKind,
    LocalMachine,
    LoopDeviceKind,
    MountKind,
    WrongMachine,
    backing_file,
    locate,
)
from oxtui.builders.chroot.unmounting import end_processes, unmount
from oxtui.communicators.chroot.host import Host
from oxtui.component.errors import StepError
from oxtui.component.resources import RESOURCE_KINDS, ResourceRecord, resource_kind
from tests.roots import mounted_in, needs_mounts


def quiet(_text: str) -> None:
    """Nobody listens."""


def attach(image: Path) -> str:
    """A loop device."""
    image.write_bytes(bytes(1 << 20))
    command = ["losetup", "--find", "--show", str(image)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@contextmanager
def attached(image: Path) -> Iterator[str]:
    """A loop device that is detached in the end."""
    device = attach(image)
    try:
        yield device
    finally:
        subprocess.run(["losetup", "--detach", device], check=True)


@contextmanager
def mounted(folder: Path) -> Iterator[Path]:
    """A file system in memory."""
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "none", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=False, stderr=subprocess.DEVNULL)


@needs_mounts()
async def test_the_device_that_appears_is_found(tmp_path: Path) -> None:
    async with device_lock(quiet):  # builds of other tests attach devices too
        with DeviceWatch() as watch:
            looking = asyncio.ensure_future(watch.appeared())
            with attached(tmp_path / "image") as device:
                assert await looking == device
                assert Path(device).name in block_devices()
                with pytest.raises(StepError, match="there is no /dev/loop"):
                    await watch.partition(device, "7", limit=0.01)
            assert Path(device).name not in block_devices()


@needs_mounts()
async def test_a_device_that_takes_the_name_of_one_which_went_is_found(tmp_path: Path) -> None:
    async with device_lock(quiet):
        with attached(tmp_path / "first") as gone:
            watch = DeviceWatch()
            watch.__enter__()
        try:
            (tmp_path / "second").write_bytes(bytes(1 << 20))
            command = ["losetup", gone, str(tmp_path / "second")]
            await asyncio.to_thread(subprocess.run, command, check=True)
            assert await watch.appeared() == gone
        finally:
            watch.__exit__(None, None, None)
            command = ["losetup", "--detach", gone]
            await asyncio.to_thread(subprocess.run, command, check=True)


@needs_mounts()
async def test_without_a_new_device_the_one_that_options_name_is_taken(tmp_path: Path) -> None:
    async with device_lock(quiet):
        with attached(tmp_path / "image") as device, DeviceWatch() as watch:
            assert await watch.appeared("/dev/none", device, limit=0.01) == device
            with pytest.raises(StepError, match=r"and none did\. Name it with device_path"):
                await watch.appeared(limit=0.01)


async def test_the_lock_is_one_at_a_time_and_waiting_can_be_cancelled(tmp_path: Path) -> None:
    path = tmp_path / "lock/file"
    told: list[str] = []
    order: list[str] = []

    both = asyncio.Event()

    def tell(text: str) -> None:
        told.append(text)
        if len(told) == 2:
            both.set()

    async def second() -> None:
        async with device_lock(tell, path):
            order.append("second")

    async with device_lock(quiet, path):
        cancelled = asyncio.create_task(second())
        waiting = asyncio.create_task(second())
        await both.wait()
        cancelled.cancel()
        with pytest.raises(asyncio.CancelledError):
            await cancelled
        order.append("first")
    await waiting
    assert order == ["first", "second"]
    assert "Another chroot build holds" in told[0]


async def test_a_file_of_the_root_comes_back_and_a_provisioner_s_stays(tmp_path: Path) -> None:
    (tmp_path / "root/etc").mkdir(parents=True)
    here, there = tmp_path / "here", tmp_path / "root/etc/conf"
    here.write_text("ours")
    host = Host()
    there.write_text("its own")
    placed = await place(host, tmp_path / "root", str(here), "/etc/conf")
    assert there.read_text() == "ours"
    await remove(host, placed)
    assert there.read_text() == "its own"
    placed = await place(host, tmp_path / "root", str(here), "/etc/conf")
    there.write_text("provisioned")
    await remove(host, placed)
    assert there.read_text() == "provisioned"
    there.unlink()
    there.symlink_to("/nowhere")  # neither followed nor lost
    placed = await place(host, tmp_path / "root", str(here), "/etc/conf")
    assert not there.is_symlink()
    await remove(host, placed)
    assert os.readlink(there) == "/nowhere"
    there.unlink()
    placed = await place(host, tmp_path / "root", str(here), "/etc/conf")
    await remove(host, placed)
    assert os.listdir(tmp_path / "root/etc") == []
    there.mkdir()
    with pytest.raises(StepError, match="conf is a directory"):
        await place(host, tmp_path / "root", str(here), "/etc/conf")


@needs_mounts()
async def test_who_uses_a_mount_from_outside_is_named_and_left_alone(tmp_path: Path) -> None:
    with mounted(tmp_path / "busy") as root:
        user = await asyncio.create_subprocess_exec("sleep", "300", cwd=root)
        told: list[str] = []
        try:
            await end_processes(Host(), root, told.append)
            with pytest.raises(StepError, match=rf"busy; in use by {user.pid} \(\w+\)\. End"):
                await unmount(Host(), str(root), told.append)
        finally:
            user.kill()
            await user.wait()
        assert told == []
        with mounted(root / "inner"):
            await unmount(Host(), str(root), told.append)
        assert told == [f"Unmounted {root}/inner"]
        await unmount(Host(), str(root), told.append)  # no error: it is gone


def record(kind: str, name: str, **known: str) -> ResourceRecord:
    locator = {**locate(Host()), **known}
    return ResourceRecord(
        number=1, session=1, build="b", kind=kind, name=name, id=name, locator=locator, time=0.0
    )


@needs_mounts()
async def test_a_tree_is_not_removed_through_what_is_mounted_in_it(tmp_path: Path) -> None:
    kind = DirectoryKind()
    (tmp_path / "tree").mkdir()
    with mounted(tmp_path / "tree/inner") as inner:
        (inner / "file").write_text("of somebody else")
        doomed = record(kind.name, str(tmp_path / "tree"), tree="yes")
        with pytest.raises(StepError, match="inner is still mounted"):
            await kind.delete(LocalMachine(), doomed)
        assert (inner / "file").exists()
    await kind.delete(LocalMachine(), doomed)
    assert not (tmp_path / "tree").exists()
    await kind.delete(LocalMachine(), doomed)


async def test_what_was_made_on_another_machine_or_before_a_boot_is_not_looked_for_here(
    tmp_path: Path,
) -> None:
    with pytest.raises(WrongMachine, match="made on another machine"):
        await MountKind().find(LocalMachine(), record("local.mount", "/proc", machine="other"))
    assert (
        await MountKind().find(LocalMachine(), record("local.mount", "/proc", boot="before"))
        is None
    )
    assert await MountKind().find(LocalMachine(), record("local.mount", "/proc")) == "/proc"
    (tmp_path / "full").mkdir()
    (tmp_path / "full/file").touch()
    await DirectoryKind().delete(LocalMachine(), record("local.directory", str(tmp_path / "full")))
    assert (tmp_path / "full/file").exists()  # who put it there keeps it


def test_each_kind_tells_how_to_remove_it_by_hand() -> None:
    commands = {
        name: resource_kind(name).command(record(name, "/a b", wrapper="sudo {{.Command}}"))
        for name in RESOURCE_KINDS
        if name.startswith("local.")
    }
    assert commands == {
        "local.mount": "sudo umount --recursive '/a b'",
        "local.loop_device": "sudo losetup --detach '/a b'",
        "local.file": "sudo rm -f -- '/a b'",
        "local.directory": "sudo rmdir -- '/a b'",
    }


async def test_rights_are_looked_at_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(StepError, match=r'command_wrapper = "sudo -n {{\.Command}}"'):
        await preflight.check_rights(Host())
    with pytest.raises(StepError, match="runs commands as user 12, and mounts need root"):
        await preflight.check_rights(Host("echo 12; : {{.Command}}"))
    with pytest.raises(StepError, match="does not run a command"):
        await preflight.check_rights(Host("nosuch {{.Command}}"))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    status = tmp_path / "status"
    status.write_text("CapEff:\t000001ffffdfffff\n")
    monkeypatch.setattr(preflight, "_STATUS", status)
    with pytest.raises(StepError, match="CAP_SYS_ADMIN is missing"):
        await preflight.check_rights(Host())
    assert mounted_in(tmp_path) == []


@needs_mounts()
async def test_a_device_that_somebody_looks_at_is_detached_when_they_have(tmp_path: Path) -> None:
    image = tmp_path / "image"
    device = attach(image)
    record = ResourceRecord(
        number=1, session=1, build="c", kind="local.loop_device", name=str(image), id=device,
        locator=locate(Host()), time=0.0,
    )  # fmt: skip
    looking = os.open(device, os.O_RDONLY)
    removing = asyncio.ensure_future(LoopDeviceKind().delete(None, record))
    await asyncio.wait([removing], timeout=0.2)
    assert not removing.done()
    os.close(looking)
    await removing
    assert backing_file(device) != str(image)


@needs_mounts()
async def test_where_something_is_mounted_no_directory_counts_as_removed(tmp_path: Path) -> None:
    kind = DirectoryKind()
    with mounted(tmp_path / "mount") as there:
        (there / "file").touch()
        with pytest.raises(StepError, match="mount is still mounted"):
            await kind.delete(None, record(kind.name, str(there)))
    (tmp_path / "shared").mkdir()
    with mounted(tmp_path / "shared/others"):
        await kind.delete(None, record(kind.name, str(tmp_path / "shared")))  # it is left to them
        assert (tmp_path / "shared/others").exists()
