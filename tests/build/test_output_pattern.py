"""Patterns for lines of output: RE2's, many lines at once as one by one, and in a time that does not explode."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oxtui.build.output_pattern import OutputPattern, PatternError, any_of

PATTERNS = st.sampled_from(
    [
        "^a$", r"a\s*b", "[^x]", "^$", r"\Aa", r"b\z", "x*", "(?s)a.b", "a|^b", "(?i)E: ", r"\bé", "(a+)+$",
        "(?s:.)$", r"\\A", "ä", r"\n",
    ]
)  # fmt: skip
LINES = st.lists(st.text(st.sampled_from("abxAE: éä\t\\"), max_size=6), min_size=1, max_size=6)


@given(PATTERNS, LINES)
def test_many_lines_at_once_are_as_one_by_one(text: str, lines: list[str]) -> None:
    pattern = OutputPattern(text)
    alone = [number for number, line in enumerate(lines) if pattern.finds(line)]
    assert list(pattern.lines("".join(f"{line}\n" for line in lines).encode())) == alone


@given(st.lists(PATTERNS, min_size=1, max_size=4), LINES)
def test_several_patterns_together_find_what_they_find_apart(
    texts: list[str], lines: list[str]
) -> None:
    patterns = [OutputPattern(text) for text in texts]
    data = "".join(f"{line}\n" for line in lines).encode()
    apart = {number for pattern in patterns for number in pattern.lines(data)}
    assert {number for pattern in any_of(patterns) for number in pattern.lines(data)} == apart


@given(st.text(max_size=12), LINES)
def test_any_text_is_a_pattern_or_is_refused_in_words(text: str, lines: list[str]) -> None:
    with suppress(PatternError):
        pattern = OutputPattern(text)
        numbers = list(pattern.lines("".join(f"{line}\n" for line in lines).encode()))
        assert numbers == sorted(set(numbers) & set(range(len(lines))))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("(?=x)", "RE2, as in Packer, has no look-around"),
        ("(?<!x)y", "look for the text itself"),
        (r"(a)\1", r"has no back-references \(\\1\); write out what repeats"),
        (r"done\Z", r"the end of a line is \$"),
        ("a++", r"bad repetition operator: \+\+; repeat once"),
        ("[", r"missing \]"),
        ("a{2000}", "invalid repetition size"),
        (r"(\pL{30}\d{30}){15}", "too large a regular expression; repeat less often"),
        ("\ud800", "no Unicode text"),
    ],
)
def test_what_re2_refuses_is_told_with_what_would_do(text: str, why: str) -> None:
    with pytest.raises(PatternError, match=why):
        OutputPattern(text)


@pytest.mark.timeout(30)
def test_a_pattern_that_backtracks_without_end_elsewhere_takes_no_longer_than_another() -> None:
    # Python's `re` takes 2^200 steps for each of these lines.
    lines = (b"a" * 200 + b"b\n") * 5_000
    assert list(OutputPattern("(a+)+$").lines(lines)) == []
