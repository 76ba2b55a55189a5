"""What is asked of a connected service about names: rows of each kind, kept for a moment."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from oxtui.template.resolve.context import UNKNOWN
from screens.browse.naming import Answer, Named, Naming, Quota, Where
from screens.dialogs.choice import Choice

_LIFE = 30.0
"""Seconds for which rows that were read are as good as asked for again."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked about a value."""

    kind: str
    """What it names, or which quota it is about."""
    value: str
    """Several are a line each."""
    beside: tuple[tuple[str, str], ...] = ()
    """What the options beside it name: kinds and values; UNKNOWN for what is known when the build starts."""
    is_quota: bool = False


class Names:
    """The names of one service. Every method that asks raises ServiceError where it gets no answer."""

    def __init__(self, named: Named, client: Any, service: str) -> None:
        """`service`: what it is called in sentences, such as `rack`."""
        self._named = named
        self._client = client
        self._service = service
        self._rows: dict[tuple[str, tuple[str, ...]], tuple[float, list[Any]]] = {}
        self._reading = asyncio.Lock()

    def subject(self, kind: str, *, is_quota: bool = False) -> Naming | Quota | None:
        """What a kind is here; None if the service has nothing of the sort."""
        return self._named.quotas.get(kind) if is_quota else self._named.kinds.get(kind)

    def depends_on(self, subject: Naming | Quota) -> frozenset[str]:
        """Kinds that what is asked depends on, and those that these depend on."""
        inner = (self.depends_on(self._named.kinds[kind]) for kind in subject.within)
        return frozenset(subject.within).union(*inner)

    async def answer(self, asked: Question) -> Answer | None:
        """What the service says of a value; None where that says nothing."""
        subject = self.subject(asked.kind, is_quota=asked.is_quota)
        where = None if subject is None else await self.where(subject, dict(asked.beside))
        if subject is None or where is None:
            return None
        if isinstance(subject, Quota):
            return Answer(await subject.told(self._client, where))
        if not asked.value.strip():
            return None if subject.unset is None else await subject.unset(self._client)
        values = [line.strip() for line in asked.value.split("\n") if line.strip()]
        said = [await self._said(asked.kind, subject, value, where) for value in values]
        bad = next((each for each in said if each.bad), None)
        if bad is not None or len(said) == 1:
            return bad or said[0]
        return Answer(f"the {self._service} has each of the {len(said)}")

    async def _said(self, kind: str, naming: Naming, value: str, where: Where) -> Answer:
        row = await self._row(kind, naming, value, where)
        if row is None:
            meant = naming.means(value)
            return Answer(meant or await self._missing(kind, naming, value, where), not meant)
        told = naming.note(row) if naming.told is None else await naming.told(self._client, row)
        return Answer(told, not naming.usable(row))

    async def missing(self, kind: str, value: str, beside: Mapping[str, str]) -> str:
        """What is said of a value that names nothing, as a sentence; empty if it does, or cannot be told."""
        naming = self._named.kinds.get(kind)
        where = None if naming is None else await self.where(naming, beside)
        if naming is None or where is None or naming.means(value):
            return ""
        if await self._row(kind, naming, value, where) is not None:
            return ""
        return await self._missing(kind, naming, value, where)

    async def _missing(self, kind: str, naming: Naming, value: str, where: Where) -> str:
        rows = [row for row in await self._all(kind, naming, where) if naming.usable(row)]
        near = await asyncio.to_thread(naming.near, value, rows)
        place = naming.looked_for(where)
        hint = (
            f"Did you mean {' or '.join(near)}?" if near
            else "Choose one that it lists." if rows
            else "It has none."
        )  # fmt: skip
        return f'the {self._service} has no {naming.one} "{value}"{place}. {hint}'

    async def choices(self, kind: str, beside: Mapping[str, str]) -> AsyncIterator[list[Choice]]:
        """What can be chosen, page by page; what is not known yet narrows nothing."""
        naming = self._named.kinds.get(kind)
        given = {kind: value for kind, value in beside.items() if value != UNKNOWN}
        where = None if naming is None else await self.where(naming, given)
        if naming is not None and where is not None:
            async for page in naming.pages(self._client, where):
                fitting = (row for row in page if naming.fits(row, where) and naming.usable(row))
                yield [naming.choice(row) for row in fitting]

    async def where(self, subject: Naming | Quota, beside: Mapping[str, str]) -> Where | None:
        """The rows that the options beside name; None where one is needed, or is not there."""
        found: dict[str, Any] = {}
        for kind in subject.within:
            naming, value = self._named.kinds[kind], beside.get(kind, "")
            inner = await self.where(naming, beside) if value not in ("", UNKNOWN) else None
            row = None if inner is None else await self._row(kind, naming, value, inner)
            if row is not None:
                found[kind] = row
            elif isinstance(subject, Naming) and (value or kind in subject.needs):
                return None
        return found

    async def _row(self, kind: str, naming: Naming, value: str, where: Where) -> Any | None:
        if naming.find is not None:
            return await naming.find(self._client, value, where)
        rows: Sequence[Any] = await self._all(kind, naming, where)
        return next((row for row in rows if value in naming.names(row)), None)

    async def _all(self, kind: str, naming: Naming, where: Where) -> list[Any]:
        key = (kind, tuple(str(where[each].id) for each in naming.within if each in where))
        async with self._reading:
            now = asyncio.get_running_loop().time()
            read, rows = self._rows.get(key, (-_LIFE, []))
            if now - read >= _LIFE:
                pages = naming.pages(self._client, where)
                rows = [row async for page in pages for row in page if naming.fits(row, where)]
                self._rows[key] = (now, rows)
        return rows
