"""Steps of an edited template: each is found again as what it is, or not at all."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oxtui.build.following import TemplateStep, followed

TEXTS = st.lists(st.text(st.sampled_from("abc"), min_size=1, max_size=3), max_size=7)


def steps(*texts: str, kind: str = "provisioner") -> list[TemplateStep]:
    return [TemplateStep(f"s{n}", kind, f"{n} shell", text) for n, text in enumerate(texts)]


def found(before: Sequence[str], after: Sequence[str]) -> dict[int, int]:
    return followed(steps(*before), steps(*after))


@given(TEXTS, TEXTS)
def test_no_two_steps_become_one_and_none_becomes_what_it_is_not_like(
    before: list[str], after: list[str]
) -> None:
    matched = found(before, after)
    assert len(set(matched.values())) == len(matched)
    changed = [(one, to) for one, to in matched.items() if before[one] != after[to]]
    for one, to in changed:
        # What is there unchanged is itself: an edit is of a step whose text is nowhere any more.
        assert before.count(before[one]) != after.count(before[one])
        assert before.count(after[to]) != after.count(after[to])


@given(st.lists(st.text(max_size=3), unique=True, max_size=8), st.randoms())
def test_wherever_steps_are_moved_they_are_found_by_what_they_are(
    before: list[str], chance: st.DrawFn
) -> None:
    after = list(before)
    chance.shuffle(after)  # type: ignore[attr-defined]
    assert found(before, after) == {n: after.index(text) for n, text in enumerate(before)}


@given(st.lists(st.text(max_size=3), unique=True, min_size=1, max_size=8), st.data())
def test_one_step_that_is_edited_stays_itself_and_one_that_goes_is_gone(
    before: list[str], data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(before) - 1))
    edited = [*before[:at], "something else", *before[at + 1 :]]
    assert found(before, edited) == {n: n for n in range(len(before))}
    gone = [*before[:at], *before[at + 1 :]]
    assert at not in found(before, gone)
    assert len(found(before, gone)) == len(gone)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("A A", "A", {}),  # which of the two is left cannot be known
        ("A A B", "A B", {2: 1}),
        ("A B A", "A B", {0: 0, 1: 1}),  # here it can
        ("A", "A A", {0: 0}),
        ("A X A", "X A A", {0: 1, 1: 0, 2: 2}),
        ("A B", "C D", {}),
    ],
)
def test_of_twins(before: str, after: str, expected: dict[int, int]) -> None:
    assert found(before.split(), after.split()) == expected


def test_several_edits_at_once_are_told_apart_by_likeness() -> None:
    before = ["apt-get update", "apt-get install nginx", "systemctl enable nginx"]
    after = ["apt-get -q update", "echo new", "systemctl enable --now nginx"]
    assert found(before, after) == {0: 0, 2: 2}


def test_a_provisioner_never_becomes_a_post_processor() -> None:
    assert followed(steps("x"), steps("x", kind="post-processor")) == {}
    assert followed(steps("x"), steps("y", kind="post-processor")) == {}
