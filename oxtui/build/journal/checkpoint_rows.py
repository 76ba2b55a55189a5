"""Checkpoints in the journal, and what each build of a template was made of the last time, as typed rows."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class StepRun:
    """One provisioner that led to a checkpoint: how long it took and when it had run, in (Unix) seconds."""

    step: str
    title: str
    seconds: float
    ran: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """A state of a guest's disk that is kept; times in Unix seconds, sizes in bytes."""

    number: int = 0
    """In the journal; 0 before it is there."""
    key: str
    """The content of all that led to it (`oxtui.build.checkpoints.chain`)."""
    resource: int
    """Number of the snapshot among the journal's resources."""
    name: str
    """Of the snapshot."""
    id: str
    host: str
    silo: str
    project: str
    session: int
    build: str
    template: str
    step: str
    """Id of the step behind which it was taken."""
    title: str
    size: int
    taken: float
    used: float
    """When a build began from it the last time; when it was taken, if none did."""
    runs: tuple[StepRun, ...] = ()
    """The provisioners whose work is in it, in their order."""
    keys: tuple[str, ...] = ()
    """Comments of the temporary public keys that are on the disk."""
    own: str = ""
    """What beside the template had a part in it, as a clause: only its own session goes back to it."""


@dataclass(frozen=True, slots=True)
class StepParts:
    """What a step was made of when it ran the last time: digests by what they are of."""

    step: str
    """Id; empty for what the disk began with."""
    parts: Mapping[str, str] = field(default_factory=dict)


_COLUMNS = (
    "number, key, resource, name, id, host, silo, project, session, build, template, step, title, "
    "size, taken, used, runs, keys, own"
)


def read_checkpoints(connection: sqlite3.Connection) -> list[Checkpoint]:
    """All of them, oldest first; none in the journal of an oxtui that had none."""
    there = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'checkpoints'")
    if there.fetchone() is None:  # a reader migrates nothing
        return []
    rows = connection.execute(f"SELECT {_COLUMNS} FROM checkpoints ORDER BY taken, number")  # noqa: S608
    names = _COLUMNS.split(", ")
    return [_checkpoint(dict(zip(names, row, strict=True))) for row in rows]


def _checkpoint(row: dict[str, object]) -> Checkpoint:
    runs = tuple(StepRun(*run) for run in json.loads(str(row.pop("runs"))))
    keys = tuple(json.loads(str(row.pop("keys"))))
    return Checkpoint(**row, runs=runs, keys=keys)  # type: ignore[arg-type]


def insert_checkpoint(connection: sqlite3.Connection, made: Checkpoint) -> int:
    """Its number. From now on its snapshot is no build's to clean up, in the same transaction."""
    names = _COLUMNS.split(", ")[1:]
    runs = json.dumps([[r.step, r.title, r.seconds, r.ran] for r in made.runs], ensure_ascii=False)
    texts = {"runs": runs, "keys": json.dumps(made.keys)}
    values = [texts[name] if name in texts else getattr(made, name) for name in names]
    cursor = connection.execute(
        f"INSERT INTO checkpoints ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})",  # noqa: S608
        values,
    )
    connection.execute("UPDATE resources SET released = 1 WHERE number = ?", (made.resource,))
    return int(cursor.lastrowid or 0)


def give_up_checkpoint(connection: sqlite3.Connection, number: int, reason: str) -> None:
    """It is none any more; its snapshot is one that was left, and sweep lists it until it is gone."""
    connection.execute(
        "UPDATE resources SET released = 0, state = 'left', reason = ?, kept = 0 WHERE state != 'deleted' "
        "AND number = (SELECT resource FROM checkpoints WHERE number = ?)",
        (reason, number),
    )
    connection.execute("DELETE FROM checkpoints WHERE number = ?", (number,))


def read_parts(connection: sqlite3.Connection, template: str, build: str) -> list[StepParts]:
    """What a build of a template was made of the last time, in the order of its steps."""
    rows = connection.execute(
        "SELECT step, parts FROM step_parts WHERE template = ? AND build = ? ORDER BY place",
        (template, build),
    )
    return [StepParts(step, json.loads(parts)) for step, parts in rows]


def write_parts(
    connection: sqlite3.Connection, template: str, build: str, steps: Sequence[StepParts]
) -> None:
    """In place of what was known of that build before."""
    connection.execute("DELETE FROM step_parts WHERE template = ? AND build = ?", (template, build))
    connection.executemany(
        "INSERT INTO step_parts (template, build, place, step, parts) VALUES (?, ?, ?, ?, ?)",
        [
            (template, build, place, each.step, json.dumps(dict(each.parts), ensure_ascii=False))
            for place, each in enumerate(steps)
        ],
    )
