"""Start, stop and reboot of machines; what is asked for here takes the service a while."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from screens.browse.resource import Handler
from screens.browse.work import Work

Act = Callable[[Any, Any], Awaitable[object]]
"""Given the provider's client and a row."""


def start(act: Act) -> Handler:
    """Start them; nothing is lost by that, so nothing is asked."""

    async def handler(work: Work, rows: Sequence[Any]) -> None:
        if await work.allowed(f"Start {_names(rows)}."):
            await work.each(rows, lambda row: act(work.client, row), "Starting")

    return handler


def stop(act: Act, effects: Sequence[str]) -> Handler:
    """Stop them, after a question that tells what follows."""
    return _asked("Stop", "Stopping", act, effects)


def reboot(act: Act) -> Handler:
    """Reboot them, after a question."""
    return _asked("Reboot", "Rebooting", act, ("Whoever works on it is cut off.",))


def _asked(verb: str, doing: str, act: Act, effects: Sequence[str]) -> Handler:
    async def handler(work: Work, rows: Sequence[Any]) -> None:
        answer = await work.confirm(verb, f"{verb} {_names(rows)}?", effects=effects)
        if answer is not None:
            await work.each(rows, lambda row: act(work.client, row), doing)

    return handler


def _names(rows: Sequence[Any]) -> str:
    return ", ".join(row.name for row in rows)
