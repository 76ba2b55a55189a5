"""Options of the SSH communicator: what is checked before anything runs, and what follows from them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Self

from pydantic import ValidationInfo, field_validator, model_validator

from oxtui.communicators.ssh.login_options import GROUP
from oxtui.communicators.ssh.route_options import RouteOptions

__all__ = ["GROUP", "SshOptions"]

DEFAULT_ATTEMPTS = 10
DEFAULT_WAIT = 300.0
"""Seconds, as Packer has it."""


class SshOptions(RouteOptions):
    """How to reach the machine; builders inherit these beside their own options."""

    @field_validator("communicator", mode="before")
    @classmethod
    def _known_communicator(cls, value: Any) -> Any:
        if value == "winrm":
            raise ValueError(
                "oxtui reaches machines over SSH alone, not over WinRM; install an SSH server in the "
                'guest and write "ssh", or build this template with packer'
            )
        return value

    @field_validator(
        "ssh_private_key_file", "ssh_certificate_file",
        "ssh_bastion_private_key_file", "ssh_bastion_certificate_file",
    )  # fmt: skip
    @classmethod
    def _usable_file(cls, value: str, info: ValidationInfo) -> str:
        if not value or info.data.get("communicator") == "none":
            return value
        path = Path(value).expanduser()
        if not path.is_file():
            raise ValueError(f"{path} is no file; name an existing one")
        # Heavy, and needed only where a key is named.
        from oxtui.communicators.ssh.keys import certificate_problem, private_key_problem

        check = (
            certificate_problem if "certificate" in str(info.field_name) else private_key_problem
        )
        if problem := check(value):
            raise ValueError(problem)
        return value

    @field_validator("ssh_ciphers", "ssh_key_exchange_algorithms")
    @classmethod
    def _known_algorithms(cls, value: list[str], info: ValidationInfo) -> list[str]:
        if value:
            from oxtui.communicators.ssh.algorithms import usable

            usable(str(info.field_name), value)
        return value

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if self.communicator != "none" and (problems := self.login_problems()):
            raise ValueError(" ".join(f"{problem}." for problem in problems).removesuffix("."))
        return self

    def login_problems(self) -> list[str]:
        """What is missing or contradictory to log in, each without a full stop."""
        problems = []
        if not self.ssh_username:
            problems.append(
                "ssh_username is missing; write the user to log in as, such as the image's default "
                '"ubuntu"'
            )
        for kind in ("ssh", "ssh_bastion"):
            if getattr(self, f"{kind}_certificate_file"):
                problems += self._certificate_problems(kind)
        if self.ssh_bastion_host and self.ssh_proxy_host:
            problems.append(
                "ssh_bastion_host and ssh_proxy_host cannot stand together; keep one of the two ways"
            )
        if self.ssh_bastion_host and not (
            self.ssh_bastion_password or self.ssh_bastion_agent_auth or self.bastion_key_files[0]
        ):
            problems.append(
                "the bastion needs ssh_bastion_password, ssh_bastion_private_key_file or "
                "ssh_bastion_agent_auth; write one of them"
            )
        return problems

    def _certificate_problems(self, kind: str) -> list[str]:
        key = getattr(self, f"{kind}_private_key_file")
        if not key:
            return [
                f"{kind}_certificate_file needs {kind}_private_key_file; name the key that it is for"
            ]
        from oxtui.communicators.ssh.keys import mismatch_problem

        problem = mismatch_problem(key, getattr(self, f"{kind}_certificate_file"))
        return [f"{kind}_certificate_file: {problem}"] if problem else []

    @property
    def needs_temporary_key(self) -> bool:
        """A key pair is made only when nothing else could log in (oxide-builder.md)."""
        if self.communicator == "none":
            return False
        return not (self.ssh_password or self.ssh_private_key_file or self.ssh_agent_auth)

    @property
    def bastion_key_files(self) -> tuple[str, str]:
        """Private key and certificate for the bastion: the guest's where it has no key of its own."""
        if self.ssh_bastion_private_key_file:
            return self.ssh_bastion_private_key_file, self.ssh_bastion_certificate_file
        return self.ssh_private_key_file, self.ssh_certificate_file

    def patience(self, default: float) -> tuple[float, int]:
        """Seconds to wait for a login and refusals to take before giving up; 0 is without end.

        As in Packer 1.16, one that is given alone leaves the other one out; `default` (seconds) and
        ten refusals are for templates that give neither. The older ssh_wait_timeout counts as ssh_timeout.
        """
        given = self.model_fields_set
        seconds = self.ssh_timeout if "ssh_timeout" in given else 0.0
        attempts = self.ssh_handshake_attempts if "ssh_handshake_attempts" in given else 0
        if seconds <= 0 and not attempts:
            return default, DEFAULT_ATTEMPTS
        return max(seconds, 0.0), attempts

    @property
    def silence(self) -> float:
        """Seconds of silence after which the machine counts as gone; 0 never.

        Three keep-alive messages without an answer, or ssh_read_write_timeout where that is shorter.
        """
        interval = self.ssh_keep_alive_interval or 5.0  # 0 is the default, as Packer has it
        limits = [3 * interval, self.ssh_read_write_timeout]
        return min((limit for limit in limits if limit > 0), default=0.0)
