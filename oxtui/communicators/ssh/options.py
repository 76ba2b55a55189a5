"""Options of the SSH communicator, by Packer's names and with Packer's defaults (packer.md part 4)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar, Literal, Self

from pydantic import field_validator, model_validator

from oxtui.component.options import Duration, Options, option

GROUP = "SSH"


class SshOptions(Options):
    """How to reach the machine; builders inherit these beside their own options."""

    documentation: ClassVar[str] = "https://developer.hashicorp.com/packer/docs/communicators/ssh"

    older_names: ClassVar[Mapping[str, str]] = {"ssh_wait_timeout": "ssh_timeout"}

    communicator: Literal["ssh", "none"] = option(
        "ssh", help="How the machine is reached; none leaves it alone.", group=GROUP
    )
    ssh_username: str = option(
        "", help="User to log in as, such as the image's default user.", group=GROUP
    )
    ssh_host: str = option("", help="Address to connect to; the builder fills it in.", group=GROUP)
    ssh_port: int = option(22, help="Port of the guest's SSH server.", ge=1, le=65535, group=GROUP)
    ssh_password: str = option(
        "", help="Password to log in with; no temporary key is made then.", secret=True, group=GROUP
    )
    ssh_private_key_file: str = option(
        "",
        help="Private key to log in with, instead of a temporary one.",
        lookup="file",
        group=GROUP,
    )
    ssh_certificate_file: str = option(
        "", help="Certificate that goes with the private key.", lookup="file", group=GROUP
    )
    ssh_agent_auth: bool = option(False, help="Log in with the keys of the SSH agent.", group=GROUP)
    temporary_key_pair_name: str = option(
        "", help="Name of the temporary SSH key object; unique for each run if empty.", group=GROUP
    )
    temporary_key_pair_type: Literal["ed25519", "rsa", "ecdsa"] = option(
        "ed25519", help="Kind of the temporary key.", group=GROUP
    )
    temporary_key_pair_bits: int = option(
        0, help="Bits of the temporary key: rsa 4096, ecdsa 521 if 0.", ge=0, group=GROUP
    )
    ssh_timeout: Duration = option(
        300.0, help="How long to wait for the guest's SSH server.", unit="seconds", group=GROUP
    )
    ssh_handshake_attempts: int = option(
        10, help="Refused logins before giving up; 0 never gives up.", ge=0, group=GROUP
    )
    ssh_keep_alive_interval: Duration = option(
        5.0, help="Time between keep-alive messages; 0 or less is off.", unit="seconds", group=GROUP
    )
    ssh_pty: bool = option(False, help="Run commands on a terminal.", group=GROUP)
    ssh_file_transfer_method: Literal["scp", "sftp"] = option(
        "scp",
        help="How files are copied; oxtui streams single files over either.",
        group=GROUP,
    )
    ssh_clear_authorized_keys: bool = option(
        False, help="Remove the temporary key from authorized_keys before the capture.", group=GROUP
    )
    pause_before_connecting: Duration = option(
        0.0, help="Pause before the first connection.", unit="seconds", group=GROUP
    )

    @field_validator("ssh_private_key_file", "ssh_certificate_file")
    @classmethod
    def _existing_file(cls, value: str) -> str:
        path = Path(value).expanduser()
        if value and not path.is_file():
            raise ValueError(f"{path} is no file; name an existing one")
        return value

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if self.communicator != "none" and (problems := self.login_problems()):
            raise ValueError(" ".join(f"{problem}." for problem in problems).removesuffix("."))
        return self

    def login_problems(self) -> list[str]:
        """What is missing to log in, each without a full stop."""
        if self.ssh_username:
            return []
        return [
            'ssh_username is missing; write the user to log in as, such as the image\'s default "ubuntu"'
        ]

    @property
    def needs_temporary_key(self) -> bool:
        """A key pair is made only when nothing else could log in (oxide-builder.md)."""
        return not (self.ssh_password or self.ssh_private_key_file or self.ssh_agent_auth)
