"""From the moment a guest's SSH server listens to the login, for a communicator that waits for it."""

from __future__ import annotations

import asyncio
import socket
import statistics
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from oxtui.communicators.ssh.communicator import SshCommunicator
from oxtui.communicators.ssh.options import SshOptions
from oxtui.communicators.ssh.target import Target
from tests.bench.side_by_side import lab
from tests.sshd import sshd

RUNS = 7
AT_MOST = 1000


def run(runs: int = RUNS) -> dict[str, Any]:
    """Milliseconds, of logins whose server comes at another moment between two tries each time."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with lab(folder, 0) as there:
            login = min(there.shell(f"{there.ssh()} true") for _ in range(3)) * 1000
        taken = [asyncio.run(_wait(folder, turn / runs)) for turn in range(runs)]
    median, worst = statistics.median(taken), max(taken)
    return {
        "unit": "ms",
        "runs": runs,
        "connected": round(median),
        "worst": round(worst),
        "baseline_ssh_true": round(login),
        "met": {f"connected_at_most_{AT_MOST}": median <= AT_MOST},
    }


async def _wait(folder: Path, after: float) -> float:
    """Milliseconds; the server is started `after` seconds."""
    public = (folder / "id.pub").read_text().strip()
    with sshd(folder, public) as server:
        port, user = server.port, server.user
    options = SshOptions(ssh_username=user, ssh_port=port, ssh_timeout="60s")
    target = Target("127.0.0.1", options, (folder / "id").read_text())
    communicator = SshCommunicator(target, lambda _reason: None)
    listening: list[float] = []
    watch = threading.Thread(target=_watch, args=(port, listening))
    connecting = asyncio.create_task(communicator.connection())
    await asyncio.sleep(after)
    watch.start()
    with sshd(folder, public, port=port):
        await connecting
        connected = time.perf_counter()
        await communicator.close()
        await asyncio.to_thread(watch.join)
    return (connected - listening[0]) * 1000


def _watch(port: int, listening: list[float]) -> None:
    while not listening:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                listening.append(time.perf_counter())
        time.sleep(0.005)
