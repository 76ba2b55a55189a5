"""Errors that components raise and the engine turns into failures."""

from __future__ import annotations

from oxtui.component.events import Failure


class StepError(Exception):
    """A step failed in a way that the operator can read and act on."""

    def __init__(self, failure: Failure | str) -> None:
        self.failure = Failure(summary=failure) if isinstance(failure, str) else failure
        super().__init__(self.failure.summary)


class ConnectError(StepError):
    """The guest cannot be logged in to; the text says why and what to do."""


class TransferError(StepError):
    """A file could not be copied; the text names both ends and what the guest said.

    `lost` tells that the connection ended meanwhile, so that another try may succeed.
    """

    def __init__(self, failure: str, *, lost: bool = False) -> None:
        super().__init__(failure)
        self.lost = lost
