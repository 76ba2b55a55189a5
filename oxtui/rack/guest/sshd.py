"""The SSH server of an instance: public keys only, as cloud images have it."""

from __future__ import annotations

import functools
import socket
from pathlib import Path

import asyncssh

from oxtui.rack.guest.session import Session
from oxtui.rack.guest.system import System

KEY_TYPES = {"ecdsa": "ecdsa-sha2-nistp256", "ed25519": "ssh-ed25519"}
"""Host keys that a first boot makes: name in the file's name -> algorithm."""


class SshServer:
    """Serves SSH on a listening socket until it is closed."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._connections: set[asyncssh.SSHServerConnection] = set()
        self._acceptor: asyncssh.SSHAcceptor | None = None

    async def start(self, listener: socket.socket, host_keys: list[asyncssh.SSHKey]) -> None:
        """Begins to accept connections on a bound socket."""
        self._acceptor = await asyncssh.listen(
            sock=listener,
            server_factory=functools.partial(_Login, self._system, self._connections),
            server_host_keys=host_keys,
            encoding=None,
            line_editor=False,
            agent_forwarding=True,
            x11_forwarding=False,
            gss_host=None,
            password_auth=False,
            kbdint_auth=False,
            host_based_auth=False,
        )

    def stop(self) -> None:
        """Closes the listener and drops every connection, as a machine that goes down does."""
        if self._acceptor is not None:
            self._acceptor.close()
        for connection in list(self._connections):
            connection.abort()


class _Login(asyncssh.SSHServer):
    """Decides who may log in: who has a key in the account's ~/.ssh/authorized_keys."""

    def __init__(self, system: System, connections: set[asyncssh.SSHServerConnection]) -> None:
        self._system = system
        self._connections = connections
        self._connection: asyncssh.SSHServerConnection | None = None

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        """Remembers the connection, so that a reboot can drop it."""
        self._connection = conn
        self._connections.add(conn)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forgets the connection."""
        if self._connection is not None:
            self._connections.discard(self._connection)

    def begin_auth(self, username: str) -> bool:
        """Loads the account's keys from its disk as they are now; every login needs one."""
        account = self._system.account(username)
        if account is not None and account.may_log_in and self._connection is not None:
            keys = Path(self._system.path(account.home), ".ssh/authorized_keys")
            try:
                if keys.stat().st_size:
                    self._connection.set_authorized_keys(str(keys))
            except (ValueError, OSError) as error:
                self._connection.logger.info("No keys of %s: %s", username, error)
        return True

    def session_requested(self) -> Session | bool:
        """A session for the account as it is now; refused when it has gone since the login."""
        if self._connection is None:
            return False
        account = self._system.account(self._connection.get_extra_info("username"))
        return False if account is None else Session(self._system, account)

    def connection_requested(
        self, dest_host: str, dest_port: int, orig_host: str, orig_port: int
    ) -> bool:
        """Lets clients forward ports to what the instance reaches."""
        return True

    def server_requested(self, listen_host: str, listen_port: int) -> bool:
        """Lets clients listen inside, on loopback only (GatewayPorts no)."""
        return listen_host in {"localhost", "127.0.0.1", "::1"}
