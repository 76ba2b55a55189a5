"""What the steps of a template took in earlier runs comes from the journal, from a bounded part of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from oxtui.build.history import History, Past, StepRun, history, is_faster, is_slower
from oxtui.build.journal import Journal
from oxtui.component import debugger_events as d
from oxtui.component import events as e
from oxtui.logs.redact import Redactor

STEPS = {"provision-1": ("1 file", "app.tgz"), "provision-2": ("2 shell", "base.sh")}


def plans(steps: Mapping[str, tuple[str, str]]) -> tuple[e.StepPlan, ...]:
    return tuple(
        e.StepPlan(id=id_, kind="provision", title=title, detail=detail)
        for id_, (title, detail) in steps.items()
    )


async def ran(
    journal: Journal,
    seconds: Mapping[str, float],
    status: e.BuildStatus = "succeeded",
    steps: Mapping[str, tuple[str, str]] = STEPS,
    template: str = "web.pkr.hcl",
) -> int:
    number = await journal.begin_session(template)
    journal.append(number, e.BuildPlanned(time=1, build="web", steps=plans(steps)))
    for step, took in seconds.items():
        journal.append(
            number, e.StepFinished(time=2, build="web", step=step, status="failed", seconds=99)
        )
        journal.append(number, e.OutputGrown(time=2, build="web", step=step, lines=1, size=1))
        journal.append(
            number, e.StepFinished(time=2, build="web", step=step, status="done", seconds=took)
        )
    skipped = e.StepFinished(time=2, build="web", step="other", status="skipped", seconds=0)
    journal.append(number, skipped)
    journal.append(number, e.SessionFinished(time=3, status=status, seconds=2))
    await journal.flush()
    return number


async def past(
    journal: Journal, steps: Mapping[str, tuple[str, str]] = STEPS, before: int | None = None
) -> dict[str, Past]:
    return (await history(journal, "web.pkr.hcl", before)).of("web", plans(steps))


async def test_steps_that_were_done_count_however_their_session_ended(tmp_path: Path) -> None:
    async with Journal.open(tmp_path / "journal.sqlite", Redactor()) as journal:
        assert await past(journal) == {}
        await ran(journal, {"provision-1": 5, "provision-2": 50})
        second = await ran(journal, {"provision-1": 9})
        await ran(journal, {"provision-1": 6}, "failed")
        await ran(journal, {"provision-1": 1000}, template="db.pkr.hcl")
        assert await past(journal) == {
            "provision-1": Past(last=6, median=6, runs=3), "provision-2": Past(50, 50, 1)
        }  # fmt: skip
        assert (await past(journal, before=second))["provision-1"] == Past(5, 5, 1)
        assert (await history(journal, "web.pkr.hcl")).of("other build", plans(STEPS)) == {}


async def test_a_step_is_known_again_where_others_came_before_it(tmp_path: Path) -> None:
    async with Journal.open(tmp_path / "journal.sqlite", Redactor()) as journal:
        await ran(journal, {"provision-1": 1, "provision-2": 30})
        now = {
            "provision-1": ("1 shell", "new.sh"),
            "provision-2": ("2 file", "app.tgz"),
            "provision-3": ("3 shell", "base.sh"),
        }
        known = await past(journal, now)
        assert {id_: one.last for id_, one in known.items()} == {
            "provision-2": 1, "provision-3": 30
        }  # fmt: skip


async def test_a_renamed_step_is_known_by_its_place(tmp_path: Path) -> None:
    async with Journal.open(tmp_path / "journal.sqlite", Redactor()) as journal:
        await ran(journal, {"provision-1": 1, "provision-2": 30})
        renamed = {"provision-1": ("1 shell", "a.sh"), "provision-2": ("2 shell", "basis.sh")}
        # Number 1 is another kind of step now; number 2 is the same kind.
        assert await past(journal, renamed) == {"provision-2": Past(30, 30, 1)}


async def test_of_two_steps_with_one_name_each_has_its_own_past(tmp_path: Path) -> None:
    twice = {"provision-1": ("1 shell", "a.sh"), "provision-2": ("2 shell", "a.sh")}
    async with Journal.open(tmp_path / "journal.sqlite", Redactor()) as journal:
        await ran(journal, {"provision-1": 1, "provision-2": 30}, steps=twice)
        known = await past(journal, twice)
        assert [one.last for one in known.values()] == [1, 30]


async def test_a_provisioner_that_the_operator_added_has_a_past(tmp_path: Path) -> None:
    async with Journal.open(tmp_path / "journal.sqlite", Redactor()) as journal:
        number = await ran(journal, {})
        added = e.StepPlan(id="added-1", kind="provision", title="shell", detail="id")
        told: tuple[e.Event, ...] = (
            d.ProvisionerAdded(
                time=3, build="web", after="", plan=added, type_name="shell", options={}
            ),
            e.StepFinished(time=4, build="web", step="added-1", status="done", seconds=4),
        )
        for event in told:
            journal.append(number, event)
        await journal.flush()
        assert await past(journal, {"provision-1": ("1 shell", "id")}) == {
            "provision-1": Past(4, 4, 1)
        }


async def test_of_many_sessions_only_the_newest_are_read(tmp_path: Path) -> None:
    read: list[int] = []

    class Counting:
        def __init__(self, journal: Journal) -> None:
            self._journal = journal

        async def numbers_of(self, template: str, before: int | None, limit: int) -> list[int]:
            return await self._journal.numbers_of(template, before, limit)

        async def events_of(self, session: int, types: object) -> object:
            found = await self._journal.events_of(session, types)  # type: ignore[arg-type]
            read.append(len(found))
            return found

    async with Journal.open(tmp_path / "journal.sqlite", Redactor()) as journal:
        for seconds in range(30):
            await ran(journal, {"provision-1": seconds})
        found = await history(Counting(journal), "web.pkr.hcl", runs=5)  # type: ignore[arg-type]
        known = found.of("web", plans(STEPS))["provision-1"]
        assert known == Past(last=29, median=27, runs=5)
        assert read == [4] * 5  # the plan and what finished; not what grew


def test_the_median_of_an_even_number_lies_between() -> None:
    (plan,) = plans({"provision-1": ("1 file", "")})
    runs = [{"web": [StepRun(plan, seconds)]} for seconds in (4.0, 1.0, 100.0, 2.0)]
    assert History(runs).of("web", [plan]) == {"provision-1": Past(4.0, 3.0, 4)}


def test_a_little_slower_is_as_usual() -> None:
    assert not is_slower(2.9, 0.1)
    assert not is_slower(140, 100)
    assert is_slower(160, 100)
    assert is_faster(100, 160)
    assert not is_faster(100, 100)
