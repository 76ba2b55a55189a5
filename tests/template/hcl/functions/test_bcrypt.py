"""`bcrypt` gives hashes as Go's library does, with its limits."""

from __future__ import annotations

from pathlib import Path

import bcrypt
import pytest

from oxtui.template.values import to_python
from tests.template.hcl.evaluation import evaluate


def hashed(arguments: str) -> str:
    """The hash of these arguments."""
    outcome = evaluate(f"bcrypt({arguments})", Path())
    assert outcome.value is not None, outcome.problem
    made = to_python(outcome.value)
    assert isinstance(made, str)
    return made


@pytest.mark.parametrize(
    ("arguments", "cost"),
    [('"pw", 4', "04"), ('"pw", "5"', "05"), ('"pw"', "10"), ('"pw", 3', "10"), ('"pw", -1', "10")],
)
def test_the_cost_is_in_the_hash_and_a_small_one_is_the_usual_one(
    arguments: str, cost: str
) -> None:
    made = hashed(arguments)
    assert made.startswith(f"$2a${cost}$")
    assert len(made) == 60
    assert bcrypt.checkpw(b"pw", made.encode())
    assert not bcrypt.checkpw(b"pW", made.encode())


def test_each_hash_has_salt_of_its_own() -> None:
    assert hashed('"pw", 4') != hashed('"pw", 4')


@pytest.mark.parametrize("password", ["", "ü" * 36, "a\\u0000b"])
def test_what_a_password_may_be(password: str) -> None:
    plain = password.replace("\\u0000", "\0").encode()
    assert bcrypt.checkpw(plain, hashed(f'"{password}", 4').encode())


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ('"pw", 32', "call_failed", "a number from 4 to 31"),
        ('"pw", 17', "call_failed", "a cost over 16 takes too long here"),
        ('"pw", 4.5', "call_failed", "the cost is a whole number"),
        ('"pw", 1/0', "call_failed", "the cost is a whole number"),
        ('"pw", 4, 4', "call_failed", "a text and a cost, and nothing else"),
        (f'"{"ü" * 36}x", 4', "call_failed", "at most 72 bytes, not 73"),
        ('"pw", "x"', "argument", "a number is required"),
        ('"pw", null', "argument", "must not be null"),
        ("null", "argument", "must not be null"),
        ("", "arity", 'Missing value for "str"'),
    ],
)
def test_what_is_refused(arguments: str, code: str, said: str) -> None:
    problem = evaluate(f"bcrypt({arguments})", Path()).problem
    assert problem is not None
    assert problem.code == code
    assert said in problem.detail
