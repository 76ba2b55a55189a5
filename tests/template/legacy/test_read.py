"""Legacy templates: what is in one, and every mistake that can be told from the text, at its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oxtui.template.hcl.source import SourceFile
from oxtui.template.legacy.read import read_legacy
from oxtui.template.load import parse_template
from tests.shared import shared

_BUILDERS = '"builders": [{"type": "null"}]'


def test_a_template_is_read_whole() -> None:
    text = """{
      "_about": "why", "description": "d", "min_packer_version": "1.7.0", "push": {"name": "gone"},
      "variables": {"a": "A", "must": null}, "sensitive-variables": ["a"],
      "builders": [{"type": "null"}, {"type": "null", "name": "other"}],
      "provisioners": [{"type": "shell", "only": ["other"]}],
      "error-cleanup-provisioner": {"type": "shell"},
      "post-processors": ["manifest", {"type": "checksum", "name": "c"}, ["artifice", {"type": "compress"}]]
    }"""
    legacy, problems = read_legacy(SourceFile("t.json", text))
    assert problems == []
    assert legacy.comments == {"_about": "why"}
    assert (legacy.description, legacy.min_packer_version) == ("d", "1.7.0")
    assert {name: each.default for name, each in legacy.variables.items()} == {
        "a": "A",
        "must": None,
    }
    assert legacy.sensitive == ["a"]
    assert [(each.type, each.name) for each in legacy.builders] == [
        ("null", "null"),
        ("null", "other"),
    ]
    assert [each.type for each in legacy.provisioners] == ["shell"]
    assert legacy.error_cleanup is not None
    chains = [[(each.type, each.name) for each in chain] for chain in legacy.post_processors]
    assert chains == [[("manifest", "")], [("checksum", "c")], [("artifice", ""), ("compress", "")]]


@pytest.mark.parametrize(
    ("text", "marked", "told"),
    [
        ('{"bulders": []}', '"bulders"', 'Did you mean "builders"?'),
        ('{"_c": ["a"], ' + _BUILDERS + "}", '["a"]', 'A comment such as "_c" is a string'),
        ("{" + _BUILDERS + ', "builders": []}', '"builders": []}', "twice; the first is in line 1"),
        ('{"builders": [{"type": "null", "a": {"b": 1, "b": 2}}]}', '"b": 2', '"b" twice'),
        ('{"provisioners": []}', "{", "needs at least one builder"),
        ('{"builders": [{"type": "null"}, {"type": "null"}]}', '"null"}]', 'is called "null"'),
        ('{"builders": [{"name": "x"}]}', '{"name"', 'Builder 1 needs a "type"'),
        ('{"builders": [7]}', "7", "Builder 1 is an object; here is a number"),
        ('{"builders": [{"type": 1}]}', "1", 'The "type" of builder 1 is a string'),
        ("{" + _BUILDERS + ', "provisioners": [{"type": "shell", "only": ["nul"]}]}', '"nul"', 'Did you mean "null"?'),
        ("{" + _BUILDERS + ', "provisioners": [{"type": "shell", "override": {"x": {}}}]}', '"x"', '"override" names'),
        ("{" + _BUILDERS + ', "min_packer_version": "99.0"}', '"99.0"', "asks for Packer 99.0 or higher"),
        ("{" + _BUILDERS + ', "min_packer_version": "new"}', '"new"', "not a version"),
        ("{" + _BUILDERS + ', "variables": {"n": 5}}', "5", "here is a number"),
        ("{" + _BUILDERS + ', "variables": {"n": true}}', "true", "here is a bool"),
        ("{" + _BUILDERS + ', "post-processors": [[["a"]]]}', '["a"]', "list in a list"),
        ('[{"type": "null"}]', "[", "here is a list"),
        ('{"builders": [{"type": "null"},]}', "]}", "a comma too many"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_at_its_place(text: str, marked: str, told: str) -> None:
    _, [problem] = read_legacy(SourceFile("t.json", text))
    assert problem.span is not None
    assert text[problem.span.start :].startswith(marked)
    assert told in problem.detail


def test_mistakes_do_not_hide_each_other() -> None:
    text = '{"builders": [{"nme": 1}], "x": 1, "variables": [], "provisioners": [{"type": ""}, 4]}'
    _, problems = read_legacy(SourceFile("t.json", text))
    assert [problem.summary for problem in problems] == [
        "Missing type", "Unknown root level key", "Incorrect value type", "Incorrect value type",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "path",
    sorted(shared("cases/packer").glob("*/*.json")),
    ids=lambda p: f"{p.parent.name}/{p.name}",
)
def test_no_public_template_is_too_much(path: object) -> None:
    text = path.read_text()  # type: ignore[attr-defined]
    template = parse_template(text, str(path))
    assert template.legacy is not None


@given(st.text(alphabet='{}[]":,_abuilders type\n\\', max_size=60))
def test_any_text_gives_a_template_or_a_diagnostic(text: str) -> None:
    legacy, problems = read_legacy(SourceFile("t.json", text))
    assert legacy.builders or problems
