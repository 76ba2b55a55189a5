"""The rack's checker of schemas judges as a general validator does."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oxtui.rack.outscale.actions.registry import ACTIONS
from oxtui.rack.outscale.oapi.schemas import Schemas
from tests.rack.outscale.description import LATER, validator
from tests.rack.outscale.description import schemas as described
from tests.rack.outscale.made_up import values
from tests.shared import shared

SCHEMAS = Schemas()


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_it_accepts_what_a_general_validator_accepts(data: st.DataObject) -> None:
    names = sorted(name for name in described() if name.endswith(("Request", "Response")))
    name = data.draw(st.sampled_from(names))
    value = data.draw(values(described()[name]))
    assert (SCHEMAS.problem(name, value) is None) == validator(name).is_valid(value)


def test_the_schemas_that_come_with_the_rack_are_those_of_the_api() -> None:
    shipped = resources.files("oxtui.rack.outscale.oapi") / "schemas.json"
    original = shared("cases/outscale/oapi-pruned.json")
    ours, theirs = json.loads(shipped.read_text()), json.loads(original.read_text())
    for name in LATER:
        del ours["schemas"][name]
    assert ours == theirs


def test_every_action_of_the_description_is_served_and_no_other() -> None:
    assert SCHEMAS.actions == ACTIONS.keys()


@pytest.mark.parametrize(
    ("body", "kind", "said"),
    [
        ({"ImageId": "ami-1", "Colour": 1}, "unknown", "Colour is no parameter of this action"),
        ({}, "missing", "ImageId is required"),
        ({"ImageId": 3}, "type", "ImageId must be of type string"),
        ({"ImageId": "ami-1", "BootMode": "bios"}, "value", "BootMode must be one of uefi, legacy"),
        (
            {"ImageId": "ami-1", "BlockDeviceMappings": [{"Bsu": {"Iops": "1"}}]},
            "type",
            "BlockDeviceMappings[0].Bsu.Iops must be of type integer",
        ),
    ],
)
def test_a_problem_names_its_place(body: dict[str, Any], kind: str, said: str) -> None:
    problem = SCHEMAS.problem("CreateVmsRequest", body)
    assert problem is not None
    assert (problem.kind, str(problem)) == (kind, said)
