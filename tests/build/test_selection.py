"""Patterns of build names mean what they mean to Packer; the verdicts are those of Packer itself."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oxtui.build.selection import Selection
from oxtui.template.hcl.functions.globs import pattern_regex

NAMES = ("b1.null.aa", "b1.null.ab")


@pytest.mark.parametrize(
    ("pattern", "matched"),
    [
        ("b1.*", "aa ab"), ("*.aa", "aa"), ("*[ab]b", "ab"), ("*[!a]b", ""), ("*.a?", "aa ab"),
        ("*.{aa}", "aa"), (r"*.\aa", "aa"), ("*.[a-z]a", "aa"), ("null.aa", ""), ("*.a[^z]", ""),
        ("*.aa}", ""), ("**aa", "aa"), ("*.{aa,ab}", "aa ab"), ("B1.*", ""),
    ],
)  # fmt: skip
def test_a_pattern_selects_what_it_selects_in_packer(pattern: str, matched: str) -> None:
    selection = Selection(only=(pattern,))
    taken = [name.removeprefix("b1.null.") for name in NAMES if selection.takes(name)]
    assert " ".join(taken) == matched


@pytest.mark.parametrize("pattern", ["[", "{", "*.[z-a]"])
def test_what_is_no_pattern_is_told(pattern: str) -> None:
    for selection in (Selection(only=(pattern,)), Selection(excluded=(pattern,))):
        [problem] = selection.problems(NAMES, ())
        assert problem.is_error
        assert pattern in problem.detail


@given(st.text(st.sampled_from("ab*?[]{}!-\\,."), max_size=12))
def test_any_text_is_a_pattern_or_a_mistake(text: str) -> None:
    with suppress(ValueError):
        pattern_regex(text, paths=False)
