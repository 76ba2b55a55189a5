"""Exit codes of `oxtui`, and the failure that ends a subcommand with one sentence."""

from __future__ import annotations

FAILED = 1
USAGE = 2
"""Wrong usage or settings."""
UNKNOWN_COMMAND = 127
CANCELLED = 130

EXIT_CODES = """Exit codes: 0 ok, 1 failed, 2 wrong usage or settings, 130 cancelled; in commands that Packer has too,
1 stands for all of these, as there. 127: there is no such command."""


def exit_code(code: int, *, packers: bool) -> int:
    """What a command ends with: one that Packer has too ends as Packer's does (packer.md 6), which knows
    neither 2 nor 130, so that scripts find what they know. `fmt -check` has 3 in both."""
    return FAILED if packers and code in (USAGE, CANCELLED) else code


class CommandError(Exception):
    """An expected failure of a subcommand: its text goes to standard error, nothing else does."""

    def __init__(self, message: str, code: int = FAILED) -> None:
        super().__init__(message)
        self.code = code
