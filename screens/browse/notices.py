"""What Browse says beside its rows: how many, how fresh, and what to do where there are none."""

from __future__ import annotations

from typing import Any

from screens.browse.catalog import Freshness
from screens.browse.resource import Resource
from screens.connection import Connecting, Failed, Link, State
from screens.tables.model import TableModel
from screens.wording import in_sentence


def count_text(model: TableModel[Any], freshness: Freshness | None) -> str:
    """`340`, `12 of 340`, `500+, loading…`."""
    if freshness is None:
        return ""
    count = len(model)
    if not freshness.complete and freshness.loading:
        total = f"{count:,}+ loaded, loading…" if count else "loading…"
    else:
        total = f"{count:,}"
    if model.filter and count:
        total = f"{len(model.shown):,} of {total}"
    return f"{len(model.marks)} marked, {total}" if model.marks else total


def notice_text(problem: str, freshness: Freshness, now: float) -> str:
    """What is wrong with the filter or with the connection; empty if nothing is."""
    if problem:
        return f"✗ {problem}"
    if not freshness.error:
        return ""
    age = "" if freshness.read is None else f"stale {span(now - freshness.read)}: "
    again = "trying again…" if freshness.loading else "r tries again now"
    return f"✗ {age}{freshness.error} {again}"


def span(seconds: float) -> str:
    """A time span in its largest unit: `40 s`, `3 min`, `2 h`."""
    seconds = max(0, round(seconds))
    if seconds < 120:
        return f"{seconds} s"
    return f"{seconds // 60} min" if seconds < 7200 else f"{seconds // 3600} h"


def empty_text(
    title: str,
    resource: Resource,
    model: TableModel[Any],
    freshness: Freshness | None,
    state: State,
    project: str,
) -> tuple[str, ...]:
    """What stands in place of rows of the kind of that title: what is going on, and the next key."""
    match state:
        case Connecting():
            return (f"{state.doing[:1].upper()}{state.doing[1:]}…",)
        case Failed():
            return (
                "Not connected.",
                "",
                state.error,
                "",
                "r tries again, ctrl+o chooses another rack.",
            )
        case Link():
            pass
        case _:
            return ("No rack is chosen.", "ctrl+o chooses one; the demo rack needs nothing.")
    if freshness is None or (freshness.loading and not freshness.complete):
        loading = f"Loading {in_sentence(title)}…"
        if model.filter and len(model):
            return (f"None of the {len(model):,} so far matches /{model.filter.text}", loading)
        return (loading,)
    if freshness.error and not freshness.complete:
        return ("Nothing could be read.",)
    if model.filter and len(model):
        return (f"No {resource.one} matches /{model.filter.text}", "esc clears the filter.")
    lines = [resource.empty] if resource.empty else []
    if project and resource.in_projects:
        lines.append(f"Only {project} is shown; esc shows all projects.")
    return tuple(lines)
