"""A large file and many small ones to a guest, beside packer and beside what `ssh` alone can do.

oxtui's time is that of the provisioner, as its log tells it. `ssh` is measured with its login, as a user
types it, and over a connection that is open already, as the provisioner's is: for the file the second one
counts, for the folder the first one (a message of asyncssh waits for its answer before the stream begins, so
that a round trip more is spent). Packer's is the time of a build without that of a build that only connects.
"""

from __future__ import annotations

import os
import shlex
import shutil
import statistics
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from tests.bench.side_by_side import ROUND_TRIPS, TOOLS, Lab, file_block, lab

RUNS = 3
SIZE = 200_000_000
FILES = 2_000
FILE_SIZE = 4096
FOLDERS = 20
FILE_AT_LEAST = 0.6
FOLDER_AT_MOST = 1.1


def run(
    runs: int = RUNS,
    size: int = SIZE,
    files: int = FILES,
    round_trips: tuple[int, ...] = ROUND_TRIPS,
) -> dict[str, Any]:
    """Milliseconds, medians of runs that take turns."""
    result: dict[str, Any] = {"unit": "ms", "runs": runs, "size": size, "files": files}
    met = {}
    for round_trip in round_trips:
        # Memory where there is some to write to: no disk is measured.
        shared = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        with (
            tempfile.TemporaryDirectory(dir=shared) as name,
            lab(Path(name), round_trip) as there,
        ):
            found = _measure(there, runs, size, files)
        at = f"at_{round_trip}_ms"
        for kind in ("file", "folder"):
            mine, open_, own = (found[f"{kind} {way}"] for way in ("oxtui", "open", "ssh"))
            result[f"{kind}_{at}"] = round(mine)
            result[f"baseline_ssh_{kind}_{at}"] = round(open_)
            result[f"baseline_ssh_with_login_{kind}_{at}"] = round(own)
            if "packer" in TOOLS:
                result[f"baseline_packer_{kind}_{at}"] = round(found[f"{kind} packer"])
        throughput = found["file open"] / found["file oxtui"]
        longer = found["folder oxtui"] / found["folder ssh"]
        result[f"folder_time_to_open_tar_ssh_{at}"] = round(
            found["folder oxtui"] / found["folder open"], 2
        )
        result[f"file_throughput_to_ssh_{at}"] = round(throughput, 2)
        result[f"folder_time_to_tar_ssh_{at}"] = round(longer, 2)
        met[f"file_{at}_at_least_{FILE_AT_LEAST}"] = throughput >= FILE_AT_LEAST
        met[f"folder_{at}_at_most_{FOLDER_AT_MOST}"] = longer <= FOLDER_AT_MOST
    return {**result, "met": met}


def _measure(there: Lab, runs: int, size: int, files: int) -> dict[str, float]:
    large, folder, guest = (there.folder / name for name in ("large", "folder", "guest"))
    with large.open("wb") as file:
        for _ in range(0, size, 1_000_000):
            file.write(os.urandom(min(size, 1_000_000)))
    for number in range(files):
        path = folder / str(number % FOLDERS) / str(number)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(os.urandom(FILE_SIZE))
    taken: dict[str, list[float]] = {}

    def time(name: str, measured: Callable[[], float]) -> None:
        guest.mkdir()
        taken.setdefault(name, []).append(measured() * 1000)
        shutil.rmtree(guest)

    for _ in range(runs):
        for kind, source, destination in (
            ("file", large, f"{guest}/large"),
            ("folder", folder, f"{guest}/"),
        ):
            template = there.template(file_block(source, destination))
            time(f"{kind} oxtui", partial(_step, there, template))
            time(f"{kind} ssh", partial(there.shell, _by_ssh(there.ssh(), kind, there)))
            with there.connected() as ssh:
                time(f"{kind} open", partial(there.shell, _by_ssh(ssh, kind, there)))
            if "packer" in TOOLS:
                login = there.build("packer", there.template())
                template = there.template(file_block(source, destination))
                time(f"{kind} packer", partial(there.build, "packer", template))
                taken[f"{kind} packer"][-1] -= login * 1000
    return {name: statistics.median(each) for name, each in taken.items()}


def _step(there: Lab, template: Path) -> float:
    (seconds,) = there.steps(template)
    return seconds


def _by_ssh(ssh: str, kind: str, there: Lab) -> str:
    large, folder, guest = (there.folder / name for name in ("large", "folder", "guest"))
    if kind == "file":
        return f"{ssh} {shlex.quote(f'cat > {guest}/large')} < {large}"
    return (
        f"tar -C {there.folder} -cf - {folder.name} | {ssh} {shlex.quote(f'tar -C {guest} -xf -')}"
    )
