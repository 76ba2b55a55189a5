"""Which prefix is passed over, and why the first step that runs does."""

from __future__ import annotations

from oxtui.build.checkpoints.chain import Link, first_link
from oxtui.build.checkpoints.contents import Contents, Directives
from oxtui.build.checkpoints.history import History
from oxtui.build.checkpoints.limits import beyond
from oxtui.build.checkpoints.lookup import Planned, Prefix, fitting, prefix, why_missed
from oxtui.build.journal.checkpoint_rows import Checkpoint, StepParts, StepRun
from oxtui.component import debugger_events as d
from oxtui.component import events as e
from oxtui.component.checkpoints import Inputs
from tests.cli.test_checkpoints import row

BASE = first_link({"the source image": "i"})


def step(number: int, inline: str = "x", **given: object) -> Planned:
    inputs = given.pop("inputs", Inputs())
    problem = given.pop("problem", "")
    contents = Contents({"inline": inline}, inputs, problem)  # type: ignore[arg-type]
    return Planned(f"provision-{number}", f"{number} shell", contents, **given)  # type: ignore[arg-type]


def kept(found: Prefix, count: int, **given: object) -> Checkpoint:
    """A checkpoint of the state behind the `count`th step."""
    runs = tuple(StepRun(f"old-{n}", "shell", 1.0, 1000.0) for n in range(count))
    return row(key=found.links[count].key, runs=runs, **given)


def recorded(*links: Link) -> list[StepParts]:
    return [StepParts(link.step, link.parts) for link in links]


def test_the_prefix_ends_where_a_step_has_to_run() -> None:
    for third, why in (
        (step(3, directives=Directives(cache=False)), "The template says cache = false of it."),
        (step(3, inputs=Inputs(outside="it works on this machine")),
         "It always runs: it works on this machine."),
        (step(3, problem="app.conf cannot be read: No such file"), "App.conf cannot be read: No such file."),
        (step(3, stops=True), "The build stops before it."),
    ):  # fmt: skip
        found = prefix(BASE, [step(1), step(2), third, step(4)])
        assert [link.step for link in found.links] == ["", "provision-1", "provision-2"]
        assert (found.ends, found.at) == (why, "provision-3")
        assert why_missed(found, 2, [], {}) == why


def test_what_changes_nothing_is_no_part_of_a_state() -> None:
    waits = step(2, inline="sleep", inputs=Inputs(changes_nothing=True))
    found = prefix(BASE, [step(1), waits, step(3)])
    without = prefix(BASE, [step(1), step(3)])
    assert [link.key for link in found.links] == [link.key for link in without.links]


def test_the_longest_checkpoint_comes_first_and_the_newer_of_two() -> None:
    found = prefix(BASE, [step(1), step(2), step(3)])
    known = [kept(found, 1, number=1), kept(found, 2, number=2, taken=5.0),
             kept(found, 2, number=3, taken=6.0), row(number=4), kept(found, 3, number=5, own="x")]  # fmt: skip
    fits, old = fitting(found, known, lambda step: None, 2000.0)
    assert [(fit.checkpoint.number, fit.links) for fit in fits] == [(3, 2), (2, 2), (1, 1)]
    assert old == {}


def test_one_old_step_takes_all_behind_it_along() -> None:
    found = prefix(BASE, [step(1), step(2), step(3)])
    known = [kept(found, n, number=n) for n in (1, 2, 3)]
    limits = {"provision-2": 60.0}
    fits, old = fitting(found, known, limits.get, 1061.0)
    assert [fit.links for fit in fits] == [1]
    told = "It ran 1 minute 1 second ago, longer than its cache_ttl of 1 minute."
    assert old == {"provision-2": told}
    assert why_missed(found, 1, [], old) == told
    assert len(fitting(found, known, limits.get, 1059.0)[0]) == 3


