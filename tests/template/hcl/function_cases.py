"""The reference cases of expressions, and how what oxtui gives is compared with what Packer gives."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from oxtui.template.console.answers import group
from tests.shared import shared

# Cases that do not hold yet, by id, with the reason. One that holds must leave this list.
MISSING: dict[str, str] = {}


def rows() -> list[dict[str, Any]]:
    """All cases."""
    text = shared("cases/hcl/functions.jsonl").read_text()
    return [json.loads(line) for line in text.splitlines()]


def difference(expected: Mapping[str, str], answer: Mapping[str, str]) -> str | None:
    """Why an answer is not the expected one, or None if it is.

    Numbers are compared as decimals, an error by its class and, where that is expected, its summary.
    The cases say +Inf for both infinities: `log(0, 2) < 0` is true, and theirs.
    """
    if "error" in expected:
        wanted = (group(expected["error"]), expected.get("summary", answer.get("summary")))
        found = (group(answer.get("error", "")), answer.get("summary"))
    else:
        wanted, found = _content(expected), _content(answer)
    return None if found == wanted else f"gave {answer}, not {dict(expected)}"


def _content(answer: Mapping[str, str]) -> Any:
    text = answer.get("json")
    data = text and json.loads(text, parse_float=Decimal, parse_int=Decimal)
    return data, answer.get("special", "").replace("-Inf", "+Inf"), answer.get("type")
