"""Ways to a real SSH server: a real bastion, a real SOCKS proxy, tunnels, agents, and a peer that goes away."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from oxtui.communicators.ssh import connect
from oxtui.communicators.ssh.communicator import SshCommunicator
from oxtui.communicators.ssh.options import SshOptions
from oxtui.communicators.ssh.target import Target
from oxtui.component.errors import ConnectError, TransferError
from oxtui.component.protocols import ExitStatus
from tests.builders.test_null import template
from tests.communicators.relay import Relay, relay
from tests.guests import Recorded
from tests.sessions import rackless, shell
from tests.sshd import Sshd, sshd


@dataclass
class Host:
    """A real SSH server that takes the key of `key`."""

    server: Sshd
    key: Path


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def listening(port: int) -> None:
    """Returns once something listens there."""
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            os.sched_yield()
        else:
            return


@contextmanager
def host(folder: Path, *settings: str) -> Iterator[Host]:
    """A server with a key of its own."""
    folder.mkdir(exist_ok=True)
    key = asyncssh.generate_private_key("ssh-ed25519")
    key.write_private_key(folder / "key")
    (folder / "key").chmod(0o600)
    with sshd(folder, key.export_public_key().decode().strip(), *settings) as server:
        listening(server.port)
        yield Host(server, folder / "key")


@asynccontextmanager
async def reached(there: Host, **options: Any) -> AsyncIterator[tuple[SshCommunicator, list[str]]]:
    """A communicator to a server, and the reasons that it told."""
    reasons: list[str] = []
    given = {
        "ssh_username": there.server.user, "ssh_port": there.server.port,
        "ssh_private_key_file": str(there.key), "ssh_timeout": "20s", **options,
    }  # fmt: skip
    agent = os.environ.get("SSH_AUTH_SOCK", "")
    target = Target(
        "127.0.0.1", SshOptions(**{k: v for k, v in given.items() if v is not None}), agent=agent
    )
    communicator = SshCommunicator(target, reasons.append)
    try:
        yield communicator, reasons
    finally:
        await communicator.close()


async def said(communicator: SshCommunicator, command: str) -> str:
    """What a command prints."""
    heard = Recorded()
    status = await communicator.run(command, heard.output)
    assert status == ExitStatus(0), heard.streams
    return heard.streams["stdout"].decode().strip()


@contextmanager
def agent(folder: Path, key: Path | None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A real ssh-agent that holds a key."""
    path = folder / "agent"
    process = subprocess.Popen(["ssh-agent", "-D", "-a", str(path)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()  # it listens now
    process.stdout.close()
    monkeypatch.setenv("SSH_AUTH_SOCK", str(path))
    try:
        if key is not None:
            subprocess.run(["ssh-add", "-q", str(key)], check=True, capture_output=True)
        yield
    finally:
        process.terminate()
        process.wait()


@contextmanager
def socks(way: Host) -> Iterator[int]:
    """A real SOCKS5 proxy: `ssh -D`; its port."""
    port = free_port()
    process = subprocess.Popen(
        ["ssh", "-N", "-D", f"127.0.0.1:{port}", "-p", str(way.server.port), "-i",
         str(way.key), "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
         "-o", "IdentitiesOnly=yes", "-o", "IdentityAgent=none", "-F", "/dev/null",
         f"{way.server.user}@127.0.0.1"],
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        listening(port)
        yield port
    finally:
        process.terminate()
        process.wait()


# the way


def through(bastion: Host) -> dict[str, Any]:
    """Options of a bastion that has a key of its own."""
    return {
        "ssh_bastion_host": "127.0.0.1", "ssh_bastion_port": bastion.server.port,
        "ssh_bastion_private_key_file": str(bastion.key),
    }  # fmt: skip


async def test_through_a_bastion_with_a_key_of_its_own(tmp_path: Path) -> None:
    with host(tmp_path / "guest") as guest, host(tmp_path / "bastion") as bastion:
        async with reached(guest, **through(bastion)) as (ssh, _):
            came_to = (await said(ssh, "echo $SSH_CONNECTION")).split()[3]
            assert came_to == str(guest.server.port)
            assert ssh.target.bastion_pin.pinned
            assert ssh.target.bastion_pin.pinned != ssh.target.pin.pinned


@pytest.mark.slow
@pytest.mark.parametrize("which", ["guest", "bastion"])
async def test_behind_a_bastion_either_may_reboot(tmp_path: Path, which: str) -> None:
    with host(tmp_path / "guest") as guest, host(tmp_path / "bastion") as bastion:
        async with reached(guest, **through(bastion)) as (ssh, _):
            await ssh.connection()
            (guest if which == "guest" else bastion).server.restart()
            await ssh.run("true", Recorded().output)
            assert await said(ssh, "echo again") == "again"


@pytest.mark.slow
async def test_a_bastion_that_cannot_reach_the_guest_says_so(tmp_path: Path) -> None:
    with host(tmp_path / "bastion") as bastion:
        async with reached(
            bastion, ssh_port=free_port(), ssh_bastion_host="127.0.0.1",
            ssh_bastion_port=bastion.server.port, ssh_timeout="2s",
        ) as (ssh, reasons):  # fmt: skip
            with pytest.raises(
                ConnectError, match=r"bastion .* cannot reach the machine: .*refused"
            ):
                await ssh.connection()
    assert len(reasons) == len(set(reasons))


async def test_a_bastion_that_refuses_counts_as_a_refusal(tmp_path: Path) -> None:
    with host(tmp_path / "guest") as guest, host(tmp_path / "bastion") as bastion:
        async with reached(
            guest, ssh_bastion_host="127.0.0.1", ssh_bastion_port=bastion.server.port,
            ssh_bastion_username="nobody-here", ssh_timeout=None, ssh_handshake_attempts=1,
        ) as (ssh, _):  # fmt: skip
            with pytest.raises(ConnectError, match=r'the bastion nobody-here@.*user "nobody-here"'):
                await ssh.connection()


async def test_through_a_socks_proxy(tmp_path: Path) -> None:
    with host(tmp_path / "guest") as guest, socks(guest) as port:
        async with reached(guest, ssh_proxy_host="127.0.0.1", ssh_proxy_port=port) as (ssh, _):
            assert await said(ssh, "echo through") == "through"


@pytest.mark.slow
async def test_a_proxy_that_cannot_be_reached_or_cannot_reach_the_guest_says_so(
    tmp_path: Path,
) -> None:
    with host(tmp_path / "guest") as guest, socks(guest) as port:
        async with reached(guest, ssh_proxy_host="127.0.0.1", ssh_proxy_port=port) as (ssh, _):
            await ssh.connection()
        options = {"ssh_proxy_host": "127.0.0.1", "ssh_timeout": "2s"}
        async with reached(guest, ssh_port=free_port(), ssh_proxy_port=port, **options) as (ssh, _):
            with pytest.raises(ConnectError, match=r"said: the proxy 127.0.0.1 port \d+ says: "):
                await ssh.connection()
        async with reached(guest, ssh_proxy_port=free_port(), **options) as (ssh, _):
            with pytest.raises(ConnectError, match=r"the proxy .* cannot be reached: .*refused"):
                await ssh.connection()


@pytest.mark.slow
async def test_tunnels_lead_both_ways_and_come_back_after_a_reboot(tmp_path: Path) -> None:
    here, there = free_port(), free_port()
    with host(tmp_path / "guest") as guest:
        port = guest.server.port
        async with reached(
            guest, ssh_local_tunnels=[f"{here}:127.0.0.1:{port}"],
            ssh_remote_tunnels=[f"{there}:127.0.0.1:{port}"],
        ) as (ssh, _):  # fmt: skip
            for _time in range(2):
                line = f"exec 3<>/dev/tcp/127.0.0.1/{there}; head -c 7 <&3"
                assert await said(ssh, f"bash -c '{line}'") == "SSH-2.0"
                reader, writer = await asyncio.open_connection("127.0.0.1", here)
                assert await reader.readexactly(7) == b"SSH-2.0"
                writer.close()
                guest.server.restart()
                await ssh.run("true", Recorded().output)


@pytest.mark.slow
async def test_a_tunnel_whose_port_is_taken_says_which(tmp_path: Path) -> None:
    with host(tmp_path / "guest") as guest, socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        async with reached(guest, ssh_local_tunnels=[f"{port}:localhost:22"]) as (ssh, _):
            with pytest.raises(ConnectError, match=f"nothing can listen on port {port} here"):
                await ssh.connection()


# who logs in


@pytest.mark.parametrize(
    ("options", "forwarded"),
    [
        ({"ssh_agent_auth": True, "ssh_private_key_file": None}, True),
        ({"ssh_agent_auth": True, "ssh_disable_agent_forwarding": True}, False),
        ({}, False),
    ],
)
async def test_the_agent_is_lent_to_the_guest_only_where_it_logs_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: dict[str, Any], forwarded: bool
) -> None:
    with host(tmp_path / "guest") as guest, agent(tmp_path, guest.key, monkeypatch):
        async with reached(guest, **options) as (ssh, _):
            command = 'test -S "$SSH_AUTH_SOCK" && echo yes || echo no'
            assert await said(ssh, command) == ("yes" if forwarded else "no")


async def test_an_agent_without_the_key_tells_what_was_offered_and_what_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger = asyncssh.generate_private_key("ssh-ed25519", comment="stranger")
    stranger.write_private_key(tmp_path / "stranger")
    (tmp_path / "stranger").chmod(0o600)
    with (
        host(tmp_path / "guest", "KbdInteractiveAuthentication=yes") as guest,
        agent(tmp_path, tmp_path / "stranger", monkeypatch),
    ):
        options = {"ssh_private_key_file": None, "ssh_agent_auth": True, "ssh_timeout": None}
        async with reached(guest, ssh_handshake_attempts=1, **options) as (ssh, reasons):
            with pytest.raises(ConnectError):
                await ssh.connection()
    seen = stranger.get_fingerprint()
    assert reasons[-1] == (
        f'login refused: user "{guest.server.user}" offered the key ed25519 {seen} (stranger of the '
        "agent); the server takes publickey, keyboard-interactive"
    )


@pytest.mark.parametrize(
    ("path", "text"),
    [("", "SSH_AUTH_SOCK names none"), ("/nowhere", "cannot be asked for its keys")],
)
async def test_without_an_agent_nothing_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, text: str
) -> None:
    monkeypatch.setenv("SSH_AUTH_SOCK", path)
    with host(tmp_path / "guest") as guest:
        async with reached(guest, ssh_agent_auth=True) as (ssh, _):
            with pytest.raises(ConnectError, match=text):
                await ssh.connection()


async def test_a_key_that_the_guest_gets_late_logs_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connect, "REFUSED_EVERY", 0.1)
    with host(tmp_path / "guest") as guest:
        keys = tmp_path / "guest" / "authorized_keys"
        mine = keys.read_text()
        keys.write_text("")
        async with reached(guest, ssh_timeout=None, ssh_handshake_attempts=2) as (ssh, reasons):
            told = asyncio.Event()

            def attempt(reason: str) -> None:
                reasons.append(reason)
                if reason.startswith("login refused"):
                    told.set()

            ssh.on_attempt = attempt
            connecting = asyncio.create_task(ssh.connection())
            await told.wait()
            keys.write_text(mine)
            await connecting
    assert sum(reason.startswith("login refused") for reason in reasons) == 1


