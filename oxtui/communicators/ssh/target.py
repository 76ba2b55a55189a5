"""Where to log in, with what, and through what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import asyncssh

from oxtui.communicators.ssh.algorithms import algorithm_arguments
from oxtui.communicators.ssh.ciphers import CIPHERS
from oxtui.communicators.ssh.host_keys import HostKeyPin
from oxtui.communicators.ssh.keys import NoPassphrase, read_certificate, read_private_key
from oxtui.communicators.ssh.login import Answer, Secrets
from oxtui.communicators.ssh.options import DEFAULT_WAIT, SshOptions


@dataclass(slots=True)
class Target:
    """A machine and the way to it.

    Attributes:
        host: Its address.
        private_key: Of the temporary key pair, in OpenSSH form; empty if there is none.
        look_at: Where an operator finds out why the login fails.
        pin: Which host key it may show.
        bastion_pin: The same of the bastion.
        keys: Private keys that were opened already, by their files as the template names them.
        agent: Path of the SSH agent's socket; empty where there is no agent.
        answer: Asks the operator what a bastion asks.
        default_wait: Seconds to wait for a login where the template says nothing of it.
    """

    host: str
    options: SshOptions
    private_key: str = field(default="", repr=False)
    look_at: str = "the serial console"
    pin: HostKeyPin = field(default_factory=HostKeyPin)
    bastion_pin: HostKeyPin = field(default_factory=HostKeyPin)
    keys: Mapping[str, asyncssh.SSHKey] = field(default_factory=dict, repr=False)
    agent: str = ""
    answer: Answer | None = field(default=None, repr=False)
    default_wait: float = DEFAULT_WAIT

    @property
    def place(self) -> str:
        """`user@host port N`, for messages."""
        return f"{self.options.ssh_username}@{self.host} port {self.options.ssh_port}"

    @property
    def bastion_place(self) -> str:
        """The same of the bastion."""
        options = self.options
        return f"{self.bastion_user}@{options.ssh_bastion_host} port {options.ssh_bastion_port}"

    @property
    def bastion_user(self) -> str:
        """Who logs in to the bastion."""
        return self.options.ssh_bastion_username or self.options.ssh_username

    @property
    def patience(self) -> tuple[float, int]:
        """Seconds to wait for a login, and refusals to take; 0 is without end."""
        return self.options.patience(self.default_wait)

    @property
    def forwards_agent(self) -> bool:
        """Only with `ssh_agent_auth`: a guest that can use an agent can act as its owner (Packer: always)."""
        options = self.options
        return options.ssh_agent_auth and not options.ssh_disable_agent_forwarding

    def secrets(self) -> Secrets:
        """What the machine is logged in to with; reads files.

        Raises:
            ValueError: a key or a certificate cannot be read.
        """
        options = self.options
        keys = self._keys(options.ssh_private_key_file, options.ssh_certificate_file)
        if self.private_key:
            keys.append((asyncssh.import_private_key(self.private_key), None, "temporary"))
        agent = self._agent("ssh_agent_auth")
        return Secrets(options.ssh_username, keys, options.ssh_password, agent)

    def bastion_secrets(self) -> Secrets:
        """What the bastion is logged in to with; reads files.

        Raises:
            ValueError: a key or a certificate cannot be read.
        """
        options = self.options
        keys = self._keys(*options.bastion_key_files)
        agent = self._agent("ssh_bastion_agent_auth")
        answer = self.answer if options.ssh_bastion_interactive else None
        return Secrets(self.bastion_user, keys, options.ssh_bastion_password, agent, answer)

    def _agent(self, option: str) -> str:
        if not getattr(self.options, option):
            return ""
        if not self.agent:
            raise ValueError(
                f"{option} needs an SSH agent, and SSH_AUTH_SOCK names none. Start one and load a key "
                "with ssh-add, or name a key file."
            )
        return self.agent

    def _keys(
        self, file: str, certificate: str
    ) -> list[tuple[asyncssh.SSHKey, asyncssh.SSHCertificate | None, str]]:
        if not file:
            return []
        try:
            key = self.keys.get(file) or read_private_key(file)
        except NoPassphrase:
            raise ValueError(f"{file} is locked with a passphrase, and nobody opened it") from None
        return [(key, read_certificate(certificate) if certificate else None, file)]

    def connection_arguments(self) -> dict[str, Any]:
        """What asyncssh is told of the connection to the machine, beside the login."""
        options = self.options
        return {
            "encryption_algs": CIPHERS,
            **algorithm_arguments(options.ssh_ciphers, options.ssh_key_exchange_algorithms),
            "agent_forwarding": (self.agent or False) if self.forwards_agent else False,
            "keepalive_interval": options.silence / 3,
        }
