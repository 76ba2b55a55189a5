"""What is added to JSON text is laid out as what is around it."""

from __future__ import annotations

import pytest

from oxtui.template.json.edit.json_text import JsonText
from oxtui.template.json.nodes import Array, Object


def with_member(text: str, name: str = "n", value: str = '"v"') -> str:
    json = JsonText("t.json", text)
    assert isinstance(json.root, Object)
    return json.set_member(json.root, name, value).text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("{}", '{\n  "n": "v"\n}'),
        ('{"a": 1}', '{"a": 1, "n": "v"}'),
        ('{"a":1}', '{"a":1,"n":"v"}'),
        ('{ "a" : 1 }', '{ "a" : 1, "n" : "v" }'),
        ('{"a":1 , "b":2}\n', '{"a":1 , "b":2 , "n":"v"}\n'),
        ('{\n\t"a": 1\n}', '{\n\t"a": 1,\n\t"n": "v"\n}'),
        ('{\r\n  "a":  1\r\n}\r\n', '{\r\n  "a":  1,\r\n  "n":  "v"\r\n}\r\n'),
        ('{\n"a": 1\n}', '{\n"a": 1,\n"n": "v"\n}'),
        ('{\n    "a": 1\n  , "b": 2\n}', '{\n    "a": 1\n  , "b": 2\n  , "n": "v"\n}'),
        ('{\n  "a": 1,\n\n  "b": 2\n}', '{\n  "a": 1,\n\n  "b": 2,\n  "n": "v"\n}'),
        ('\ufeff{"a": 1}', '\ufeff{"a": 1, "n": "v"}'),
    ],
)
def test_a_member_is_added_in_the_layout_of_its_neighbours(before: str, after: str) -> None:
    assert with_member(before) == after


def test_an_empty_object_takes_lines_where_what_is_around_it_does() -> None:
    for before, after in (
        ('{\n  "a": {}\n}', '{\n  "a": {\n    "n": "v"\n  }\n}'),
        ('{"a": {}}', '{"a": {"n": "v"}}'),
        ('{\n\t"x": {"a": {}, "b": 1}\n}', '{\n\t"x": {"a": {"n": "v"}, "b": 1}\n}'),
    ):
        json = JsonText("t.json", before)
        node = json.at(before.index("{}"))
        assert isinstance(node, Object)
        assert json.set_member(node, "n", '"v"').text == after


def items(text: str, *added: str) -> str:
    json = JsonText("t.json", text)
    for item in added:
        node = json.at(json.text.index("["))
        assert isinstance(node, Array)
        json = json.insert_item(node, len(node.items), item)
    return json.text


def test_items_stand_as_those_before_them() -> None:
    assert items('{"l": []}', "1", "2") == '{"l": [1, 2]}'
    assert items('{\n  "l": []\n}', "1", "2") == '{\n  "l": [1, 2]\n}'
    assert items('{\n  "l": [\n    1\n  ]\n}', "2") == '{\n  "l": [\n    1,\n    2\n  ]\n}'
    assert items('["a",\n "b"]', "1") == '["a",\n "b",\n 1]'


def test_objects_of_a_list_follow_each_other_as_they_did() -> None:
    hugging = '{\n  "l": [{\n    "a": 1\n  }]\n}'
    json = JsonText("t.json", hugging)
    node = json.at(hugging.index("["))
    assert isinstance(node, Array)
    assert json.insert_item(node, 1, {"b": "2"}).text == (
        '{\n  "l": [{\n    "a": 1\n  }, {\n    "b": 2\n  }]\n}'
    )
    lines = '[\n  { "a": 1 },\n  { "a": 2 }\n]'
    json = JsonText("t.json", lines)
    assert isinstance(json.root, Array)
    assert json.insert_item(json.root, 1, {"b": "3"}).text == (
        '[\n  { "a": 1 },\n  { "b": 3 },\n  { "a": 2 }\n]'
    )


def test_only_what_differs_in_a_list_is_written() -> None:
    text = '{\n  "l": [\n    "one",  \n    "tw\\u006f",\n    1.50\n  ]\n}\n'
    json = JsonText("t.json", text)
    node = json.at(text.index("["))
    after = json.set_value(node, ['"one"', '"new"', '"two"', "1.5"]).text
    assert after == text.replace('"one",  \n', '"one",  \n    "new",  \n')
    assert json.set_value(node, ['"two"']).text == '{\n  "l": [\n    "tw\\u006f"\n  ]\n}\n'


def test_a_list_that_becomes_too_long_for_its_line_takes_several() -> None:
    text = '{\n  "l": ["a", "b"]\n}\n'
    json = JsonText("t.json", text)
    long = '"' + "x" * 70 + '"'
    after = json.set_value(json.at(text.index("[")), ['"a"', long, '"b"'])
    assert after.text == f'{{\n  "l": [\n    "a",\n    {long},\n    "b"\n  ]\n}}\n'
    # On one line with all the rest it stays there.
    json = JsonText("t.json", '{"l": ["a", "b"]}')
    assert json.set_value(json.at(6), ['"a"', long]).text == f'{{"l": ["a", {long}]}}'


def test_a_group_keeps_the_blank_line_before_it() -> None:
    text = '{\n  "a": 1,\n\n  "b": 2,\n  "c": 3\n}'
    json = JsonText("t.json", text)
    assert isinstance(json.root, Object)
    assert json.remove_entry(json.root, 1).text == '{\n  "a": 1,\n\n  "c": 3\n}'
    assert json.remove_entry(json.root, 0).text == '{\n  "b": 2,\n  "c": 3\n}'
    assert json.remove_entry(json.root, 2).text == '{\n  "a": 1,\n\n  "b": 2\n}'


def test_of_an_object_only_members_that_differ_are_written() -> None:
    text = '{"o": {"a" :1.0, "b": "x",  "c": [ ]}}'
    json = JsonText("t.json", text)
    after = json.set_value(json.at(6), {"c": [], "a": "1", "d": "true"})
    assert after.text == '{"o": {"a" :1.0,  "c": [ ],  "d": true}}'
