"""Processes of oxtui that need not import what others imported before them.

The tests start some three hundred of them, and half of the time of each would go to its imports. So
a server, one for each process of tests, imports once and forks; a relay stands for the forked process
wherever a process is asked for, and is given its signals and its exit status. Tests of starting itself,
of imports and of SIGKILL run `python -m oxtui` as everybody does.
"""

from __future__ import annotations

import atexit
import functools
import subprocess
import sys
import tempfile
from pathlib import Path

_HERE = Path(__file__).parent


def command(*words: str) -> list[str]:
    """The command line of `oxtui WORDS` for any function that starts a process."""
    # -I and -S: the relay starts in some milliseconds; the environment is for what it stands for.
    return [sys.executable, "-IS", str(_HERE / "relay.py"), str(_server()[0]), *words]


@functools.cache
def _server() -> tuple[Path, subprocess.Popen[bytes]]:
    """Start the server; returns its socket and what keeps it alive until this process ends."""
    path = Path(tempfile.mkdtemp(prefix="oxtui-forks-")) / "socket"
    # It lives as long as its standard input is open: as long as this process.
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.forking.server", str(path)],
        cwd=_HERE.parents[1],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    atexit.register(_end, process)
    assert process.stdout.readline(), "the server of forks did not start"
    return path, process


def _end(process: subprocess.Popen[bytes]) -> None:
    """Wait for the server, or Python would warn of a process that is still running and of its open files."""
    for end in (process.stdin, process.stdout):
        assert end is not None
        end.close()
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
