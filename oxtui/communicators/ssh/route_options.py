"""Options of the way to the machine: a bastion, a proxy, tunnels beside it (packer.md part 4)."""

from __future__ import annotations

from pydantic import field_validator

from oxtui.communicators.ssh.login_options import LoginOptions
from oxtui.communicators.ssh.tunnels import parse_tunnel
from oxtui.component.options import option

BASTION = "SSH bastion"
PROXY = "SSH proxy and tunnels"


class RouteOptions(LoginOptions):
    """How connections get to the machine."""

    ssh_bastion_host: str = option(
        "", help="SSH server through which the machine is reached.", group=BASTION
    )
    ssh_bastion_port: int = option(
        22, help="Port of the bastion's SSH server.", ge=1, le=65535, group=BASTION
    )
    ssh_bastion_username: str = option(
        "", help="User of the bastion; ssh_username if empty.", group=BASTION
    )
    ssh_bastion_password: str = option(
        "", help="Password on the bastion.", secret=True, group=BASTION
    )
    ssh_bastion_interactive: bool = option(
        False, help="Ask you what the bastion asks (keyboard-interactive).", group=BASTION
    )
    ssh_bastion_agent_auth: bool = option(
        False, help="Log in to the bastion with the keys of the SSH agent.", group=BASTION
    )
    ssh_bastion_private_key_file: str = option(
        "", help="Private key for the bastion; ssh_private_key_file if empty.",
        lookup="files", group=BASTION,
    )  # fmt: skip
    ssh_bastion_certificate_file: str = option(
        "", help="Certificate that goes with the bastion's key.", lookup="files", group=BASTION
    )
    ssh_proxy_host: str = option(
        "", help="SOCKS5 proxy through which the machine is reached.", group=PROXY
    )
    ssh_proxy_port: int = option(1080, help="Port of the proxy.", ge=1, le=65535, group=PROXY)
    ssh_proxy_username: str = option("", help="User of the proxy, where it asks.", group=PROXY)
    ssh_proxy_password: str = option("", help="Password on the proxy.", secret=True, group=PROXY)
    ssh_local_tunnels: list[str] = option(
        list, help="PORT:HOST:PORT; a port of this machine that leads to one the guest reaches.",
        group=PROXY,
    )  # fmt: skip
    ssh_remote_tunnels: list[str] = option(
        list, help="PORT:HOST:PORT; a port of the guest that leads to one this machine reaches.",
        group=PROXY,
    )  # fmt: skip

    @field_validator("ssh_local_tunnels", "ssh_remote_tunnels")
    @classmethod
    def _tunnels(cls, value: list[str]) -> list[str]:
        for text in value:
            parse_tunnel(text)
        return value
