"""Ctrl-C during work that has something to clean up: once cleans up, twice leaves at once."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from oxtui.cli.lost import lose

_WORDS = {
    signal.SIGINT: "interrupt",
    signal.SIGTERM: "terminated",
    signal.SIGHUP: "hangup",
}
"""As Packer calls them."""


@contextmanager
def interrupts(
    clean_up: Callable[[str], object],
    farewell: Callable[[], str],
    code: int,
    *,
    ends_children: bool = True,
    before: Callable[[], bool] = lambda: False,
) -> Iterator[None]:
    """Heed SIGINT, SIGTERM and SIGHUP while the block runs.

    Args:
        clean_up: asked for at the first one, with its name: `interrupt`, `terminated` or `hangup`.
        farewell: what is said at the second one, which ends the process.
        code: the exit code then.
        ends_children: what this process has started ends with it.
        before: asked at a Ctrl-C; True if it was meant for something smaller, which ends instead.
    """
    loop = asyncio.get_running_loop()
    asked = False
    working: set[int] = set()

    def stop(word: str) -> None:
        nonlocal asked
        if not asked and word == "interrupt" and before():
            return
        if asked:
            _complain(f"\noxtui: left at once. {farewell()}")
            if ends_children:
                _end(working | _children())
            os._exit(code)
        asked = True
        # One that ends at the first signal may leave others of its group, which nobody lists any more.
        working.update(_children())
        clean_up(word)
        _complain("\noxtui: cleaning up; Ctrl-C again leaves at once")

    # Whoever ignores hang-ups, as nohup does, wants the work to go on.
    heeded = [each for each in _WORDS if not _is_ignored_hangup(each)]
    for number in heeded:
        loop.add_signal_handler(number, stop, _WORDS[number])
    try:
        yield
    finally:
        for number in heeded:
            loop.remove_signal_handler(number)


def _is_ignored_hangup(number: signal.Signals) -> bool:
    return number is signal.SIGHUP and signal.getsignal(number) is signal.SIG_IGN


def _complain(text: str) -> None:
    try:
        print(text, file=sys.stderr, flush=True)
    except OSError:  # the terminal is gone, which may be why we end
        lose(sys.stderr)


def _children() -> set[int]:
    """Processes that this one started. Linux alone lists them."""
    found: set[int] = set()
    for listed in Path("/proc/self/task").glob("*/children"):
        with suppress(OSError):
            found.update(map(int, listed.read_text().split()))
    return found


def _end(processes: set[int]) -> None:
    """Scripts on this machine must not work on for a build that is no more, nor what they started."""
    for each in processes:
        for kill in (os.killpg, os.kill):
            with suppress(OSError):  # it leads no group, or is gone
                kill(each, signal.SIGKILL)
