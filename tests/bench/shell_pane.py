"""The shell pane over SSH in a real terminal: from a key to its echo, and a flood of output with keys in between."""

from __future__ import annotations

import contextlib
import random
import shutil
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import asyncssh

from tests.bench.terminal import PATIENCE, Terminal
from tests.sshd import Sshd, sshd

SAMPLES = 150
FLOOD = 10_000_000
"""Bytes that `cat` writes."""
KEYS = 20
"""Pairs of keys while it does."""
_SIGN = b"%"
"""Not to be found in what draws the screen."""
_PREFIX, _WAITING, _READY = b"\x1d", b"x close", b"z whole"


def run(samples: int = SAMPLES, flood: int = FLOOD, keys: int = KEYS) -> dict[str, Any]:
    """Milliseconds of echo by OpenSSH's client and by the pane, of a flood by both, and of keys during one."""
    with _guest() as (folder, server):
        (folder / "flood.txt").write_bytes(_lines(flood))
        ssh = [shutil.which("ssh") or "ssh", "-tt", "-p", str(server.port), "-i", str(folder / "id"),
               "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR",
               f"{server.user}@127.0.0.1"]  # fmt: skip
        plain = ["-c", f"import os; os.execv({ssh[0]!r}, {ssh!r})"]
        pane = ["-m", "tests.bench.shell_app", str(folder), str(server.port), server.user]
        with _shell(plain, folder) as terminal:
            baseline = _echo(terminal, samples)
            plain_flood = _flood(terminal)
        with _shell(pane, folder) as terminal:
            echo = _echo(terminal, samples)
            flooded = _flood(terminal)
            answered = _answers(terminal, keys)
    return {
        "unit": "ms",
        "samples": samples,
        "echo": echo,
        "baseline_ssh_echo": baseline,
        "flood": round(flooded),
        "flood_bytes": flood,
        "baseline_ssh_flood": round(plain_flood),
        "keys_during_flood": _told(answered),
        "met": {
            "echo_p95_at_most_15": echo["p95"] <= 15,
            "flood_at_most_5000": flooded <= 5000,
            "keys_during_flood_at_most_100": max(answered) <= 100,
        },
    }


@contextlib.contextmanager
def _guest() -> Iterator[tuple[Path, Sshd]]:
    """A real SSH server, and a folder with the key to it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        key = asyncssh.generate_private_key("ssh-ed25519")
        key.write_private_key(str(folder / "id"))
        (folder / "id").chmod(0o600)
        with sshd(folder, key.export_public_key().decode().strip()) as server:
            yield folder, server


@contextlib.contextmanager
def _shell(arguments: Sequence[str], folder: Path) -> Iterator[Terminal]:
    """A terminal at a shell's prompt that nobody configured."""
    with Terminal(*arguments) as terminal:
        terminal.wait_for(b"guest" if "-m" in arguments else b"$", b"#")
        terminal.drain(1.0)
        terminal.press(b"exec env PS1='ready> ' bash --norc --noprofile\r")
        terminal.wait_for(b"ready>")
        terminal.press(f"cd {folder}; clear\r".encode())
        terminal.drain(1.0)
        yield terminal


def _echo(terminal: Terminal, samples: int) -> dict[str, float]:
    pauses = random.Random(samples)
    taken = []
    for _ in range(samples):
        pressed = terminal.press(_SIGN)
        taken.append((terminal.wait_for(_SIGN) - pressed) * 1000)
        terminal.drain(0.05)
        terminal.press(b"\x7f")
        terminal.drain(0.1 + pauses.random() * 0.05)
    return _told(taken)


def _flood(terminal: Terminal) -> float:
    """Milliseconds until all of it was drawn."""
    begun = terminal.press(b"clear; cat flood.txt; echo flo''oded\r")
    ended = terminal.wait_for(b"flooded")  # a word that nothing else on the screen has
    terminal.drain(1.0)
    return (ended - begun) * 1000


def _answers(terminal: Terminal, keys: int) -> list[float]:
    """Milliseconds of each key while output comes without end."""
    answered = []
    terminal.press(b"clear; while :; do cat flood.txt; done\r")
    terminal.wait_for(b"Setting up")
    for _ in range(keys):
        for key, mark in ((_PREFIX, _WAITING), (b"1", _READY)):
            pressed = terminal.press(key)
            answered.append((terminal.wait_for(mark) - pressed) * 1000)
    # A shell that gets it between two commands of a loop may go on with the loop.
    for patience in (5.0, 5.0, PATIENCE):
        terminal.press(b"\x03")
        with contextlib.suppress(TimeoutError):
            terminal.wait_for(b"ready>", patience=patience)
            return answered
    raise TimeoutError("the loop in the shell cannot be ended")


def _lines(size: int) -> bytes:
    lines, written = [], 0
    while written < size:
        number = len(lines)
        lines.append(
            b"[%9d] Setting up libexample%d:amd64 (1.2.3-4+deb12u1) and what it needs ...\n"
            % (number, number % 977)
        )
        written += len(lines[-1])
    return b"".join(lines)


def _told(taken: Sequence[float]) -> dict[str, float]:
    cuts = statistics.quantiles(taken, n=100, method="inclusive")
    return {
        **{name: round(cuts[at - 1], 1) for name, at in (("p50", 50), ("p95", 95))},
        "most": round(max(taken), 1),
    }
