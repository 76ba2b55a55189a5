"""An output that nobody reads any more: a closed terminal, or a pipe whose reader has gone."""

from __future__ import annotations

import os
from typing import TextIO


def lose(stream: TextIO) -> None:
    """What is still held for it goes nowhere: Python would complain of it once more at exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, stream.fileno())
    finally:
        os.close(nowhere)