async def test_a_certificate_logs_in_where_its_key_alone_does_not(tmp_path: Path) -> None:
    authority = asyncssh.generate_private_key("ssh-ed25519")
    (tmp_path / "ca.pub").write_bytes(authority.export_public_key())
    trust = f"TrustedUserCAKeys={tmp_path}/ca.pub"
    with host(tmp_path / "guest", trust) as guest:
        (tmp_path / "guest" / "authorized_keys").write_text("")
        certificate = authority.generate_user_certificate(
            asyncssh.read_private_key(guest.key), "test", principals=[guest.server.user]
        )
        certificate.write_certificate(tmp_path / "cert")
        async with reached(guest, ssh_certificate_file=str(tmp_path / "cert")) as (ssh, _):
            assert await said(ssh, "echo certified") == "certified"


async def test_keyboard_interactive_is_answered_by_the_password_whatever_it_asks() -> None:
    asked: list[tuple[str, ...]] = []

    class Server(asyncssh.SSHServer):
        def begin_auth(self, username: str) -> bool:
            return True

        def kbdint_auth_supported(self) -> bool:
            return True

        def get_kbdint_challenge(self, username: str, lang: str, submethods: str) -> Any:
            return "", "", "", [("Token", False), ("Colour", True)]

        def validate_kbdint_response(self, username: str, responses: Any) -> bool:
            asked.append(tuple(responses))
            return list(responses) == ["secret", "secret"]

    key = asyncssh.generate_private_key("ssh-ed25519")
    server = await asyncssh.listen(
        "127.0.0.1", 0, server_factory=Server, server_host_keys=[key],
        process_factory=lambda process: process.exit(0),
    )  # fmt: skip
    options = SshOptions(ssh_username="u", ssh_port=server.get_port(), ssh_password="secret")
    communicator = SshCommunicator(Target("127.0.0.1", options), print)
    await communicator.connection()
    await communicator.close()
    server.close()
    await server.wait_closed()
    assert asked == [("secret", "secret")]


