"""Every expression of the reference cases has the value, or the error, that Packer gives it."""

from __future__ import annotations

from typing import Any

from oxtui.template.console.answers import of_problem, of_value
from tests.shared import shared
from tests.template.hcl.evaluation import evaluate
from tests.template.hcl.function_cases import MISSING, difference, rows


def _mismatch(row: dict[str, Any]) -> str | None:
    """Why a case does not hold, or None if it does."""
    expected = row["expect"]
    outcome = evaluate(row["expr"], shared("cases/hcl/fixtures"), helpers=row.get("needs", ()))
    if outcome.value is not None:
        return difference(expected, of_value(outcome.value))
    assert outcome.problem is not None
    if outcome.place != expected.get("range", outcome.place):
        return f"is told at {outcome.place}, not at {expected['range']}"
    return difference(expected, of_problem(outcome.problem))


def test_every_expression_gives_what_packer_gives() -> None:
    cases = rows()
    wrong = {row["id"]: why for row in cases if (why := _mismatch(row)) is not None}
    unexpected = {
        f"{row['id']}: {row['expr']}": wrong[row["id"]]
        for row in cases
        if row["id"] in wrong and row["id"] not in MISSING
    }
    assert unexpected == {}
    assert set(MISSING) <= set(wrong), "these cases hold now: take them off the list"
    assert len(cases) > 500
