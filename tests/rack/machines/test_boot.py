"""The serial console, and user data as cloud-init carries it out."""

from __future__ import annotations

import base64
import gzip
import os

import asyncssh
import pytest

from tests.rack.machines.harness import GIB, PROMPT, Bench

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_the_console_tells_a_boot_from_firmware_to_login(bench: Bench) -> None:
    async with bench.booted() as instance:
        text = instance.watcher.text
        order = [
            "BdsDxe: starting Boot0001",
            "] Linux version 6.8.0",
            "smp: Brought up 1 node, 2 CPUs",
            "Welcome to Ubuntu 24.04",
            "Authorized keys from ",
            "Started ssh.service",
            "-----BEGIN SSH HOST KEY FINGERPRINTS-----",
            "-----END SSH HOST KEY KEYS-----",
            "finished. Datasource",
            "Ubuntu 24.04.3 LTS web-01 ttyS0\n\nweb-01 login: ",
        ]
        places = [text.index(part) for part in order]
        assert places == sorted(places)
        assert b"\n" in instance.watcher.console
        assert b"\n" not in instance.watcher.console.replace(b"\r\n", b"")


async def test_printed_fingerprints_are_those_of_the_server(bench: Bench) -> None:
    async with bench.booted() as instance, instance.ssh() as connection:
        key = connection.get_server_host_key()
        assert key is not None
        assert f" {key.get_fingerprint()} root@web-01 (ED25519)\n" in instance.watcher.text
        assert f"\n{key.export_public_key().decode().strip()}" in instance.watcher.text
        public = asyncssh.import_public_key(bench.public_key)
        assert public.get_fingerprint().removeprefix("SHA256:") in instance.watcher.text


async def test_a_login_on_the_console_is_refused(bench: Bench) -> None:
    async with bench.booted() as instance:
        await instance.machine.serial_input(b"ubuntu\r")
        await instance.watcher.until("login: ubuntu\nPassword: ")
        await instance.machine.serial_input(b"secret\r")
        text = await instance.watcher.until("Login incorrect\nweb-01 login: ")
        assert "secret" not in text


async def test_an_instance_without_an_address_boots_without_ssh(bench: Bench) -> None:
    spec = bench.spec(await bench.new_disk())
    assert spec.address is not None
    bench.free.append(spec.address)
    import dataclasses

    booted = await bench.boot(spec=dataclasses.replace(spec, address=None))
    await booted.machine.stop(hard=True)


async def test_a_script_runs_once_as_root_with_its_output_on_the_console(bench: Bench) -> None:
    script = b"#!/bin/sh\necho out of the script\nid -un >$OXTUI_ROOT/opt/who\nexit 0\n"
    instance = await bench.boot(user_data=script)
    assert "out of the script\n" in instance.watcher.text
    who = "nobody" if bench.hypervisor.isolation == "none" and os.geteuid() else "root"
    assert await instance.run("cat $OXTUI_ROOT/opt/who; cloud-init status --wait") == (
        f"{who}\nstatus: done\n"
    )
    assert "out of the script" in await instance.run(
        "sudo cat $OXTUI_ROOT/var/log/cloud-init-output.log"
    )
    await instance.run("sync")
    await instance.machine.stop(hard=False)
    again = await instance.again()
    assert "out of the script" not in again.watcher.text
    await again.stop()


async def test_cloud_config_writes_files_and_runs_commands_in_order(bench: Bench) -> None:
    packed = base64.b64encode(gzip.compress(b"packed\n")).decode()
    config = f"""#cloud-config
write_files:
  - path: /opt/plain
    content: |
      plain
    permissions: '0640'
  - {{path: /opt/deep/packed, encoding: gz+b64, content: {packed}}}
  - {{path: /opt/plain, content: "more\\n", append: true, permissions: "0640"}}
  - {{path: /home/ubuntu/owned, content: x, owner: "ubuntu:ubuntu"}}
runcmd:
  - [sh, -c, 'cat $OXTUI_ROOT/opt/plain >$OXTUI_ROOT/opt/seen']
  - echo "with $(echo shell)" >>$OXTUI_ROOT/opt/seen
"""
    async with bench.booted(user_data=config.encode()) as instance:
        shown = await instance.run(
            "cd $OXTUI_ROOT/opt; sudo cat seen deep/packed; sudo stat -c '%a' plain; "
            "echo y >>~/owned; cat ~/owned"
        )
        assert shown == "plain\nmore\nwith shell\npacked\n640\nxy\n"


@pytest.mark.parametrize(
    ("user_data", "complaint"),
    [
        (b"#!/bin/sh\nexit 3\n", "scripts/part-001: exit status 3"),
        (b"#!/no/such/shell\n", "scripts/part-001: exit status 126"),
        (b"#cloud-config\nruncmd: [unclosed\n", "Failed loading yaml blob: "),
        (b"#cloud-config\n- a\n", "must be a mapping of keys, got list"),
        (
            b"#cloud-config\npackages: [nginx]\n",
            "key 'packages' is not carried out by the simulated",
        ),
        (b"#cloud-config\nwrite_files: x\n", "key 'write_files' must be a list"),
        (b"#cloud-config\nwrite_files: [{content: x}]\n", "write_files entry 1: needs a path"),
        (
            b"#cloud-config\nwrite_files: [{path: /x, content: abc, encoding: b64}]\n",
            "write_files entry 1: content is not base64",
        ),
        (
            b"#cloud-config\nwrite_files: [{path: /x, owner: me}]\n",
            "write_files entry 1: unknown owner me",
        ),
        (b"hello", "Unhandled non-multipart (text/x-not-multipart) userdata: 'hello'"),
        (b"\x1f\x8bnot gzip", "user data looks like gzip and is not"),
    ],
)
async def test_user_data_that_fails_says_so_and_the_machine_still_boots(
    bench: Bench, user_data: bytes, complaint: str
) -> None:
    async with bench.booted(user_data=user_data) as instance:
        assert complaint in instance.watcher.text
        async with instance.ssh() as connection:
            done = await connection.run("cloud-init status --wait")
            assert (done.exit_status, done.stdout) == (1, "status: error\n")


async def test_memory_and_processors_are_those_of_the_spec(bench: Bench) -> None:
    async with bench.booted() as instance:
        assert f"Memory: {2 * GIB // 1024}K/" in instance.watcher.text
        assert PROMPT in instance.watcher.text
