"""What a login runs: arguments, environment, folder, from what the client asked for."""

from __future__ import annotations

import os
from dataclasses import dataclass

import asyncssh

from oxtui.rack.guest.accounts import Account
from oxtui.rack.guest.system import System

_ACCEPTED = ("LANG", "LC_")
"""Variables that a client may set: AcceptEnv of the distributions' sshd_config."""


@dataclass(frozen=True, slots=True)
class Order:
    """A program to start for a session."""

    command: list[str]
    environment: dict[str, str]
    folder: str


def order(
    system: System,
    account: Account,
    process: asyncssh.SSHServerProcess[bytes],
    terminal_name: str | None,
) -> Order:
    """The program of a session; without a command it is a login shell.

    terminal_name: name of the session's terminal inside, "" where it has none; None without one.
    """
    environment = system.environment(account)
    for name, value in process.env.items():
        if name.startswith(_ACCEPTED):
            environment[name] = value
    peer, own = process.get_extra_info("peername"), process.get_extra_info("sockname")
    environment["SSH_CLIENT"] = f"{peer[0]} {peer[1]} {own[1]}"
    environment["SSH_CONNECTION"] = f"{peer[0]} {peer[1]} {own[0]} {own[1]}"
    if terminal_name is not None:
        environment["TERM"] = process.term_type or "dumb"
    if terminal_name:
        environment["SSH_TTY"] = terminal_name
    agent = process.channel.get_agent_path()
    if agent:
        _give(os.path.dirname(agent), system.runs_as(account))
        _give(agent, system.runs_as(account))
        environment["SSH_AUTH_SOCK"] = agent
    home = system.path(account.home)
    folder = home if os.path.isdir(home) else str(system.root)
    if process.command is None:
        return Order([f"-{os.path.basename(account.shell)}"], environment, folder)
    command = system.translate(process.command)
    return Order([account.shell, "-c", command], environment, folder)


def _give(path: str, account: Account | None) -> None:
    if account is not None:
        os.chown(path, account.uid, account.gid)
