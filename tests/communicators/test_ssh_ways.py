"""Ways to a real SSH server: a real bastion, a real SOCKS proxy, tunnels, agents, and every method on each."""

from __future__ import annotations

import asyncio
import re
import socket
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from oxtui.communicators.ssh import connect
from oxtui.communicators.ssh.communicator import SshCommunicator
from oxtui.communicators.ssh.options import SshOptions
from oxtui.communicators.ssh.target import Target
from oxtui.component.errors import ConnectError
from tests.communicators.hosts import (
    agent,
    host,
    reached,
    rebooted,
    said,
    socks,
    through,
)
from tests.communicators.relay import relay
from tests.guests import Recorded
from tests.ports import reserved


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
    with host(tmp_path / "bastion") as bastion, reserved() as unheard:
        async with reached(
            bastion, ssh_port=unheard, ssh_bastion_host="127.0.0.1",
            ssh_bastion_port=bastion.server.port, ssh_timeout="5s",
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
    with host(tmp_path / "guest") as guest, socks(guest) as port, reserved() as unheard:
        async with reached(guest, ssh_proxy_host="127.0.0.1", ssh_proxy_port=port) as (ssh, _):
            await ssh.connection()
        options = {"ssh_proxy_host": "127.0.0.1", "ssh_timeout": "5s"}
        async with reached(guest, ssh_port=unheard, ssh_proxy_port=port, **options) as (ssh, _):
            with pytest.raises(ConnectError, match=r"said: the proxy 127.0.0.1 port \d+ says: "):
                await ssh.connection()
        async with reached(guest, ssh_proxy_port=unheard, **options) as (ssh, _):
            with pytest.raises(ConnectError, match=r"the proxy .* cannot be reached: .*refused"):
                await ssh.connection()


@pytest.mark.slow
async def test_tunnels_lead_both_ways_and_come_back_after_a_reboot(tmp_path: Path) -> None:
    with host(tmp_path / "guest") as guest, reserved() as here, reserved() as there:
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


@pytest.mark.parametrize("at", ["guest", "bastion"])
async def test_an_agent_that_nobody_named_lets_nobody_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    stranger = tmp_path / "stranger"
    asyncssh.generate_private_key("ssh-ed25519").write_private_key(stranger)
    stranger.chmod(0o600)
    with host(tmp_path / "guest") as guest, agent(tmp_path, guest.key, monkeypatch):
        options: dict[str, Any] = {"ssh_private_key_file": str(stranger)}
        if at == "bastion":
            options = {
                "ssh_bastion_host": "127.0.0.1", "ssh_bastion_port": guest.server.port,
                "ssh_bastion_username": guest.server.user,
                "ssh_bastion_private_key_file": str(stranger),
            }  # fmt: skip
        async with reached(guest, ssh_handshake_attempts=1, ssh_timeout=None, **options) as (
            ssh,
            _,
        ):
            with pytest.raises(ConnectError, match="offered the key"):
                await ssh.connection()


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
