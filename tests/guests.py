"""A guest for tests: a real sshd, reached by the real communicator."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from oxtui.communicators.ssh.communicator import SshCommunicator
from oxtui.communicators.ssh.keys import generate
from oxtui.communicators.ssh.options import SshOptions
from oxtui.communicators.ssh.target import Target
from oxtui.component.events import Event, Level
from oxtui.component.protocols import Guest, ProvisionerSetting, Stream
from oxtui.template.legacy.interpolate import Interpolation
from tests.sshd import Sshd, sshd


@dataclass
class Recorded:
    """A step's context that keeps what it is told."""

    build: str = "b"
    step: str = "s"
    said: list[str] = field(default_factory=list)
    streams: dict[str, bytes] = field(default_factory=lambda: {"stdout": b"", "stderr": b""})
    events: list[Event] = field(default_factory=list)
    answers: Iterator[str] = field(default_factory=lambda: iter(()))
    """What it gives when it is asked for a secret."""

    def say(self, text: str) -> None:
        self.said.append(text)

    def output(self, stream: Stream, data: bytes) -> None:
        self.streams[stream] = self.streams.get(stream, b"") + data

    def emit(self, event: Event) -> None:
        self.events.append(event)

    def now(self) -> float:
        return 1_700_000_000.0

    def note(self, text: str, level: Level = "info") -> None:
        self.said.append(f"{level}: {text}")

    async def ask(self, question: str, problem: str = "") -> str:
        self.said.append(f"asked: {question} {problem}".strip())
        return next(self.answers, "")

    def progress(self, text: str, done: float | None = None, total: float | None = None) -> None:
        self.said.append(text)


@dataclass
class LiveGuest:
    """The server, a communicator to it, and the guest that provisioners are given."""

    server: Sshd
    communicator: SshCommunicator
    guest: Guest
    attempts: list[str]


def setting(*, trace: bool = False, **build: Any) -> ProvisionerSetting:
    """What a provisioner is told beside its options."""
    started = datetime(2026, 11, 21, 3, 4, 5, tzinfo=UTC)
    return ProvisionerSetting("web", "oxide-instance", Interpolation(started, build=build), trace)


@asynccontextmanager
async def live_guest(
    folder: Path, *, server: Sequence[str] = (), **options: Any
) -> AsyncIterator[LiveGuest]:
    """A guest of one's own, gone afterwards; `server` has settings of its sshd."""
    pair = await generate("ed25519", 0, "test")
    attempts: list[str] = []
    with sshd(folder, pair.public, *server) as running:
        given = {"ssh_username": running.user, "ssh_port": running.port, "ssh_timeout": "20s"}
        target = Target("127.0.0.1", SshOptions(**{**given, **options}), pair.private)
        communicator = SshCommunicator(target, attempts.append)
        try:
            yield LiveGuest(running, communicator, Guest(communicator, {"ID": "i-1"}), attempts)
        finally:
            await communicator.close()
