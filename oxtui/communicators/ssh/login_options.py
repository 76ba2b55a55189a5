"""Options of logging in to the machine itself, by Packer's names and with Packer's defaults (packer.md part 4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from oxtui.component.options import Duration, Options, option

GROUP = "SSH"


class LoginOptions(Options):
    """Who logs in, with what, and how patiently."""

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
        help="Private key to log in with, instead of a temporary one; a passphrase is asked for.",
        lookup="files",
        group=GROUP,
    )
    ssh_certificate_file: str = option(
        "", help="Certificate that goes with the private key.", lookup="files", group=GROUP
    )
    ssh_agent_auth: bool = option(False, help="Log in with the keys of the SSH agent.", group=GROUP)
    ssh_disable_agent_forwarding: bool = option(
        False, help="Keep the SSH agent here; it is lent to the guest with ssh_agent_auth alone.",
        group=GROUP,
    )  # fmt: skip
    ssh_keypair_name: str = option(
        "", help="Name of a key pair of a cloud; an Oxide rack's are named in ssh_public_keys.",
        lookup="keypairs", by="name", group=GROUP,
    )  # fmt: skip
    temporary_key_pair_name: str = option(
        "", help="Name of the temporary SSH key object; unique for each run if empty.", group=GROUP
    )
    temporary_key_pair_type: Literal["ed25519", "rsa", "ecdsa", "dsa"] = option(
        "ed25519", help="Kind of the temporary key; SSH servers of today refuse dsa.", group=GROUP
    )
    temporary_key_pair_bits: int = option(
        0, help="Bits of the temporary key: rsa 4096, ecdsa 521 if 0.", ge=0, group=GROUP
    )
    ssh_timeout: Duration = option(
        300.0, help="How long to wait for the guest's SSH server; alone, refusals are not counted.",
        unit="seconds", group=GROUP,
    )  # fmt: skip
    ssh_handshake_attempts: int = option(
        10, help="Refused logins before giving up; alone, it waits for a server without end.",
        ge=0, group=GROUP,
    )  # fmt: skip
    ssh_keep_alive_interval: Duration = option(
        5.0, help="Time between keep-alive messages; below 0 it is off, 0 is the default.",
        unit="seconds", group=GROUP,
    )  # fmt: skip
    ssh_read_write_timeout: Duration = option(
        0.0, help="A guest that is silent for so long counts as gone; 0 is off.",
        unit="seconds", group=GROUP,
    )  # fmt: skip
    ssh_pty: bool = option(False, help="Run commands on a terminal.", group=GROUP)
    ssh_file_transfer_method: Literal["scp", "sftp"] = option(
        "scp",
        help="How files are copied: scp streams them through the guest's shell and tar, sftp needs neither.",
        group=GROUP,
    )
    ssh_ciphers: list[str] = option(
        list, help="Ciphers to offer, instead of the usual ones.", group=GROUP
    )
    ssh_key_exchange_algorithms: list[str] = option(
        list, help="Key exchanges to offer, instead of the usual ones.", group=GROUP
    )
    ssh_clear_authorized_keys: bool = option(
        False, help="Remove the temporary key from authorized_keys before the capture.", group=GROUP
    )
    pause_before_connecting: Duration = option(
        0.0, help="Pause before the first connection.", unit="seconds", group=GROUP
    )
