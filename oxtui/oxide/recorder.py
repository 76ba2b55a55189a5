"""Who is told of everything that is made on the rack, before and after it is made."""

from __future__ import annotations

from typing import Protocol


class Handle(Protocol):
    """One thing between its intent and its end."""

    async def created(self, id: str) -> None:  # noqa: A002 (the field's own word)
        """It exists, under this id."""

    async def deleted(self) -> None:
        """It is gone, or was never made."""

    async def released(self) -> None:
        """It is the result: it is the operator's now, and no cleanup removes it."""

    async def left(self, reason: str) -> None:
        """It could not be removed, and may still exist."""


class Recorder(Protocol):
    """Writes down what may exist, so that a later cleanup finds it even after a crash."""

    async def intend(self, kind: str, name: str, project: str) -> Handle:
        """Something is about to be created.

        Args:
            kind: `oxide.disk`, `oxide.snapshot` or `oxide.image`.
            name: By which it can be found while its id is not known.
            project: Name or id of the project that it will be in.
        """
        ...


class Unrecorded:
    """Recorder and handle for those who keep no journal."""

    async def intend(self, kind: str, name: str, project: str) -> Handle:
        """Nothing is written."""
        return self

    async def created(self, id: str) -> None:  # noqa: A002 (the field's own word)
        """Nothing is written."""

    async def deleted(self) -> None:
        """Nothing is written."""

    async def released(self) -> None:
        """Nothing is written."""

    async def left(self, reason: str) -> None:
        """Nothing is written."""
