"""Ctrl-C during work that has something to clean up: once cleans up, twice leaves at once."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from oxtui.cli.errors import CANCELLED


@contextmanager
def interrupts(clean_up: Callable[[], object], session: Callable[[], int]) -> Iterator[None]:
    """Heed SIGINT and SIGTERM while the block runs.

    Args:
        clean_up: asked for at the first one.
        session: number of the session, of which the second one says what becomes.
    """
    loop = asyncio.get_running_loop()
    asked = False

    def stop() -> None:
        nonlocal asked
        if asked:
            print(
                f"\noxtui: left at once. `oxtui sweep --session {session()}` lists and removes "
                "what this session leaves behind.",
                file=sys.stderr,
                flush=True,
            )
            os._exit(CANCELLED)
        asked = True
        print("\noxtui: cleaning up; Ctrl-C again leaves at once", file=sys.stderr, flush=True)
        clean_up()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    try:
        yield
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
