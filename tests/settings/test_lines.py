"""A mistake in the settings file is shown with its line, however the file is written."""

from __future__ import annotations

import tomllib
from io import StringIO
from typing import Any

import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from oxtui.settings.lines import values_with_lines

KEYS = st.text("abc-. \"'\\[]=#\n", min_size=1, max_size=5)
SCALARS = st.text("a'\"\\\n[]=# \u2028", max_size=8) | st.integers(-9, 9) | st.booleans()
VALUES = SCALARS | st.lists(SCALARS, max_size=3)
TABLES = st.recursive(
    st.dictionaries(KEYS, VALUES, max_size=3),
    lambda inner: st.dictionaries(KEYS, VALUES | inner, max_size=3),
    max_leaves=8,
)


@given(TABLES)
def test_every_value_of_a_file_is_found_and_nothing_else(document: dict[str, Any]) -> None:
    text = tomlkit.dumps(document)
    rebuilt: dict[str, Any] = {}
    for path, value, _ in values_with_lines(text):
        place = rebuilt
        for key in path[:-1]:
            place = place.setdefault(key, {})
        if value != {}:
            place[path[-1]] = value
        else:
            place.setdefault(path[-1], {})
    assert rebuilt == tomllib.loads(text)


@given(TABLES)
def test_the_line_of_a_value_is_where_it_is_written(document: dict[str, Any]) -> None:
    text = tomlkit.dumps(document)
    lines = list(StringIO(text))
    for path, value, number in values_with_lines(text):
        if value == {}:
            continue
        alone = "".join(lines[number - 1 :])
        assert path[-1] in next(_keys(tomllib.loads(_statement(alone))))


def _statement(text: str) -> str:
    """The first statement of a text, as the TOML parser itself delimits it."""
    lines = list(StringIO(text))
    for end in range(1, len(lines) + 1):
        candidate = "".join(lines[:end])
        try:
            tomllib.loads(candidate)
        except tomllib.TOMLDecodeError:
            continue
        return candidate
    raise AssertionError(text)


def _keys(document: dict[str, Any]) -> Any:
    for key, value in document.items():
        if isinstance(value, dict) and value:
            for path in _keys(value):
                yield [key, *path]
        else:
            yield [key]


def test_comments_and_values_over_several_lines_do_not_shift_the_count() -> None:
    text = '''# [not.a.table]
[general]

theme = """
[waits]
ssh = "not a setting"
"""
[keys]
"build.start" = [  # two of them
  "b",
  "ctrl+b",
]
profiles.x = "y"
'''
    assert list(values_with_lines(text)) == [
        (("general",), {}, 2),
        (("general", "theme"), '[waits]\nssh = "not a setting"\n', 4),
        (("keys",), {}, 8),
        (("keys", "build.start"), ["b", "ctrl+b"], 9),
        (("keys", "profiles", "x"), "y", 13),
    ]
