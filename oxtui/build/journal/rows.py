"""What the journal tells: sessions and resources as typed rows, and the SQL that reads them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection
from dataclasses import dataclass

from oxtui.component.event_records import event_type, from_record
from oxtui.component.events import Event
from oxtui.component.resources import ResourcePhase, ResourceRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRecord:
    """One session; times in Unix seconds."""

    number: int
    template: str
    host: str
    silo: str
    simulated: bool
    pid: int
    started: float
    finished: float | None
    """None while it runs, and for ever if its process was killed."""
    status: str
    """As in `SessionFinished`; empty without one."""
    image: str
    """Names of the artifacts, joined by commas."""
    leftovers: int
    """Resources that may still exist and are ours to remove."""
    made: int
    """Resources that were ever meant to be made."""
    existing: int
    """Those that may still exist, results that are the operator's included."""
    given: str
    """What it was started with, as JSON; empty where it cannot be continued."""


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event with its number, which only grows."""

    number: int
    event: Event


_SESSIONS = """
    SELECT s.number, template, host, silo, simulated, pid, started, finished, status, image,
        (SELECT count(*) FROM resources r
         WHERE r.session = s.number AND r.state != 'deleted' AND NOT r.released),
        (SELECT count(*) FROM resources r WHERE r.session = s.number),
        (SELECT count(*) FROM resources r WHERE r.session = s.number AND r.state != 'deleted'),
        {given}
    FROM sessions s WHERE ? IS NULL OR s.number = ? ORDER BY s.number
"""
_GIVEN_SINCE = 2
"""The version of the schema that has the column; who only reads does not migrate an older file."""

_RESOURCES = """
    SELECT number, session, build, kind, name, id, locator, state, reason, kept, released, time
    FROM resources WHERE (? IS NULL OR session = ?) ORDER BY number
"""


def read_sessions(connection: sqlite3.Connection, number: int | None) -> list[SessionRecord]:
    """All sessions, or one, oldest first."""
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    query = _SESSIONS.format(given="given" if version >= _GIVEN_SINCE else "''")
    return [
        SessionRecord(
            number=row[0],
            template=row[1],
            host=row[2],
            silo=row[3],
            simulated=bool(row[4]),
            pid=row[5],
            started=row[6],
            finished=row[7],
            status=row[8],
            image=row[9],
            leftovers=row[10],
            made=row[11],
            existing=row[12],
            given=row[13],
        )
        for row in connection.execute(query, (number, number))
    ]


def read_resources(
    connection: sqlite3.Connection, session: int | None, states: Collection[ResourcePhase]
) -> list[ResourceRecord]:
    """Resources of all sessions, or of one, in the order of their intents."""
    return [
        ResourceRecord(
            number=row[0],
            session=row[1],
            build=row[2],
            kind=row[3],
            name=row[4],
            id=row[5],
            locator=json.loads(row[6]),
            state=row[7],
            reason=row[8],
            kept=bool(row[9]),
            released=bool(row[10]),
            time=row[11],
        )
        for row in connection.execute(_RESOURCES, (session, session))
        if row[7] in states
    ]


def read_events(connection: sqlite3.Connection, session: int, after: int) -> list[StoredEvent]:
    """Events of a session behind the number `after`; types that this version lacks are left out."""
    rows = connection.execute(
        "SELECT number, record FROM events WHERE session = ? AND number > ? ORDER BY number",
        (session, after),
    )
    events = []
    for number, text in rows:
        try:
            events.append(StoredEvent(number, from_record(json.loads(text))))
        except KeyError:
            continue
    return events


def read_numbers(
    connection: sqlite3.Connection, template: str, before: int | None, limit: int
) -> list[int]:
    """Numbers of the newest sessions of a template, newest first."""
    rows = connection.execute(
        "SELECT number FROM sessions WHERE template = ? AND (? IS NULL OR number < ?)"
        " ORDER BY number DESC LIMIT ?",
        (template, before, before, limit),
    )
    return [number for (number,) in rows]


def read_events_of(
    connection: sqlite3.Connection, session: int, types: Collection[type[Event]]
) -> list[StoredEvent]:
    """Events of a session that are of these types; the others are not even decoded."""
    begins = [f'{{"type": "{event_type(kind)}"' for kind in types]
    wanted = " OR ".join(["substr(record, 1, ?) = ?"] * len(begins))
    rows = connection.execute(
        f"SELECT number, record FROM events WHERE session = ? AND ({wanted}) ORDER BY number",  # noqa: S608
        (session, *(value for begin in begins for value in (len(begin), begin))),
    )
    return [StoredEvent(number, from_record(json.loads(text))) for number, text in rows]
