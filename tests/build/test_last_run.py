"""The durations of the last run of a template come from the journal."""

from __future__ import annotations

from pathlib import Path

from oxtui.build.journal import Journal
from oxtui.build.last_run import last_durations
from oxtui.component import events as e
from oxtui.logs.redact import Redactor


async def ran(journal: Journal, template: str, seconds: float, status: e.BuildStatus) -> int:
    number = await journal.begin_session(template)
    plans = tuple(
        e.StepPlan(id=id_, kind="provision", title=id_) for id_ in ("one", "two", "three")
    )
    journal.append(number, e.BuildPlanned(time=1, build="web", steps=plans))
    for step, ended in (("one", "done"), ("two", "skipped")):
        journal.append(number, e.StepStarted(time=1, build="web", step=step))
        journal.append(
            number,
            e.StepFinished(time=2, build="web", step=step, status=ended, seconds=seconds),  # type: ignore[arg-type]
        )
    journal.append(number, e.SessionFinished(time=3, status=status, seconds=2))
    await journal.flush()
    return number


async def test_the_last_run_that_succeeded_counts(tmp_path: Path) -> None:
    async with Journal.open(tmp_path / "journal.sqlite", Redactor()) as journal:
        assert await last_durations(journal, "web.pkr.hcl") == {}
        await ran(journal, "web.pkr.hcl", 5, "succeeded")
        second = await ran(journal, "web.pkr.hcl", 7, "succeeded")
        await ran(journal, "web.pkr.hcl", 9, "failed")
        await ran(journal, "db.pkr.hcl", 11, "succeeded")
        assert await last_durations(journal, "web.pkr.hcl") == {"web": {"one": 7}}
        assert await last_durations(journal, "web.pkr.hcl", before=second) == {"web": {"one": 5}}
