"""The public cases in their lab, by their own runner: OpenSSH servers, terminals, signals, files left behind.

Only where CI runs as root. `OTHERWISE` lists what is not as the cases say, with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.packer_cases import test_without_guest
from tests.packer_cases.lab import Lab, lab, recorded
from tests.packer_cases.records import others, pattern, printed, told
from tests.shared import shared

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

ELSEWHERE = {
    *test_without_guest.CASES,
    *("c07-fmt", "c08-console-functions", "c09-console-other", "c10-hcl2-upgrade", "c11-fix"),
}
"""Asked without the lab, and by the tests of their commands."""
OTHERWISE: dict[tuple[str, int], str] = {
    ("f03-dir-sftp", 1): "links to directories are followed over SFTP, too",
    ("f07-file-content", 1): "1.16 has `content`",
    ("n08-agent", 3): "no agent is forwarded to a guest that is logged in to with a key file",
    ("n10-frozen-peer", 1): "a guest that stops answering is noticed",
}
"""Reason by case and step."""
_LEFT = "--- left on the guest"


def test_every_case_ends_and_prints_as_its_record_says() -> None:
    with lab() as running:
        cases = sorted(path.parent.name for path in shared("cases/packer").glob("*/case.json"))
        wrong = [
            found
            for case in cases
            if case not in ELSEWHERE
            for found in _differences(running, case)
        ]
    unexpected = [text for key, text in wrong if key not in OTHERWISE]
    assert not unexpected, "\n".join(unexpected)
    assert not set(OTHERWISE) - {key for key, _ in wrong}, "these are as the cases say by now"


def _differences(running: Lab, name: str) -> Iterator[tuple[tuple[str, int], str]]:
    """What is otherwise than recorded, each by case and step."""
    answer = running.ask(name)
    for number, problems in answer.problems.items():
        for problem in problems:
            yield (name, number), f"{name} step {number}: {problem}"
    records = recorded(shared(f"cases/packer/{name}/expected.txt").read_text())
    for number, record in records.items():
        out = answer.steps[number]
        lines = told(out)
        for line in printed(record) if "build" in record.partition("\n")[0].split() else ():
            here = others(name, number, line)
            # What differs from run to run has the same marks in both records.
            if here.rstrip() not in lines and not any(
                re.fullmatch(pattern(here), each) for each in lines
            ):
                yield (name, number), f"{name} step {number}: not printed: {line!r}"
        if _LEFT in out and _LEFT not in record:
            yield (name, number), f"{name} step {number}: {out[out.index(_LEFT) :]}"
