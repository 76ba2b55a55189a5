"""SSH into an instance behaves as SSH into a machine."""

from __future__ import annotations

import asyncio
import hashlib
import signal
from pathlib import Path

import asyncssh
import pytest

from tests.rack.machines.harness import Bench, open_bench

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_command_gets_a_login_environment_and_its_status_comes_back(bench: Bench) -> None:
    async with bench.booted() as instance, instance.ssh() as connection:
        done = await connection.run('printf "%s|" "$HOME" "$USER" "$SHELL" "$PWD"; exit 7')
        home = str(done.stdout).split("|")[0]
        assert home.endswith("/home/ubuntu")
        assert done.stdout == f"{home}|ubuntu|/bin/bash|{home}|"
        assert done.exit_status == 7
        assert (await connection.run("true")).exit_status == 0
        assert (await connection.run("no-such-command")).exit_status == 127


async def test_signals_are_reported_and_delivered(bench: Bench) -> None:
    async with bench.booted() as instance, instance.ssh() as connection:
        done = await connection.run("kill -TERM $$")
        assert done.exit_signal is not None
        assert done.exit_signal[0] == "TERM"
        process = await connection.create_process(
            "trap 'echo caught; exit 3' USR1; echo ready; while :; do sleep 0.05; done"
        )
        assert await process.stdout.readline() == "ready\n"
        process.send_signal("USR1")
        finished = await process.wait()
        assert (finished.stdout, finished.exit_status) == ("caught\n", 3)


async def test_streams_stay_apart_and_input_ends(bench: Bench) -> None:
    async with bench.booted() as instance, instance.ssh() as connection:
        done = await connection.run("cat; echo problem >&2", input="one\ntwo\n")
        assert (done.stdout, done.stderr) == ("one\ntwo\n", "problem\n")


async def test_large_transfers_arrive_whole_both_ways(bench: Bench) -> None:
    data = hashlib.shake_128(b"oxtui").digest(24 << 20)
    async with bench.booted() as instance, instance.ssh() as connection:
        done = await connection.run("sha256sum", input=data, encoding=None)
        assert done.stdout == f"{hashlib.sha256(data).hexdigest()}  -\n".encode()
        done = await connection.run("head -c 20000000 /dev/zero | tr '\\0' x", encoding=None)
        assert done.stdout == b"x" * 20_000_000


async def test_terminal_has_the_clients_size_and_follows_it(bench: Bench) -> None:
    async with bench.booted() as instance, instance.ssh() as connection:
        process = await connection.create_process(
            term_type="xterm-256color", term_size=(101, 37), encoding="utf-8"
        )
        process.stdin.write("stty size; echo $TERM\n")
        await process.stdout.readuntil("37 101")
        await process.stdout.readuntil("xterm-256color")
        process.change_terminal_size(80, 24)
        process.stdin.write("stty size\n")
        await process.stdout.readuntil("24 80")
        process.stdin.write("exit 5\n")
        assert (await process.wait()).exit_status == 5


async def test_signals_that_the_rack_was_started_to_ignore_reach_programs_in_an_instance(
    tmp_path: Path,
) -> None:
    ignored = (signal.SIGHUP, signal.SIGINT)
    before = [signal.signal(number, signal.SIG_IGN) for number in ignored]
    try:
        async with (
            open_bench(tmp_path) as bench,
            bench.booted() as instance,
            instance.ssh() as connection,
        ):
            for number in ignored:
                done = await connection.run(f"sh -c 'kill -{int(number)} $$; echo survived'")
                assert done.exit_signal is not None
                assert f"SIG{done.exit_signal[0]}" == number.name
    finally:
        for number, handler in zip(ignored, before, strict=True):
            signal.signal(number, handler)


async def test_interrupt_on_a_terminal_reaches_the_foreground_program(bench: Bench) -> None:
    async with bench.booted() as instance, instance.ssh() as connection:
        process = await connection.create_process(
            "trap 'echo interrupted; exit 9' INT; echo ready; sleep 100 & wait",
            term_type="xterm",
        )
        await process.stdout.readuntil("ready")
        process.stdin.write("\x03")
        finished = await process.wait()
        assert "interrupted" in str(finished.stdout)
        assert finished.exit_status == 9


async def test_a_closed_channel_ends_its_programs(bench: Bench) -> None:
    async with bench.booted() as instance, instance.ssh() as connection:
        mark = "sleep 98765"
        process = await connection.create_process(f"echo $$; {mark}")
        await process.stdout.readline()
        process.close()
        await process.wait_closed()
        gone = f"until ! pgrep -f '^{mark}' >/dev/null; do sleep 0.05; done; echo gone"
        if (await connection.run("command -v pgrep && [ -e /proc/self/stat ]")).exit_status:
            pytest.skip("no pgrep, or no /proc, inside")
        done = await asyncio.wait_for(connection.run(gone), 60)
        assert done.stdout == "gone\n"


