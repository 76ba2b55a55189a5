"""Options of the null builder: those of the communicator, and nothing else."""

from __future__ import annotations

from typing import ClassVar

from oxtui.communicators.ssh.options import SshOptions

_LOGINS = ("ssh_password", "ssh_private_key_file", "ssh_agent_auth")


class NullOptions(SshOptions):
    """A machine that is there already, or none; nothing is made and nothing is captured."""

    documentation: ClassVar[str] = "https://developer.hashicorp.com/packer/docs/builders/null"

    def login_problems(self) -> list[str]:
        """What is missing to log in: nothing is found out or made here, so all of it has to be written."""
        problems = super().login_problems()
        if not self.ssh_host:
            problems.append(
                'ssh_host is missing; write the machine\'s address, or communicator = "none" if there '
                "is no machine"
            )
        given = [name for name in _LOGINS if getattr(self, name)]
        if len(given) != 1:
            *others, last = _LOGINS
            found = f", not {' and '.join(given)}" if given else "; none is there"
            problems.append(f"give exactly one of {', '.join(others)} and {last}{found}")
        return problems
