"""How what is created outside this process is written down, so that nothing is left behind unknown."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol, TypeVar

from oxtui.component.resources import ResourceRecord, Services

T = TypeVar("T")


class Made(Protocol):
    """One creation, between its intent and its id."""

    number: int

    def created(self, id: str) -> None:  # noqa: A002 - the field's own word
        """It exists, under this id."""
        ...

    async def make(self, creating: Coroutine[Any, Any, T]) -> T:
        """Runs the creating call and keeps the id of its result."""
        ...


class Recorder(Protocol):
    """Writes down what is created outside this process: the intent before, the id after."""

    def create(
        self, kind: str, name: str, locator: Mapping[str, str]
    ) -> AbstractAsyncContextManager[Made]:
        """Surrounds a creating call."""
        ...

    async def release(self, number: int) -> None:
        """Hands a resource to the operator as the result: cleanup leaves it alone."""
        ...

    async def hold(self, number: int, reason: str) -> None:
        """Keeps a resource from cleanup and sweep, even if this process ends, until `unhold`."""
        ...

    async def unhold(self, number: int) -> None:
        """Cleanup takes it again."""
        ...

    async def existing(self, kind: str, name: str, service: Any) -> ResourceRecord | None:
        """What this build made of that kind and name and is still there, looked for in its service; with its id.

        Raises:
            Exception: whatever the service raises; or it is not there and may still appear.
        """
        ...

    async def start_over(
        self,
        services: Services,
        what: str = "what is left of the first attempt",
        *,
        only: Callable[[ResourceRecord], bool] = lambda record: True,
    ) -> None:
        """Removes what this build made, or `only` some of it.

        Raises:
            StepError: something of it is still there; its text begins with `what`.
        """
        ...