def test_a_miss_says_what_changed_and_where() -> None:
    then = prefix(BASE, [step(1), step(2), step(3)]).links
    now = prefix(BASE, [step(1), step(2, "y"), step(3)])
    last = recorded(*then)
    assert why_missed(now, 1, last, {}) == "Inline changed."
    assert why_missed(now, 0, last, {}) == "No checkpoint was taken behind it, or it is gone."
    moved = prefix(first_link({"the source image": "j"}), [step(1)])
    assert why_missed(moved, 0, last, {}) == "The source image changed."
    assert why_missed(now, 1, [], {}) == "There is no checkpoint of this template."
    longer = prefix(BASE, [step(1), step(2), step(3), step(4)])
    assert why_missed(longer, 3, last, {}) == "No earlier run came so far."


def test_the_unused_go_first_and_the_newest_never() -> None:
    known = [row(number=n, key=str(n) * 64, used=float(n), size=10) for n in (3, 1, 2)]
    made = row(number=4, key="4" * 64, used=4.0, size=10)

    def gone(**limits: int) -> list[int]:
        return [e.number for e in beyond([*known, made], made, **limits)]  # type: ignore[arg-type]

    assert gone(per_template=4, space=40) == []
    assert gone(per_template=2, space=40) == [1, 2]
    assert gone(per_template=9, space=25) == [1, 2]
    assert gone(per_template=0, space=0) == [1, 2, 3]
    assert [
        e.number
        for e in beyond([row(number=9), row(number=8)], row(number=9), per_template=5, space=10**18)
    ] == [8]
    others = [row(number=1, key="1" * 64, template="other", used=0.0), *known[:1]]
    assert beyond([*others, made], made, per_template=2, space=10**18) == []


def history() -> History:
    found = History(7)
    found.begin([BASE])
    return found


def test_a_failure_before_it_and_what_is_done_by_hand_make_a_state_the_session_s_own() -> None:
    place = {"time": 1.0, "build": "b"}
    clean = history().ran("s", "1 shell", Contents({"inline": "x"}), 1.0, 2.0)
    ssh = e.SshCalled(**place, operation="run", place="", text="ls", seconds=0.1)  # type: ignore[arg-type]
    stop = e.Paused(**place, step="s", reason="step", choices=())  # type: ignore[arg-type]
    shell = e.SshCalled(**place, operation="shell", place="", text="", seconds=0.1)  # type: ignore[arg-type]
    command = d.CommandRan(**place, step="s", command="ls", status=0, seconds=0.1)  # type: ignore[arg-type]
    for heard, own in (
        ([ssh], ""), ([stop, ssh], "it was worked on by hand"), ([shell], "a shell was opened"),
        ([command], "a command was run by hand"),
    ):  # fmt: skip
        found = history()
        for event in heard:
            found.heard(event)
        link = found.ran("s", "1 shell", Contents({"inline": "x"}), 1.0, 2.0)
        assert link.own == own
        assert (link.key == clean.key) == (own == "")
    found = history()
    found.disturb("1 shell has failed before")
    assert found.now().own == "1 shell has failed before"
    assert found.ran("s", "1", Contents({}), 1.0, 2.0).own == "1 shell has failed before"


def test_a_new_machine_forgets_what_was_done_to_the_old_one() -> None:
    found = history()
    found.disturb("a shell was opened")
    found.begin([BASE])
    assert found.now() == BASE


def test_what_is_done_before_the_first_step_is_a_state_behind_the_source_image() -> None:
    found = history()
    found.disturb("a shell was opened")
    first = found.now()
    assert found.links == [BASE, first]
    assert (first.own, first.key == BASE.key) == ("a shell was opened", False)
    found.ran("s", "1 shell", Contents({"inline": "x"}), 1.0, 2.0)
    found.disturb("a file was uploaded by hand")
    second = found.now()
    assert [link.step for link in found.links] == ["", "", "s"]
    assert second.own == "a file was uploaded by hand"
