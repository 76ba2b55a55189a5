"""Keys of states: the same for the same content everywhere, another for any other."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oxtui.build.checkpoints.chain import Step, changed, first_link, next_link
from oxtui.build.checkpoints.digests import KEY_NAME, Digests, operator_key
from tests.repository import ROOT

PARTS = st.dictionaries(st.sampled_from(["inline", "script", "file a"]), st.sampled_from("xyz"))
CHAINS = st.lists(PARTS, max_size=4)

SCRIPT = """
from oxtui.build.checkpoints.chain import Step, first_link, next_link
from oxtui.build.checkpoints.digests import Digests
parts = {"inline": Digests(b"k").of(["true", {"b": 1, "a": "\\u00e9"}]), "env": "y"}
print(next_link(first_link({"the source image": "i"}), Step("s", "1 shell", parts)).key)
"""


def key(parts: list[dict[str, str]], base: str = "i") -> str:
    link = first_link({"the source image": base})
    for number, each in enumerate(parts):
        link = next_link(link, Step(f"provision-{number}", "shell", each))
    return link.key


@given(CHAINS, CHAINS)
def test_chains_share_a_key_exactly_where_all_their_parts_are_the_same(
    one: list[dict[str, str]], other: list[dict[str, str]]
) -> None:
    assert (key(one) == key(other)) == (one == other)


@given(CHAINS)
def test_where_a_step_stands_in_the_template_and_what_it_is_called_do_not_count(
    parts: list[dict[str, str]],
) -> None:
    link = first_link({"the source image": "i"})
    for number, each in enumerate(parts):
        link = next_link(link, Step(f"another-{number + 7}", "named", each), seconds=3.0, ran=9.0)
    assert link.key == key(parts)


def test_the_source_image_counts() -> None:
    assert key([], "i") != key([], "j")


def test_what_a_hand_had_a_part_in_is_of_its_session_and_so_is_all_that_follows() -> None:
    base = first_link({})
    step, then = Step("s", "1 shell", {"inline": "x"}), Step("t", "2 shell", {"inline": "y"})
    clean = next_link(next_link(base, step), then)
    mine = next_link(next_link(base, step, own="a shell was opened", session="1"), then)
    other = next_link(next_link(base, step, own="a shell was opened", session="2"), then)
    assert len({clean.key, mine.key, other.key}) == 3
    assert (clean.own, mine.own) == ("", "a shell was opened")


def test_keys_are_the_same_in_every_process() -> None:
    found = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT], cwd=ROOT, check=True, capture_output=True, text=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    # Written down: a change of it makes every checkpoint useless, and has to raise the form's number.
    assert found == {"b8569032898fb3809e42020b2f098f436014bef54c0cc806b5db919fb13e85d0\n"}


def test_what_changed_is_told() -> None:
    then, now = {"inline": "a", "env": "b", "x": "c"}, {"inline": "z", "env": "b", "y": "c"}
    assert changed(then, now) == ["inline changed", "y is new", "x is gone"]


def test_secrets_have_another_digest_with_another_key_and_others_do_not() -> None:
    one, other = Digests(b"1" * 32), Digests(b"2" * 32)
    assert one.of("word") == other.of("word")
    assert one.of("word", secret=True) != other.of("word", secret=True)
    assert one.of("word", secret=True) == Digests(b"1" * 32).of("word", secret=True)
    assert "1111" not in repr(one)


def test_the_operator_s_key_is_made_once_and_private(tmp_path: Path) -> None:
    first = operator_key(tmp_path / "data")
    assert (len(first), operator_key(tmp_path / "data")) == (32, first)
    path = tmp_path / "data" / KEY_NAME
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in path.parent.iterdir()] == [KEY_NAME]


def test_a_key_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(OSError, match="data"):
        operator_key(tmp_path / "data")
