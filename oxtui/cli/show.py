"""Resources on standard output: as a table or as the API's JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from oxtui.cli.ages import age
from oxtui.cli.on_rack import narrate
from oxtui.cli.table import table

if TYPE_CHECKING:
    from oxtui.oxide.models.base import Model


def show_all(
    items: Sequence[Model],
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    as_json: bool,
    none: str,
) -> None:
    """A list; where it is empty, `none` says so beside the output."""
    if as_json:
        print(json.dumps([item.model_dump(mode="json") for item in items], indent=2))
    elif items:
        print("\n".join(table(headings, list(rows))))
    else:
        narrate(none)


def show_one(item: Model, facts: Sequence[tuple[str, str]], *, as_json: bool) -> None:
    """One thing: its facts by name."""
    if as_json:
        print(json.dumps(item.model_dump(mode="json"), indent=2))
        return
    from oxtui.logs.sanitise import plain

    width = max(len(name) for name, _ in facts)
    for name, value in facts:
        print(f"{name:<{width}}  {plain(value) or '–'}".rstrip())


def ago(moment: datetime) -> str:
    """How long ago, in words."""
    return f"{age((datetime.now(UTC) - moment).total_seconds())} ago"
