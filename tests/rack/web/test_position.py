"""Where a value ends in a JSON text."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from oxtui.rack.web.position import end_of

_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=12,
)


def _paths(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    members: list[tuple[str | int, Any]] = []
    if isinstance(value, dict):
        members = list(value.items())
    elif isinstance(value, list):
        members = list(enumerate(value))
    return [path, *(p for step, item in members for p in _paths(item, (*path, step)))]


@given(_values, st.sampled_from([None, 1, "\t"]))
def test_the_text_up_to_the_place_ends_with_the_value(value: Any, indent: Any) -> None:
    text = json.dumps(value, indent=indent)
    lines = text.split("\n")
    for path in _paths(value):
        member = value
        for step in path:
            member = member[step]
        line, column = end_of(text, path)
        before = "\n".join([*lines[: line - 1], lines[line - 1][:column]])
        if isinstance(member, (dict, list)):
            assert before.endswith("}" if isinstance(member, dict) else "]")
        else:
            assert before.endswith(json.dumps(member))


def test_a_missing_field_is_placed_at_the_end_of_its_object() -> None:
    assert end_of('{"a": {"b": 1}, "c": 2}', ("a", "x")) == (1, 14)
