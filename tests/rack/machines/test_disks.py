"""Disks, snapshots and images keep what instances wrote, and only that."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from oxtui.rack import disks as disks_module
from oxtui.rack.hypervisor import RackMachineError
from tests.rack.machines.harness import Bench, Watcher, open_bench

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_what_was_provisioned_lives_on_in_an_image(bench: Bench) -> None:
    disks = bench.hypervisor.disks
    async with bench.booted() as builder:
        await builder.run(
            "sudo sh -c 'cd $OXTUI_ROOT/; echo installed >opt/app; rm -f etc/issue; "
            "mkdir -p srv/data/deep; ln -s ../app opt/link; echo 1 >srv/data/deep/1'; "
            "echo mine >~/notes; sync"
        )
        first_key = await builder.run("cat $OXTUI_ROOT/etc/ssh/ssh_host_ed25519_key.pub")
    snapshot, image = bench.new_id("snapshot"), bench.new_id("image")
    await disks.snapshot(builder.spec.disk_id, snapshot)
    await disks.publish(snapshot, image)
    await disks.delete(snapshot)
    await disks.delete(builder.spec.disk_id)
    async with bench.booted(await bench.new_disk(image)) as instance:
        assert await instance.run(
            "cd $OXTUI_ROOT/; cat opt/app srv/data/deep/1 ~/notes; readlink opt/link; "
            "[ -e etc/issue ] || echo removed"
        ) == ("installed\n1\nmine\n../app\nremoved\n")
        assert await instance.run("cat $OXTUI_ROOT/etc/ssh/ssh_host_ed25519_key.pub") != first_key
        await instance.run("echo changed | sudo tee $OXTUI_ROOT/opt/app; sync")
    async with bench.booted(await bench.new_disk(image)) as other:
        assert await other.run("cat $OXTUI_ROOT/opt/app") == "installed\n"


async def test_a_snapshot_stays_as_it_was(bench: Bench) -> None:
    disks = bench.hypervisor.disks
    instance = await bench.boot()
    await instance.run("echo 1 >version; sync")
    await instance.machine.stop(hard=False)
    snapshot = bench.new_id("snapshot")
    await disks.snapshot(instance.spec.disk_id, snapshot)
    again = await instance.again()
    assert await again.run("cat version; echo 2 >version; sync") == "1\n"
    await again.stop()
    async with bench.booted(await bench.new_disk(snapshot)) as old:
        assert await old.run("cat version") == "1\n"
    async with bench.booted(instance.spec.disk_id) as new:
        assert await new.run("cat version") == "2\n"


async def test_a_new_instance_of_an_old_disk_gets_its_own_keys_and_scripts(bench: Bench) -> None:
    instance = await bench.boot()
    await instance.run("echo '# kept by hand' >>~/.ssh/authorized_keys; sync")
    before = await instance.run("cat $OXTUI_ROOT/etc/ssh/*.pub")
    await instance.stop()
    async with bench.booted(
        instance.spec.disk_id, b"#!/bin/sh\ntouch $OXTUI_ROOT/opt/ran\n"
    ) as other:
        assert await other.run("cat $OXTUI_ROOT/etc/ssh/*.pub") != before
        keys = await other.run("cat ~/.ssh/authorized_keys; cd $OXTUI_ROOT/opt; ls ran")
        assert keys == f"{bench.public_key}\n# kept by hand\nran\n"


async def test_deep_stacks_are_merged_and_read_the_same(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    if bench.hypervisor.isolation != "overlay":
        pytest.skip("disks are no stacks here")
    monkeypatch.setattr(disks_module, "LONGEST_STACK", 4)
    disks = bench.hypervisor.disks
    disk = await bench.new_disk()
    steps = (
        "mkdir -p /opt/a/b /opt/gone; echo 1 >/opt/a/b/one; echo x >/opt/gone/x",
        "rm -r /opt/gone; echo 2 >/opt/a/b/two; chmod 750 /opt/a; rm /usr/bin/yes",
        "rm /opt/a/b/one; mkdir /opt/gone; echo y >/opt/gone/y; touch /usr/local/bin/new",
        "rm -r /opt/a; mkdir /opt/a; echo 3 >/opt/a/three; ln -s a /opt/l",
        "echo 4 >/opt/a/four; chmod 600 /opt/a/four; chmod 700 /opt/a",
    )
    shown = (
        "sudo sh <<'END'\ncd /opt; find . | sort; stat -c '%n %a %u' a a/*; "
        "ls /usr/bin/yes 2>&1; ls /usr/local/bin/new 2>&1; true\nEND\n"
    )
    for step in steps:
        async with bench.booted(disk) as instance:
            await instance.run(f"sudo sh -c '{step}'; sync")
            before = await instance.run(shown)
        await disks.snapshot(disk, bench.new_id("snapshot"))
    found = disks._catalog.find(disk)
    assert found is not None
    assert len(found.layers) <= 5
    async with bench.booted(disk) as instance:
        assert await instance.run(shown) == before
    assert before == (
        ".\n./a\n./a/four\n./a/three\n./gone\n./gone/y\n./l\n"
        "a 700 0\na/four 600 0\na/three 644 0\n"
        "ls: cannot access '/usr/bin/yes': No such file or directory\n/usr/local/bin/new\n"
    )


async def test_deleting_is_idempotent_and_frees_the_files(bench: Bench) -> None:
    disks = bench.hypervisor.disks
    layers = bench.state / "disks/layers"
    before = set(os.listdir(layers))
    async with bench.booted() as instance:
        await instance.run("echo x | sudo tee $OXTUI_ROOT/opt/x; sync")
    disk, snapshot = instance.spec.disk_id, bench.new_id("snapshot")
    await disks.snapshot(disk, snapshot)
    assert set(os.listdir(layers)) > before
    for _ in range(2):
        await disks.delete(disk)
        await disks.delete(snapshot)
    assert set(os.listdir(layers)) <= before | {"ubuntu-24.04.1"}
    with pytest.raises(RackMachineError, match="no contents"):
        await disks.create_from("another", snapshot)


async def test_an_imported_disk_keeps_its_bytes_and_does_not_boot(bench: Bench) -> None:
    disks = bench.hypervisor.disks
    disk = bench.new_id("disk")
    await disks.create_blank(disk)
    await disks.write_raw(disk, 1 << 30, b"last")
    await disks.write_raw(disk, 0, b"first")
    stored = disks._catalog.find(disk)
    assert stored is not None
    file = bench.state / "disks/layers" / stored.layers[0] / "raw/disk.img"
    assert file.stat().st_size == (1 << 30) + 4
    assert file.stat().st_blocks * 512 < 1 << 20
    snapshot = bench.new_id("snapshot")
    await disks.snapshot(disk, snapshot)
    await disks.write_raw(disk, 0, b"other")
    copy = await bench.new_disk(snapshot)
    copied = disks._catalog.find(copy)
    assert copied is not None
    with (bench.state / "disks/layers" / copied.layers[0] / "raw/disk.img").open("rb") as raw:
        assert raw.read(5) == b"first"
        raw.seek(1 << 30)
        assert raw.read() == b"last"
    longer = await disks.raw_file(copy, 2 << 30)
    assert longer.stat().st_size == 2 << 30
    assert await disks.raw_file(copy, 1) == longer
    assert longer.stat().st_size == 2 << 30
    watcher = Watcher()
    machine = await bench.hypervisor.start(bench.spec(copy), watcher)
    text = await watcher.until("Shell> ")
    assert text.startswith("BdsDxe: failed to load Boot0001 ")
    await machine.serial_input(b"ls\r")
    await watcher.until("'ls' is not recognized")
    await machine.stop(hard=False)
    with pytest.raises(RackMachineError, match="no raw writes"):
        await disks.write_raw(await bench.new_disk(), 0, b"x")


async def test_a_blank_disk_does_not_boot(bench: Bench) -> None:
    disk = bench.new_id("disk")
    await bench.hypervisor.disks.create_blank(disk)
    watcher = Watcher()
    machine = await bench.hypervisor.start(bench.spec(disk), watcher)
    await watcher.until("Shell> ")
    await machine.stop(hard=True)
    again = await bench.hypervisor.start(bench.spec(disk), Watcher())
    await again.stop(hard=True)


async def test_contents_survive_a_restart_of_the_rack(tmp_path: Path) -> None:
    async with open_bench(tmp_path) as bench:
        async with bench.booted() as instance:
            await instance.run("echo kept >kept; sync")
        addresses = bench.hypervisor.addresses
    stray = tmp_path / "disks/layers/0123456789"
    stray.mkdir()
    (tmp_path / "disks/layers/abcdef.partial").mkdir()
    async with open_bench(tmp_path) as again:
        again.key = bench.key
        assert again.hypervisor.addresses == addresses
        assert not stray.exists()
        assert not (tmp_path / "disks/layers/abcdef.partial").exists()
        async with again.booted(instance.spec.disk_id) as instance:
            assert await instance.run("cat kept") == "kept\n"
