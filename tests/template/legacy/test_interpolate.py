"""The `{{ }}` language in strings."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oxtui.template.legacy.interpolate import Interpolation, InterpolationError

NOW = Interpolation(datetime(2026, 11, 21, 3, 4, 5, tzinfo=UTC), {"Name": "web"}, {"ID": "i-1"})


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("packer-{{timestamp}}", "packer-1795230245"),
        ("{{ isotime }}", "2026-11-21T03:04:05Z"),
        ('{{isotime "2006-01-02 15:04"}}', "2026-11-21 03:04"),
        ("{{ isotime `Jan _2` }}", "Nov _2"),
        ("{{ .Name | upper }}-{{.Name}}", "WEB-web"),
        ("{{ build `ID` }}", "i-1"),
        ('{{ replace_all "b" "x" "abba" }}', "axxa"),
        ("{{ .Missing }}", "<no value>"),
        ("{{`{{`}} stays", "{{ stays"),
        ("no action } here {", "no action } here {"),
    ],
)
def test_an_action_gives_its_value(text: str, result: str) -> None:
    assert NOW.render(text) == result


def test_variables_of_one_call_join_the_others() -> None:
    assert NOW.render("{{.Path}} {{.Name}}", Path="/x") == "/x web"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{{ nope }}", "function nope is not known here; there are build, isotime"),
        ("{{ build `Nope` }}", "the build has no Nope; it has ID"),
        ("{{ upper }}", "wrong number of arguments"),
        ("{{ }}", "is empty"),
    ],
)
def test_what_is_wrong_is_named(text: str, message: str) -> None:
    with pytest.raises(InterpolationError, match=message):
        NOW.render(text)


@given(st.text().filter(lambda text: "{{" not in text))
def test_text_without_actions_is_left_alone(text: str) -> None:
    assert NOW.render(text) == text


@given(st.text(alphabet='{}.|`"\\ ab1', max_size=40))
def test_any_text_is_rendered_or_refused_with_a_sentence(text: str) -> None:
    refusals = []
    try:
        NOW.render(text)
    except InterpolationError as error:
        refusals.append(str(error))
    assert all(refusals)
