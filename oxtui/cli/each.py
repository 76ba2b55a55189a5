"""The same deed on several things: one that fails does not keep the others from being done."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from oxtui.cli.errors import FAILED
from oxtui.cli.on_rack import narrate

T = TypeVar("T")


async def each(items: Sequence[T], act: Callable[[T], Awaitable[str]]) -> int:
    """Act on each; what it answers is told. The exit code is 1 if one failed."""
    from oxtui.component.errors import StepError
    from oxtui.oxide.errors import OxideError

    code = 0
    for item in items:
        try:
            narrate(await act(item))
        except (OxideError, StepError) as error:
            narrate(f"oxtui: {error}")
            code = FAILED
    return code
