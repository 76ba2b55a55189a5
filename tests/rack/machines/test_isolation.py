"""What runs in an instance sees and changes nothing of the host."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from tests.rack.machines.harness import Bench, running, started
from tests.roots import mounts

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_files_of_the_host_are_out_of_sight(isolated: Bench, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("host only")
    async with isolated.booted() as instance:
        listing = await instance.run(f"ls -A / /home /root 2>&1; sudo cat {secret} 2>&1 || true")
        assert "host only" not in listing
        shadow = await instance.run("sudo cat /etc/shadow")
        assert shadow.startswith("root:!*:")
        assert {line.split(":")[0] for line in shadow.split()} >= {"root", "ubuntu"}
        assert "ubuntu" in await instance.run("cat /etc/passwd")
        assert (await instance.run("ls /home")).split() == ["ubuntu"]
        for place in (Path.cwd(), isolated.state):
            assert await instance.run(f"sudo test -e {place} || echo hidden") == "hidden\n"


async def test_writes_to_usr_stay_in_the_instance(isolated: Bench) -> None:
    async with isolated.booted() as instance:
        await instance.run("sudo sh -c 'echo own >/usr/bin/oxtui-test; rm /usr/bin/env'")
        assert await instance.run("cat /usr/bin/oxtui-test; [ -e /usr/bin/env ] || echo gone") == (
            "own\ngone\n"
        )
    assert not Path("/usr/bin/oxtui-test").exists()
    assert Path("/usr/bin/env").exists()


async def test_processes_of_the_host_are_out_of_reach(isolated: Bench) -> None:
    witness = await asyncio.create_subprocess_exec("sleep", "1000")
    try:
        async with isolated.booted() as instance:
            names = await instance.run("cat /proc/[0-9]*/cmdline | tr '\\0' ' '")
            assert "sleep 1000" not in names
            async with instance.ssh() as connection:
                done = await connection.run("sudo sh -c 'kill -9 -1'")
                assert done.exit_status != 0
            assert await instance.run("echo alive") == "alive\n"
        assert witness.returncode is None
    finally:
        witness.kill()
        await witness.wait()


@pytest.mark.parametrize(
    "command",
    [
        "mknod /tmp/disk b 254 0",
        "sh -c 'echo 1 >/proc/sys/vm/drop_caches'",
        "sh -c 'echo h >/proc/sysrq-trigger'",
        "mount -t tmpfs none /mnt",
        "umount /usr",
        "hostname changed",
        "ls /proc/1/root/etc",
        "readlink /proc/1/exe",
        "sh -c 'test -s /proc/kcore'",
    ],
)
async def test_root_inside_is_not_root_of_the_kernel(isolated: Bench, command: str) -> None:
    async with isolated.booted() as instance, instance.ssh() as connection:
        done = await connection.run(f"sudo {command}")
        assert done.exit_status != 0, done.stdout


async def test_instances_do_not_see_each_other(isolated: Bench) -> None:
    async with isolated.booted() as one, isolated.booted() as two:
        await one.run("echo of one >/tmp/mine; nohup sleep 4321 >/dev/null 2>&1 </dev/null &")
        assert await two.run("ls /tmp; pgrep -f 'sleep [4]321' || echo none") == "none\n"


async def test_login_user_has_its_own_rights_and_sudo_has_all(isolated: Bench) -> None:
    async with isolated.booted() as instance:
        if await instance.run("id -u") == "0\n":
            pytest.skip("one user inside")
        async with instance.ssh() as connection:
            assert (await connection.run("cat /etc/shadow")).exit_status == 1
            assert (await connection.run("touch /etc/x")).exit_status == 1
            assert (await connection.run("sudo -u nobody id -un")).stdout == "nobody\n"
            async with connection.start_sftp_client() as files:
                with pytest.raises(Exception, match="Permission denied"):
                    await files.listdir("/root")
        assert await instance.run("sudo id -un") == "root\n"


async def test_nothing_of_a_machine_is_left_when_it_stops(isolated: Bench) -> None:
    before, daemon = mounts(isolated.state), f"sleep 9{os.getpid()}"
    async with isolated.booted() as instance:
        await instance.run(f"setsid nohup {daemon} >/dev/null 2>&1 </dev/null &")
        await started(daemon)
    assert not running(daemon)
    assert mounts(isolated.state) == before
    assert os.listdir(isolated.state / "disks/run") == []
