"""Work beside the screen: started from a key or a message, told about when it fails."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from textual.dom import DOMNode


def start(
    node: DOMNode,
    act: Callable[[], Awaitable[None]],
    *,
    group: str = "default",
    exclusive: bool = False,
) -> None:
    """Run `act` in a worker of `node`; `exclusive` ends what the group ran before.

    An error that `act` lets out does not end the app: the screen tells it. `act` is called when the
    worker runs, so one that is superseded at once leaves no coroutine behind.
    """
    node.run_worker(
        act,
        group=group,
        exclusive=exclusive,
        exit_on_error=False,
    )
