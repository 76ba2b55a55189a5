"""A session is not taken up where something else is connected than what it began with."""

from __future__ import annotations

from dataclasses import replace

import pytest

from oxtui.build.journal import SessionRecord
from oxtui.build.resume.whereabouts import elsewhere
from oxtui.build.state import BuildState

EU, US = "https://api.eu-west-2.outscale.com/api/v1", "https://api.us-east-2.outscale.com/api/v1"
RECORD = SessionRecord(
    number=7, template="t.pkr.hcl", host=EU, silo="", simulated=False, pid=1, started=0.0,
    finished=None, status="died", image="", leftovers=4, made=4,
    existing=4, given="",
)  # fmt: skip


def build(**builder: str) -> BuildState:
    return BuildState(name="b", memory={"builder": builder})


@pytest.mark.parametrize(
    ("builder", "host", "account", "told"),
    [
        ({"endpoint": EU, "account": "1"}, EU, "1", ""),
        (
            {"endpoint": EU, "account": "1"},
            US,
            "1",
            f"on {EU}, in account 1, and {US} is connected",
        ),
        ({"endpoint": EU, "account": "1"}, EU, "2", "in account 1, and account 2 is connected"),
        ({"host": EU}, US, "", f"on {EU}, and {US} is connected"),
        ({"endpoint": US, "account": "1"}, EU, "2", ""),  # the template names it by itself
        ({}, US, "2", ""),  # it had not come to know where it is
    ],
)
def test_it_is_said_where_it_runs(
    builder: dict[str, str], host: str, account: str, told: str
) -> None:
    found = elsewhere(RECORD, [build(**builder)], host, account)
    assert told in found
    assert bool(found) == bool(told)


def test_a_session_that_began_without_screens_goes_by_the_keys_that_are_found() -> None:
    known = build(endpoint=EU, account="1")
    assert elsewhere(replace(RECORD, host=""), [known], US, "2") == ""
