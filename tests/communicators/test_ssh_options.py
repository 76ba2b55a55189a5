"""Options of the SSH communicator: what is refused before anything runs, and what defaults mean."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import asyncssh
import pytest
from pydantic import ValidationError

from oxtui.builders.null.options import NullOptions
from oxtui.communicators.ssh.algorithms import algorithm_arguments
from oxtui.communicators.ssh.keys import private_key_problem
from oxtui.communicators.ssh.options import SshOptions
from oxtui.communicators.ssh.tunnels import Tunnel, parse_tunnel
from oxtui.component.options import parse_duration


def problem(**options: Any) -> str:
    """What is wrong with these options; empty if nothing is."""
    try:
        SshOptions(**{"ssh_username": "u", **options})
    except ValidationError as error:
        return str(error)
    return ""


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """A private key, with `locked` and `cut` beside it."""
    made = asyncssh.generate_private_key("ssh-ed25519")
    path = tmp_path / "key"
    made.write_private_key(path)
    made.write_private_key(tmp_path / "locked", "pkcs8-pem", passphrase="canary-phrase")
    (tmp_path / "cut").write_bytes(path.read_bytes()[:100])
    return path


def certificate(path: Path, key: Path) -> Path:
    """A certificate for a key, made by an authority of its own."""
    authority = asyncssh.generate_private_key("ssh-ed25519")
    made = authority.generate_user_certificate(
        asyncssh.read_private_key(key), "c", principals=["u"]
    )
    made.write_certificate(path)
    return path


def test_a_user_is_needed() -> None:
    assert "ssh_username is missing" in problem(ssh_username="")
    assert problem(ssh_username="", communicator="none") == ""


def test_winrm_is_refused_with_the_reason() -> None:
    assert "oxtui reaches machines over SSH alone, not over WinRM" in problem(communicator="winrm")


def test_a_key_file_is_looked_into(tmp_path: Path, key: Path) -> None:
    assert problem(ssh_private_key_file=str(key)) == ""
    assert problem(ssh_private_key_file=str(tmp_path / "locked")) == ""
    assert "is no file" in problem(ssh_private_key_file=str(tmp_path / "no"))
    assert "is no private key that can be read" in problem(
        ssh_private_key_file=str(tmp_path / "cut")
    )
    assert "cannot be read" in private_key_problem(str(tmp_path))
    assert problem(communicator="none", ssh_private_key_file="/no") == ""


@pytest.mark.parametrize("kind", ["ssh", "ssh_bastion"])
def test_a_certificate_goes_with_its_own_key(tmp_path: Path, key: Path, kind: str) -> None:
    mine = certificate(tmp_path / "mine", key)
    other = tmp_path / "other"
    asyncssh.generate_private_key("ssh-ed25519").write_private_key(other)
    options = {f"{kind}_certificate_file": str(mine), "ssh_bastion_host": "b"}
    options |= {"ssh_bastion_password": "p"}
    names = f"{kind}_certificate_file", f"{kind}_private_key_file"
    assert "{} needs {}".format(*names) in problem(**options)
    assert problem(**options, **{names[1]: str(key)}) == ""
    assert "is for another key than" in problem(**options, **{names[1]: str(other)})
    assert "is no certificate that can be read" in problem(**{**options, names[0]: str(key)})


def test_a_bastion_has_a_way_in_of_its_own_or_the_guest_s(key: Path) -> None:
    assert "the bastion needs ssh_bastion_password" in problem(ssh_bastion_host="b")
    for given in (
        {"ssh_bastion_password": "p"},
        {"ssh_bastion_agent_auth": True},
        {"ssh_private_key_file": str(key)},
    ):
        assert problem(ssh_bastion_host="b", **given) == ""
    options = SshOptions(ssh_username="u", ssh_private_key_file=str(key), ssh_bastion_host="b")
    assert options.bastion_key_files == (str(key), "")


def test_bastion_and_proxy_are_two_ways() -> None:
    told = problem(ssh_bastion_host="b", ssh_bastion_password="p", ssh_proxy_host="s")
    assert "cannot stand together; keep one" in told


@pytest.mark.parametrize(
    "text", ["x:1", "80", "a:h:1", "80:h:b", "80::1", "0:h:1", "80:h:70000", "1:::1:2"]
)
@pytest.mark.parametrize("name", ["ssh_local_tunnels", "ssh_remote_tunnels"])
def test_a_tunnel_has_a_form(name: str, text: str) -> None:
    assert "write PORT:HOST:PORT" in problem(**{name: ["8080:localhost:80", text]})


def test_a_tunnel_may_lead_to_an_ipv6_address() -> None:
    assert parse_tunnel("8080:[::1]:80") == Tunnel(8080, "::1", 80)
    assert parse_tunnel("8080:localhost:80") == Tunnel(8080, "localhost", 80)


def test_algorithms_that_are_not_known_are_passed_over_as_long_as_one_is_left() -> None:
    ciphers = ["aes256-ctr", "rot13", "aes128-gcm@openssh.com"]
    assert problem(ssh_ciphers=ciphers) == ""
    known = algorithm_arguments(ciphers, [])
    assert known == {"encryption_algs": ["aes256-ctr", "aes128-gcm@openssh.com"]}
    assert "none of rot13 is known here" in problem(ssh_key_exchange_algorithms=["rot13"])


@pytest.mark.parametrize(
    ("given", "patience"),
    [
        ({}, (120.0, 10)),
        ({"ssh_timeout": "1m"}, (60.0, 0)),
        ({"ssh_handshake_attempts": 3}, (0.0, 3)),
        ({"ssh_timeout": "1m", "ssh_handshake_attempts": 3}, (60.0, 3)),
        ({"ssh_timeout": "0", "ssh_handshake_attempts": 0}, (120.0, 10)),
    ],
)
def test_patience_defaults_only_where_neither_is_given(
    given: dict[str, Any], patience: tuple[float, int]
) -> None:
    assert SshOptions(ssh_username="u", **given).patience(120.0) == patience


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        ({}, 15.0),
        ({"ssh_keep_alive_interval": "2s"}, 6.0),
        ({"ssh_keep_alive_interval": "0"}, 15.0),
        ({"ssh_keep_alive_interval": "-1s"}, 0.0),
        ({"ssh_read_write_timeout": "6s"}, 6.0),
        ({"ssh_keep_alive_interval": "-1s", "ssh_read_write_timeout": "60s"}, 60.0),
        ({"ssh_read_write_timeout": "5m"}, 15.0),
    ],
)
def test_silence_is_borne_for_three_messages_or_the_limit(
    given: dict[str, Any], seconds: float
) -> None:
    assert SshOptions(ssh_username="u", **given).silence == seconds


def test_durations_may_be_negative_as_go_has_them() -> None:
    assert [parse_duration(text) for text in ("-1s", "-1m30s", "-1", "0")] == [-1.0, -90.0, -1.0, 0]


def test_the_null_builder_checks_them_too() -> None:
    with pytest.raises(ValidationError, match="two ways"):
        NullOptions(
            ssh_username="u", ssh_host="h", ssh_password="p",
            ssh_bastion_host="b", ssh_bastion_password="p", ssh_proxy_host="s",
        )  # fmt: skip
