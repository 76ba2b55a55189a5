"""How the rows of a kind are named in templates: what can be chosen for an option, and what its value means.

An option declares a kind; each provider has a module `named` below `screens.browse.resources` that says what
the kind is on its service. A kind that it does not have is one that nothing is known of.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from screens.dialogs.choice import Choice

Where = Mapping[str, Any]
"""Rows that others are within, by their kinds: what the options beside one name."""

_SHORT = 20
"""Characters of an id that is worth being read beside a name."""
_NEAR = 3
_ALIKE = 0.6
"""How alike two names are that one may have been written for the other, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the service says of a value; `bad`: the value cannot be right."""

    text: str
    bad: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """How one kind is named."""

    one: str
    """Singular, for sentences."""
    pages: Callable[[Any, Where], AsyncIterator[list[Any]]]
    """All rows; given the provider's client."""
    names: Callable[[Any], Sequence[str]]
    """Texts that mean a row, of which the first is written when it is chosen."""
    note: Callable[[Any], str]
    """What is said of a row beside its name."""
    label: Callable[[Any], str] = lambda row: str(row.name)
    told: Callable[[Any, Any], Awaitable[str]] | None = None
    """What is said of the row that a value names, given the client; its note where there is nothing more."""
    find: Callable[[Any, str, Where], Awaitable[Any | None]] | None = None
    """The row that a text means, where that is faster than to read all; None if there is none."""
    within: Sequence[str] = ()
    """Kinds whose rows others are within: options beside that name one narrow what there is."""
    needs: Sequence[str] = ()
    """Those of them without which nothing can be asked."""
    fits: Callable[[Any, Where], bool] = lambda _row, _where: True
    """Whether a row is within what the options beside name."""
    place: Callable[[Where], str] | None = None
    """Where rows are looked for, as the end of a sentence; in what the options beside name if None."""
    usable: Callable[[Any], bool] = lambda _row: True
    """Whether a row can be chosen."""
    means: Callable[[str], str] = lambda _value: ""
    """What a text means that no row is called by, in a few words; empty if it means nothing."""
    unset: Callable[[Any], Awaitable[Answer]] | None = None
    """What is said where no row is named, given the client."""

    def looked_for(self, where: Where) -> str:
        """Where rows are looked for, as the end of a sentence; empty for everywhere."""
        if self.place is not None:
            return self.place(where)
        inside = ", ".join(str(where[each].name) for each in self.within if each in where)
        return f" in {inside}" if inside else ""

    def choice(self, row: Any) -> Choice:
        """A row to choose."""
        key, label = self.names(row)[0], self.label(row)
        told = "" if label == key or len(key) > _SHORT else f"{key}  "
        return Choice(key, label, f"{told}{self.note(row)}".rstrip())

    def near(self, value: str, rows: Sequence[Any]) -> Sequence[str]:
        """How those are named that may have been meant, the nearest first."""
        found: dict[str, Any] = {}
        for row in rows:
            for text in (*self.names(row), self.label(row)):
                found.setdefault(text.lower(), row)
        wanted = value.lower()
        inside = [text for text in found if wanted in text] if len(wanted) > 2 else []
        close = get_close_matches(wanted, found, n=_NEAR, cutoff=_ALIKE)
        told = (self._named(found[text]) for text in [*inside, *close])
        return list(dict.fromkeys(told))[:_NEAR]

    def _named(self, row: Any) -> str:
        key, label = self.names(row)[0], self.label(row)
        return key if key == label else f"{key} ({label})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """What may be used of something."""

    told: Callable[[Any, Where], Awaitable[str]]
    """Given the client."""
    within: Sequence[str] = ()
    """Kinds of rows that it depends on, too, as far as the options beside name some."""


@dataclass(frozen=True, slots=True)
class Named:
    """What options of a provider's components can name."""

    kinds: Mapping[str, Naming]
    quotas: Mapping[str, Quota] = field(default_factory=dict)
