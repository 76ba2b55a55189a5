"""One login: what is offered to a server, what it asks for, and why it refuses."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import asyncssh

from oxtui.communicators.ssh.host_keys import HostKeyPin, fingerprint
from oxtui.communicators.ssh.keys import key_words

Answer = Callable[[str], Awaitable[str]]
"""The answer to a question of a server, from whoever follows the build."""

_METHODS = ("publickey", "password", "keyboard-interactive", "hostbased", "gssapi-with-mic")
"""In the order in which they are tried; the last two only so that they are told as offered."""
LOGIN_LIMIT = 60.0
"""Seconds for a handshake, as Packer has it."""


class LoginRefused(Exception):
    """The server takes nothing of what was offered; the text says what and who."""


@dataclass(frozen=True, slots=True)
class Secrets:
    """What a login is tried with, before an agent was asked for its keys.

    Attributes:
        user: Who logs in.
        keys: Private keys with the certificates that go with them, and how to name them.
        password: Also the answer to each question of keyboard-interactive.
        agent: Path of the agent's socket; empty if it is not used.
        answer: Asks the operator what the server asks; None where the password answers.
    """

    user: str
    keys: Sequence[tuple[asyncssh.SSHKey, asyncssh.SSHCertificate | None, str]] = ()
    password: str = field(default="", repr=False)
    agent: str = ""
    answer: Answer | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Identity:
    """What a login is tried with, in the order agent, keys, password, keyboard-interactive."""

    secrets: Secrets
    pairs: Sequence[Any] = ()
    """For asyncssh."""
    names: Sequence[str] = ()
    """The keys, as an operator tells them apart."""

    @property
    def offers(self) -> str:
        """All of it in words."""
        offered = [f"the key {name}" for name in self.names]
        if self.secrets.password:
            offered.append("a password")
        if self.secrets.answer is not None:
            offered.append("your answers")
        return ", ".join(offered) or "nothing"


@asynccontextmanager
async def identity(secrets: Secrets) -> AsyncIterator[Identity]:
    """What is offered, with the keys of the agent while the block runs.

    Raises:
        ValueError: the agent cannot be reached, or does not answer as one.
    """
    pairs: list[Any] = []
    names: list[str] = []
    agent = None
    try:
        if secrets.agent:
            try:
                agent = await asyncssh.connect_agent(secrets.agent)
                theirs = await agent.get_keys()
            except (OSError, ValueError) as error:
                raise ValueError(
                    f"the SSH agent at {secrets.agent} cannot be asked for its keys ({error}). Start "
                    "one, load a key with ssh-add, and let SSH_AUTH_SOCK name it."
                ) from None
            for pair in theirs:
                pairs.append(pair)
                seen = fingerprint(pair.key_public_data)
                name = f"{pair.get_comment() or 'unnamed'} of the agent"
                names.append(key_words(pair.key_algorithm.decode(), seen, name))
        for key, certificate, name in secrets.keys:
            pairs.append(key if certificate is None else (key, certificate))
            name = name if certificate is None else f"{name}, certified"
            names.append(key_words(key.get_algorithm(), key.get_fingerprint(), name))
        yield Identity(secrets, pairs, names)
    finally:
        if agent is not None:
            agent.close()
            await agent.wait_closed()


class Login(asyncssh.SSHClient):
    """The callbacks of asyncssh during one login."""

    def __init__(self, identity: Identity, pin: HostKeyPin) -> None:
        self._identity = identity
        self._pin = pin
        self._connection: asyncssh.SSHClientConnection | None = None
        self._asked = False
        self.phase = "the server accepts connections and has not sent its SSH version"
        """Where a login that takes long stands."""
        self.methods: Sequence[str] = ()
        """What the server takes."""

    def refusal(self, error: asyncssh.DisconnectError) -> LoginRefused | None:
        """Why the server let nobody in; None where the login ended for another reason."""
        if isinstance(error, asyncssh.PermissionDenied):
            takes = ", ".join(self.methods) or "nothing that oxtui knows"
            said = f"the server takes {takes}"
        elif "authentication" in error.reason:  # it counts, and hangs up when it has had enough
            said = f"the server says: {error.reason}"
        else:
            return None
        user = self._identity.secrets.user
        return LoginRefused(f'user "{user}" offered {self._identity.offers}; {said}')

    def connection_made(self, conn: asyncssh.SSHClientConnection) -> None:
        """The server can be reached."""
        self._connection = conn

    def connection_lost(self, exc: Exception | None) -> None:
        """Keeps the reason with the connection, for whoever finds it closed."""
        if self._connection is not None and exc is not None:
            self._connection.set_extra_info(lost=str(exc))

    def validate_host_public_key(
        self, host: str, addr: str, port: int, key: asyncssh.SSHKey
    ) -> bool:
        """Called during the handshake."""
        self.phase = "the handshake with the server does not end"
        return self._pin.accepts(key.get_fingerprint())

    def begin_auth(self, username: str) -> None:
        """The handshake is done."""
        self.phase = "the server does not say whether the login is right"

    def public_key_auth_requested(self) -> None:
        """All keys were refused, or there is none."""
        self._heard_methods()

    def password_auth_requested(self) -> None:
        """The password was refused, or there is none."""
        self._heard_methods()

    def kbdint_auth_requested(self) -> str | None:
        """Keyboard-interactive is the way that is left; it is gone once."""
        self._heard_methods()
        secrets = self._identity.secrets
        if self._asked or not (secrets.password or secrets.answer):
            return None
        self._asked = True
        return ""

    async def kbdint_challenge_received(
        self, name: str, instructions: str, lang: str, prompts: Sequence[tuple[str, bool]]
    ) -> Sequence[str]:
        """Each question is answered by the operator where that was asked for, else by the password."""
        secrets = self._identity.secrets
        if secrets.answer is None:
            return [secrets.password for _ in prompts]
        return [await secrets.answer(prompt.strip().rstrip(":")) for prompt, _ in prompts]

    def _heard_methods(self) -> None:
        if self._connection is not None:
            # Those that were tried in vain are not in its list any more.
            heard = self._connection.get_server_auth_methods()
            self.methods = (*self.methods, *(each for each in heard if each not in self.methods))


def login_arguments(login: Login, identity: Identity) -> dict[str, Any]:
    """What asyncssh is told of a login, whatever the server."""
    return {
        "client_factory": lambda: login,
        "known_hosts": lambda _host, _addr, _port: ([], [], [], [], [], [], []),
        "server_host_key_algs": "default",
        "config": None,
        "username": identity.secrets.user,
        "password": identity.secrets.password or None,
        # An empty list would stand for the keys of ~/.ssh.
        "client_keys": list(identity.pairs) or None,
        # Its keys are among those where the template says so. Nothing else is that of SSH_AUTH_SOCK, with all its keys.
        "agent_path": None,
        "preferred_auth": _METHODS,
        "gss_host": None,
        "login_timeout": LOGIN_LIMIT,
        # One message fewer than is waited for: asyncssh ends a connection at the message after these.
        "keepalive_count_max": 2,
    }