@pytest.mark.parametrize("answer", ["1234", ""])
async def test_what_an_interactive_bastion_asks_is_asked_of_the_operator(
    tmp_path: Path, answer: str
) -> None:
    class Server(asyncssh.SSHServer):
        def begin_auth(self, username: str) -> bool:
            return True

        def kbdint_auth_supported(self) -> bool:
            return True

        def get_kbdint_challenge(self, username: str, lang: str, submethods: str) -> Any:
            return "", "", "", [("Code: ", False)]

        def validate_kbdint_response(self, username: str, responses: Any) -> bool:
            return list(responses) == ["1234"]

        def connection_requested(self, *_where: Any) -> bool:
            return True

    asked: list[str] = []

    async def operator(question: str) -> str:
        asked.append(question)
        if not answer:
            raise ConnectError("nobody answered")
        return answer

    key = asyncssh.generate_private_key("ssh-ed25519")
    bastion = await asyncssh.listen("127.0.0.1", 0, server_factory=Server, server_host_keys=[key])
    with host(tmp_path / "guest") as guest:
        async with reached(
            guest, ssh_bastion_host="127.0.0.1", ssh_bastion_port=bastion.get_port(),
            ssh_bastion_interactive=True,
        ) as (ssh, _):  # fmt: skip
            ssh.target.answer = operator
            if answer:
                assert await said(ssh, "echo in") == "in"
            else:
                with pytest.raises(ConnectError, match="nobody answered"):
                    await ssh.connection()
    bastion.close()
    await bastion.wait_closed()
    assert asked == ["Code"]


