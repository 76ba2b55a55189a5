"""What `oxtui sweep` prints."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from oxtui.build.disposal import Leftover
from oxtui.build.journal.checkpoint_rows import Checkpoint
from oxtui.build.sweep import Swept
from oxtui.cli.ages import age
from oxtui.logs.sanitise import plain


class TextReport:
    """For people: what is left, by session, then each removal as it ends."""

    def listed(self, left: Sequence[Leftover], templates: Mapping[int, str]) -> None:
        """What was found."""
        if not left:
            print("Nothing is left behind.")
        for session in sorted({each.record.session for each in left}):
            print(plain(f"session {session}  {templates.get(session, '')}"))
            for each in left:
                if each.record.session == session:
                    self._leftover(each)

    def spared(self, checkpoints: Sequence[Checkpoint]) -> None:
        """What is left alone."""
        if checkpoints:
            count, size = len(checkpoints), sum(each.size for each in checkpoints) / 2**30
            what = "1 checkpoint stays" if count == 1 else f"{count} checkpoints stay"
            print(f"{what} ({size:g} GiB of storage): `oxtui checkpoints` lists and prunes them.")

    def swept(self, done: Swept) -> None:
        """One removal ended."""
        record = done.leftover.record
        what = f"{_kind(record.kind)} {record.name}"
        print(
            plain(f"✓ removed {what}" if done.removed else f"✗ still there: {what}: {done.reason}")
        )

    def end(self, done: Sequence[Swept]) -> None:
        """All removals ended."""
        if stuck := sum(not each.removed for each in done):
            print(f"{stuck} could not be removed; the commands above remove them by hand.")

    def _leftover(self, each: Leftover) -> None:
        record = each.record
        where = record.locator.get("host", "")
        on = f" on {'the demo rack' if record.locator.get('demo') else where}" if where else ""
        print(plain(f"  {_kind(record.kind)}  {record.name}  {age(each.age)} old{on}"))
        for name, text in (
            ("id", record.id),
            ("takes", each.cost),
            ("note", each.reason),
            ("remove", each.command),
        ):
            if text:
                print(plain(f"    {name:<6}  {text}"))


class JsonReport:
    """For programs: one object at the end."""

    def __init__(self) -> None:
        self._left: Sequence[Leftover] = []

    def listed(self, left: Sequence[Leftover], templates: Mapping[int, str]) -> None:
        """What was found."""
        self._left = left

    def spared(self, checkpoints: Sequence[Checkpoint]) -> None:
        """What is left alone: `oxtui checkpoints list --json` tells of it."""

    def swept(self, done: Swept) -> None:
        """One removal ended."""

    def end(self, done: Sequence[Swept]) -> None:
        """All removals ended."""
        results = {each.leftover.record.number: each for each in done}
        print(
            json.dumps(
                {
                    "leftovers": [
                        _values(each, results.get(each.record.number)) for each in self._left
                    ]
                },
                indent=2,
                ensure_ascii=False,
            )
        )


def _values(each: Leftover, result: Swept | None) -> dict[str, object]:
    record = each.record
    return {
        "resource": record.number,
        "session": record.session,
        "build": record.build,
        "kind": record.kind,
        "name": record.name,
        "id": record.id or None,
        "host": record.locator.get("host"),
        "age_seconds": round(each.age),
        "cost": each.cost,
        "exists": each.exists,
        "kept": record.kept,
        "note": (result.reason if result else "") or each.reason,
        "command": each.command,
        "removed": result is not None and result.removed,
    }


def _kind(name: str) -> str:
    return name.partition(".")[2].replace("_", " ")
