"""JSON with places: what Python's reader takes is taken, with the same meaning; everything else is told."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oxtui.template.hcl.source import SourceFile
from oxtui.template.json import parse_json
from oxtui.template.json.nodes import Array, Node, Number, Object, String, Word
from oxtui.template.json.reader import MAX_DEPTH
from oxtui.template.json.strings import write_string

_DATA = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)
_PIECES = st.sampled_from(
    ['"', "\\", "\\u12", "\\ud83d\\ude00", "{", "}", "[", "]", ",", ":", "1", "-", ".5", "e9", "true",
     "null", "nul", " ", "\n", "a", "\x00", "ü", "\ufeff", "//", "'"]
)  # fmt: skip


def _plain(node: Node) -> object:
    match node:
        case String():
            return node.text
        case Number():
            return json.loads(node.text)
        case Word():
            return {"true": True, "false": False, "null": None}[node.name]
        case Array():
            return [_plain(item) for item in node.items]
        case Object():
            return {member.name: _plain(member.value) for member in node.members}


def _all(node: Node) -> list[Node]:
    found: list[Node] = [node]
    if isinstance(node, Array):
        found += [below for item in node.items for below in _all(item)]
    if isinstance(node, Object):
        found += [member.key for member in node.members]
        found += [below for member in node.members for below in _all(member.value)]
    return found


@given(_DATA, st.booleans(), st.sampled_from([None, 1, "\t"]))
def test_what_it_reads_is_what_was_written(data: object, ascii_only: bool, indent: object) -> None:
    text = json.dumps(data, ensure_ascii=ascii_only, indent=indent)
    node, problems = parse_json(SourceFile("t.json", text))
    assert node is not None
    assert not problems
    assert _plain(node) == data
    for each in _all(node):  # every node's span is JSON that means the same
        assert json.loads(text[each.span.start : each.span.end]) == _plain(each)


@given(st.lists(_PIECES, max_size=12).map("".join) | st.text(max_size=20))
def test_it_takes_what_python_takes_and_nothing_else(text: str) -> None:
    try:
        expected = json.loads(text.removeprefix("\ufeff"), parse_constant=lambda name: 1 / 0)
    except (ValueError, ZeroDivisionError):
        expected = ...
    node, problems = parse_json(SourceFile("t.json", text))
    assert (node is None) == (expected is ...)
    assert (node is None) == bool(problems)
    if node is not None and "\\ud" not in text:  # halves of pairs differ: Go has none
        assert _plain(node) == expected


@given(st.text())
def test_a_written_string_is_read_back(text: str) -> None:
    node, problems = parse_json(SourceFile("t.json", write_string(text)))
    assert not problems
    assert isinstance(node, String)
    assert node.text == text


def test_each_character_of_a_string_knows_its_place() -> None:
    text = r'["a\n\u00e9\ud83d\ude00b"]'
    node, _ = parse_json(SourceFile("t.json", text))
    assert isinstance(node, Array)
    string = node.items[0]
    assert isinstance(string, String)
    assert string.text == "a\né😀b"
    starts = [string.offset(index) for index in range(len(string.text) + 1)]
    assert [text[at] for at in starts] == ["a", "\\", "\\", "\\", "b", '"']


def test_half_a_pair_is_the_replacement_character() -> None:
    node, _ = parse_json(SourceFile("t.json", r'"\ud83dx\ude00"'))
    assert isinstance(node, String)
    assert node.text == "\ufffdx\ufffd"


@pytest.mark.parametrize(
    ("text", "line", "column", "told"),
    [
        ('{"a": [\n {"b": 1},\n ]}', 3, 2, "a comma too many"),
        ("", 1, 1, "empty"),
        ('{"a": 1', 1, 8, "A comma or }"),
        ('{"a" 1}', 1, 6, "colon"),
        ("{a: 1}", 1, 2, "key in double quotes"),
        ('{"a": abc}', 1, 7, '"abc" is no JSON value'),
        ('{"a": "b}', 1, 7, "not ended"),
        ('{"a": "b\n"}', 1, 9, "line"),
        (r'{"a": "\d"}', 1, 8, r"\d is no escape"),
        ('{"a": 1} x', 1, 10, "after the end"),
        ("{// c\n}", 1, 2, "no comments"),
        ("['a']", 1, 2, "double quotes"),
    ],
)
def test_a_mistake_is_told_with_its_place(text: str, line: int, column: int, told: str) -> None:
    file = SourceFile("t.json", text)
    node, [problem] = parse_json(file)
    assert node is None
    assert problem.span is not None
    assert file.position(problem.span.start) == (line, column)
    assert told in problem.detail
    assert f"At line {line}, column {column} (offset {problem.span.start})." in problem.detail


def test_nesting_is_bounded() -> None:
    deep = "[" * MAX_DEPTH + "]" * MAX_DEPTH
    assert parse_json(SourceFile("t.json", deep))[1] == []
    _, [problem] = parse_json(SourceFile("t.json", "[" * 1_000_000))
    assert "at most" in problem.detail
