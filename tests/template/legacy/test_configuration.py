"""Rendering the whole configuration of a component."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from oxtui.template.legacy.configuration import render_configuration
from oxtui.template.legacy.interpolate import Interpolation, InterpolationError

CONTEXT = Interpolation(datetime(2026, 11, 21, 3, 4, 5, tzinfo=UTC), user={"a": "A"})


def test_each_string_and_each_name_of_inner_maps_is_rendered_once() -> None:
    configuration = {
        "{{user `a`}}": "{{ user `a` }}",
        "inline": ["echo {{ user `a` }}", "{{ `{{` }} timestamp }}", 5],
        "env": {"{{ user `a` }}_X": ["{{ upper `b` }}", True, None]},
    }
    assert render_configuration(CONTEXT, configuration) == {
        "{{user `a`}}": "A",
        "inline": ["echo A", "{{ timestamp }}", 5],
        "env": {"A_X": ["B", True, None]},
    }


def test_what_the_component_renders_itself_is_only_read() -> None:
    configuration = {"Execute_Command": "{{ .Vars }} {{ .Path }}", "b": "{{ .Path }}"}
    rendered = render_configuration(CONTEXT, configuration, exclude=["execute_command"])
    assert rendered == {"Execute_Command": "{{ .Vars }} {{ .Path }}", "b": "<no value>"}
    with pytest.raises(InterpolationError, match=r"nope.* \(in the option execute_command\)"):
        render_configuration(CONTEXT, {"execute_command": "{{ nope }}"}, ["execute_command"])


def test_an_error_names_the_option() -> None:
    with pytest.raises(InterpolationError, match=r"only in the values of variables.* inline\)$"):
        render_configuration(CONTEXT, {"inline": ["echo {{env `HOME`}}"]})


def test_endless_nesting_is_refused() -> None:
    value: Any = "x"
    for _ in range(5_000):
        value = [value]
    with pytest.raises(InterpolationError, match="lie in each other"):
        render_configuration(CONTEXT, {"a": value})
