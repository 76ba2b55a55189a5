"""Exit codes of `oxtui`, and the failure that ends a subcommand with one sentence."""

from __future__ import annotations

FAILED = 1
USAGE = 2
CANCELLED = 130


class CommandError(Exception):
    """An expected failure of a subcommand: its text goes to standard error, nothing else does."""

    def __init__(self, message: str, code: int = FAILED) -> None:
        super().__init__(message)
        self.code = code
