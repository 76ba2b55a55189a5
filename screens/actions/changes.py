"""Actions of Browse that change what rows stand for, as each provider declares them."""

from __future__ import annotations

from collections.abc import Mapping

from screens.actions.action import Action, Enabled
from screens.actions.tabs import Tabs


def change(
    tabs: Tabs,
    kind: str,
    id: str,  # noqa: A002 - an action's own word
    key: str,
    help: str,  # noqa: A002 - an action's own word
    *,
    enabled: Enabled,
    footer: int,
    text: str = "",
    short: str = "",
) -> Action:
    """An action on rows of a kind; without a `text` it is called by the last part of its id."""
    return Action(
        id=id, keys=(key,), text=text or id.rpartition(".")[2], short=short, help=help, group="Change",
        contexts=(tabs.of(kind),), enabled=enabled, footer=footer,
    )  # fmt: skip


def deletions(tabs: Tabs, kinds: Mapping[str, Enabled]) -> tuple[Action, ...]:
    """The deletion of rows of each of these kinds, where it is possible."""
    return tuple(
        Action(
            id=f"{tabs.prefix}.delete-{kind}",
            keys=("d", "delete"),
            text="delete",
            help="Delete what is marked, or the row under the cursor, after telling what is lost",
            group="Change",
            contexts=(tabs.of(kind),),
            enabled=enabled,
            footer=40,
        )
        for kind, enabled in kinds.items()
    )