async def test_sftp_reads_writes_lists_and_renames_as_the_user(
    bench: Bench, tmp_path: Path
) -> None:
    async with bench.booted() as instance, instance.ssh() as connection:
        async with connection.start_sftp_client() as files:
            assert await files.realpath(".") == "/home/ubuntu"
            local = tmp_path / "a.bin"
            local.write_bytes(hashlib.shake_128(b"a").digest(3 << 20))
            await files.put(local, "/tmp/a.bin")
            await files.put(local, "kept.bin")
            await files.rename("kept.bin", "renamed.bin")
            assert "renamed.bin" in await files.listdir(".")
            await files.get("renamed.bin", tmp_path / "b.bin")
            assert (tmp_path / "b.bin").read_bytes() == local.read_bytes()
            await files.chmod("renamed.bin", 0o640)
            status = await files.stat("renamed.bin")
            assert status.permissions is not None
            assert status.permissions & 0o777 == 0o640
            with pytest.raises(asyncssh.SFTPNoSuchFile):
                await files.stat("/tmp/none")
        done = await connection.run("sha256sum /tmp/a.bin; stat -c %s ~/renamed.bin")
        assert str(done.stdout).split()[0] == hashlib.sha256(local.read_bytes()).hexdigest()
        assert str(done.stdout).split()[-1] == str(3 << 20)


async def test_an_uploaded_script_runs_where_it_was_put(bench: Bench) -> None:
    async with bench.booted() as instance, instance.ssh() as connection:
        async with (
            connection.start_sftp_client() as files,
            files.open("/tmp/script_1.sh", "w") as script,
        ):
            await script.write('#!/bin/sh\necho "$A from $0"\n')
        done = await connection.run("chmod +x /tmp/script_1.sh; A='x' /tmp/script_1.sh")
        assert str(done.stdout).startswith("x from ")
        assert str(done.stdout).endswith("/tmp/script_1.sh\n")


async def test_scp_copies_folders_both_ways(bench: Bench, tmp_path: Path) -> None:
    source = tmp_path / "out"
    (source / "deep").mkdir(parents=True)
    (source / "deep/file").write_text("text")
    async with bench.booted() as instance, instance.ssh() as connection:
        await asyncssh.scp(source, (connection, "copied"), recurse=True, preserve=True)
        await asyncssh.scp((connection, "copied"), tmp_path / "back", recurse=True)
    assert (tmp_path / "back/deep/file").read_text() == "text"


async def test_ports_are_forwarded_to_what_the_instance_reaches(bench: Bench) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"pong:" + await reader.readline())
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1")
    port = server.sockets[0].getsockname()[1]
    async with server, bench.booted() as instance, instance.ssh() as connection:
        reader, writer = await connection.open_connection("localhost", port)
        writer.write(b"ping\n")
        assert await reader.read() == b"pong:ping\n"
        writer.close()
        listener = await connection.forward_remote_port("localhost", 0, "127.0.0.1", port)
        done = await connection.run(
            f"exec 3<>/dev/tcp/127.0.0.1/{listener.get_port()}; echo ping >&3; cat <&3"
        )
        assert done.stdout == "pong:ping\n"


async def test_the_clients_agent_is_reachable_inside(bench: Bench, tmp_path: Path) -> None:
    agent = await asyncio.create_subprocess_exec(
        "ssh-agent", "-D", "-a", str(tmp_path / "agent"), stdout=asyncio.subprocess.PIPE
    )
    try:
        assert agent.stdout is not None
        await agent.stdout.readline()  # printed when it listens
        async with asyncssh.connect_agent(str(tmp_path / "agent")) as keys:
            await keys.add_keys([bench.key])
        async with (
            bench.booted() as instance,
            instance.ssh(agent_path=str(tmp_path / "agent"), agent_forwarding=True) as connection,
        ):
            done = await connection.run("ssh-add -L || ls -l $SSH_AUTH_SOCK")
            if bench.hypervisor.isolation == "chroot":
                pytest.skip("ssh-add is not among the copied programs")
            assert bench.public_key.split()[1] in str(done.stdout), done.stderr
    finally:
        agent.terminate()
        await agent.wait()


async def test_only_the_keys_of_the_instance_open_it(bench: Bench) -> None:
    async with bench.booted() as instance:
        options = {"known_hosts": None, "config": None, "agent_path": None, "password": "ubuntu"}
        for user, key in (
            ("ubuntu", asyncssh.generate_private_key("ssh-ed25519")),
            ("nobody", bench.key),
            ("stranger", bench.key),
        ):
            with pytest.raises(asyncssh.PermissionDenied):
                await asyncssh.connect(
                    instance.address,
                    bench.hypervisor.ssh_port,
                    username=user,
                    client_keys=[key],
                    **options,
                )


async def test_root_is_told_to_log_in_as_the_default_user(bench: Bench) -> None:
    async with bench.booted() as instance, instance.ssh("root") as connection:
        process = await connection.create_process("id")
        line = await process.stdout.readline()
        assert line == 'Please login as the user "ubuntu" rather than the user "root".\n'
