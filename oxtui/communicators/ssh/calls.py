"""Each thing asked of a guest's SSH server, told so that it can be looked at and done again by hand."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from oxtui.communicators.ssh.options import SshOptions
from oxtui.component.events import SshCalled
from oxtui.component.protocols import ExitStatus

Operation = Literal["connect", "run", "shell", "sftp"]


@dataclass(frozen=True, slots=True)
class SshCall:
    """One login, command, shell or SFTP session.

    Attributes:
        operation: What was asked.
        place: `user@host port N`.
        seconds: Until the command ended; for a login, shell or SFTP session, until it was open.
        command: What the guest's login shell ran; empty where nothing was named.
        status: How the command ended; None where it was cut off here.
        error: Why a login failed.
        ssh: The same with the `ssh` command. A temporary key is not in it: it is no file.
    """

    operation: Operation
    place: str
    seconds: float
    command: str = ""
    status: ExitStatus | None = None
    error: str = ""
    ssh: str = ""


OnCall = Callable[[SshCall], None]


def ssh_command(
    host: str, options: SshOptions, command: str = "", *, terminal: bool = False
) -> str:
    """The `ssh` command that runs `command`, or a shell, on the guest."""
    words = ["ssh"]
    if options.ssh_port != 22:
        words += ["-p", str(options.ssh_port)]
    if options.ssh_private_key_file:
        words += ["-i", options.ssh_private_key_file]
    if options.ssh_certificate_file:
        words += ["-o", f"CertificateFile={options.ssh_certificate_file}"]
    words += _way(options)
    if terminal and command:
        words.append("-t")
    words.append(f"{options.ssh_username}@{host}")
    return shlex.join([*words, command] if command else words)


def _way(options: SshOptions) -> list[str]:
    """How `ssh` is told of a bastion or a proxy; the key of a bastion has to be in an agent."""
    if options.ssh_bastion_host:
        user = options.ssh_bastion_username or options.ssh_username
        return ["-J", f"{user}@{options.ssh_bastion_host}:{options.ssh_bastion_port}"]
    if options.ssh_proxy_host:
        proxy = f"{options.ssh_proxy_host}:{options.ssh_proxy_port}"
        return ["-o", f"ProxyCommand=nc -X 5 -x {proxy} %h %p"]
    return []


def ssh_called(call: SshCall, *, time: float, build: str) -> SshCalled:
    """The event that tells of a call; `time` in Unix seconds, `build` its build's name."""
    ending = call.status
    cut_off = call.operation == "run" and ending is None
    lost = "" if ending is None or ending.status is not None else str(ending)
    return SshCalled(
        time=time,
        build=build,
        operation=call.operation,
        place=call.place,
        text=call.command,
        seconds=call.seconds,
        status=None if ending is None else ending.status,
        error=call.error or lost or ("cut off" if cut_off else ""),
        command=call.ssh,
    )