@pytest.mark.parametrize(
    ("options", "line"),
    [
        ({"ssh_ciphers": ["aes256-ctr", "rot13"]}, r"cipher: aes256-ctr"),
        ({"ssh_key_exchange_algorithms": ["ecdh-sha2-nistp384"]}, r"algorithm: ecdh-sha2-nistp384"),
    ],
)
async def test_ciphers_and_key_exchanges_are_those_of_the_template(
    tmp_path: Path, options: dict[str, Any], line: str
) -> None:
    with host(tmp_path / "guest", "LogLevel=DEBUG1") as guest:
        async with reached(guest, **options) as (ssh, _):
            await ssh.connection()
        log = (tmp_path / "guest" / "sshd.log").read_text()
    assert re.search(line, log)


# a peer that goes away


def frozen(server: Sshd, how: signal.Signals) -> None:
    """Stops, or lets go on, the processes of the server's connections."""
    found = subprocess.run(
        ["pgrep", "-P", str(server.process.pid)], capture_output=True, text=True, check=True
    )
    for pid in found.stdout.split():
        deeper = subprocess.run(["pgrep", "-P", pid], capture_output=True, text=True, check=False)
        for each in (pid, *deeper.stdout.split()):
            os.kill(int(each), how)


@pytest.mark.slow
@pytest.mark.parametrize(
    "options",
    [
        {"ssh_keep_alive_interval": "300ms"},
        {"ssh_keep_alive_interval": "-1s", "ssh_read_write_timeout": "900ms"},
    ],
)
async def test_a_frozen_peer_is_noticed(tmp_path: Path, options: dict[str, Any]) -> None:
    with host(tmp_path / "guest") as guest:
        async with reached(guest, **options) as (ssh, _):
            running = asyncio.Event()
            command = asyncio.create_task(
                ssh.run("echo on; sleep 60", lambda _stream, _data: running.set())
            )
            await running.wait()
            frozen(guest.server, signal.SIGSTOP)
            try:
                status = await command
            finally:
                frozen(guest.server, signal.SIGCONT)
    assert status.lost
    assert str(status) == (
        "connection lost: the guest has stopped answering: not a sign of it for 0.9 s"
    )


async def test_an_upload_to_a_frozen_peer_ends_with_the_reason(tmp_path: Path) -> None:
    with host(tmp_path / "guest") as guest:
        async with (
            relay(guest.server.port) as between,
            reached(guest, ssh_port=between.port, ssh_keep_alive_interval="300ms") as (ssh, _),
        ):
            between.freeze_after = 1_000_000
            with pytest.raises(TransferError, match="the guest has stopped answering"):
                await ssh.upload(b"x" * 10_000_000, str(tmp_path / "uploaded"))


