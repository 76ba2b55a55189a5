"""Every expression of the reference cases has the value, or the error, that Packer gives it."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from tests.shared import shared
from tests.template.hcl.evaluation import evaluate, plain, type_of

# Cases that do not hold yet, by id, with the reason. One that holds must leave this list.
MISSING: dict[str, str] = {
    "bcrypt-b8f39f46": "bcrypt needs a library that is not a dependency yet",
}


def _rows() -> list[dict[str, Any]]:
    text = shared("cases/hcl/functions.jsonl").read_text()
    return [json.loads(line) for line in text.splitlines()]


def _class(name: str) -> str:
    return "argument" if name == "call_failed" else name


def _mismatch(row: dict[str, Any]) -> str | None:
    """Why a case does not hold, or None if it does."""
    expected = row["expect"]
    outcome = evaluate(row["expr"], shared("cases/hcl/fixtures"), helpers=row.get("needs", ()))
    if outcome.problem is not None:
        found = (_class(outcome.problem.code), outcome.problem.summary, outcome.place)
        if "error" not in expected:
            return f"gave {found}"
        wanted = (
            _class(expected["error"]),
            expected["summary"],
            expected.get("range", outcome.place),
        )
        return None if found == wanted else f"gave {found}, not {wanted}"
    assert outcome.value is not None
    if "error" in expected:
        return f"gave {outcome.value!r}"
    if type_of(outcome.value) != expected["type"]:
        return f"has type {type_of(outcome.value)}"
    if "special" in expected:
        return None if "infinity" in str(plain(outcome.value)) else f"gave {outcome.value!r}"
    wanted_json = json.loads(expected["json"], parse_float=Decimal, parse_int=Decimal)
    found_json = plain(outcome.value)
    return None if found_json == wanted_json else f"gave {found_json}"


def test_every_expression_gives_what_packer_gives() -> None:
    rows = _rows()
    wrong = {row["id"]: why for row in rows if (why := _mismatch(row)) is not None}
    unexpected = {
        f"{row['id']}: {row['expr']}": wrong[row["id"]]
        for row in rows
        if row["id"] in wrong and row["id"] not in MISSING
    }
    assert unexpected == {}
    assert set(MISSING) <= set(wrong), "these cases hold now: take them off the list"
    assert len(rows) > 500
