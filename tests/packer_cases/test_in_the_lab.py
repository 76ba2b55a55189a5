"""The public cases in their lab, by their own runner: OpenSSH servers, terminals, signals, files left behind.

Only where CI runs as root. `OTHERWISE` lists what is not as the cases say, with the reason.
"""

from __future__ import annotations

import re

import pytest

from tests.packer_cases.lab import Lab, lab, recorded
from tests.packer_cases.records import others, pattern, printed
from tests.shared import shared

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

ELSEWHERE = {"c07-fmt", "c08-console-functions", "c09-console-other", "c10-hcl2-upgrade", "c11-fix"}
"""Asked by the tests of their commands."""
OTHERWISE: dict[tuple[str, int], str] = {}
"""Reason by case and step."""


def test_every_case_ends_and_prints_as_its_record_says() -> None:
    wrong = []
    with lab() as running:
        for folder in sorted(shared("cases/packer").glob("*/case.json")):
            name = folder.parent.name
            if name not in ELSEWHERE:
                wrong += list(_differences(running, name))
    unexpected = [text for key, text in wrong if key not in OTHERWISE]
    assert not unexpected, "\n".join(unexpected)
    assert not set(OTHERWISE) - {key for key, _ in wrong}, "these are as the cases say by now"


def _differences(running: Lab, name: str) -> list[tuple[tuple[str, int], str]]:
    """What is otherwise than recorded, each by case and step."""
    answer = running.ask(name)
    found = [
        ((name, number), f"{name} step {number}: {problem}")
        for number, problems in answer.problems.items()
        for problem in problems
    ]
    records = recorded(shared(f"cases/packer/{name}/expected.txt").read_text())
    for number, record in records.items():
        out = answer.steps[number]
        lines = {line.partition(": ")[2] for line in out.splitlines() if line.startswith("==> ")}
        for line in printed(record):
            wanted = pattern(others(name, number, line), LAB=str(running.folder))
            if not any(re.fullmatch(wanted, each) for each in lines):
                found.append(((name, number), f"{name} step {number}: not printed: {line!r}"))
        left = "--- left on the guest"
        if left in out:
            found.append(((name, number), f"{name} step {number}: {out[out.index(left) :]}"))
    return found