@pytest.mark.slow
async def test_a_script_of_a_frozen_guest_fails_with_the_reason(tmp_path: Path) -> None:
    with host(tmp_path / "guest") as guest:
        async with rackless(tmp_path) as there, relay(guest.server.port) as between:
            source = (
                f'ssh_host = "127.0.0.1"\n ssh_port = {between.port}\n'
                f' ssh_username = "{guest.server.user}"\n ssh_private_key_file = "{guest.key}"\n'
                ' ssh_keep_alive_interval = "300ms"'
            )
            between.freeze_after = 6_000  # a login and the script are less; keep-alives add up
            finished = await there.run(template(shell("sleep 60"), source=source))
    assert finished.status == "failed"
    assert "while it ran (the guest has stopped answering: not" in there.build.error


@pytest.mark.slow
async def test_a_silent_command_of_a_living_guest_is_not_cut_off(tmp_path: Path) -> None:
    with host(tmp_path / "guest") as guest:
        async with reached(guest, ssh_read_write_timeout="300ms") as (ssh, _):
            assert await said(ssh, "sleep 1; echo alive") == "alive"


# a server that fails in each phase


@pytest.mark.slow
@pytest.mark.parametrize("after", [0, 10, 50, 700, 1500], ids=lambda n: f"after {n} bytes")
@pytest.mark.parametrize("fault", ["stall", "reset", "close"])
async def test_a_server_that_fails_in_a_phase_is_logged_in_to_once_it_works(
    tmp_path: Path, fault: Any, after: int
) -> None:
    with host(tmp_path / "guest") as guest:
        async with (
            relay(guest.server.port) as between,
            reached(guest, ssh_port=between.port, ssh_timeout="30s") as (ssh, reasons),
        ):
            between.fault, between.after = fault, after
            told = asyncio.Event()
            ssh.on_attempt = lambda reason: (reasons.append(reason), told.set())  # type: ignore[assignment, func-returns-value]
            connecting = asyncio.create_task(ssh.connection())
            await told.wait()
            between.fault = "none"
            await connecting
            assert await said(ssh, "echo in") == "in"
    assert reasons


@pytest.mark.slow
async def test_a_server_that_never_answers_is_told_of_with_where_it_stands(tmp_path: Path) -> None:
    with host(tmp_path / "guest") as guest:
        async with (
            relay(guest.server.port) as between,
            reached(guest, ssh_port=between.port, ssh_timeout="7s") as (ssh, _),
        ):
            between.fault = "stall"
            with pytest.raises(ConnectError, match="and has not sent its SSH version"):
                await ssh.connection()


async def rebooted(between: Relay, ssh: SshCommunicator) -> None:
    """Whatever was connected is gone, and the next command finds its way."""
    between.reset()
    first = await ssh.run("true", Recorded().output)
    assert first.lost or first == ExitStatus(0)
    assert await said(ssh, "echo back") == "back"


@pytest.mark.slow
@pytest.mark.parametrize("way", ["direct", "bastion", "proxy"])
@pytest.mark.parametrize("method", ["key", "agent", "certificate"])
async def test_every_method_on_every_way_also_after_a_reboot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str, method: str
) -> None:
    authority = asyncssh.generate_private_key("ssh-ed25519")
    (tmp_path / "ca.pub").write_bytes(authority.export_public_key())
    with (
        host(tmp_path / "guest", f"TrustedUserCAKeys={tmp_path}/ca.pub") as guest,
        host(tmp_path / "bastion") as bastion,
        socks(bastion) as proxy,
        agent(tmp_path, guest.key, monkeypatch),
    ):
        methods: dict[str, dict[str, Any]] = {
            "key": {},
            "agent": {"ssh_private_key_file": None, "ssh_agent_auth": True},
            "certificate": {"ssh_certificate_file": str(tmp_path / "cert")},
        }
        ways: dict[str, dict[str, Any]] = {
            "direct": {},
            "bastion": through(bastion),
            "proxy": {"ssh_proxy_host": "127.0.0.1", "ssh_proxy_port": proxy},
        }  # fmt: skip
        if method == "certificate":
            (tmp_path / "guest" / "authorized_keys").write_text("")
        authority.generate_user_certificate(
            asyncssh.read_private_key(guest.key), "test", principals=[guest.server.user]
        ).write_certificate(tmp_path / "cert")
        options = {**methods[method], **ways[way]}
        async with (
            relay(guest.server.port) as between,
            reached(guest, ssh_port=between.port, **options) as (ssh, _),
        ):
            await ssh.upload(b"x" * 1_000_000, str(tmp_path / "uploaded"))
            assert (tmp_path / "uploaded").stat().st_size == 1_000_000
            await rebooted(between, ssh)
