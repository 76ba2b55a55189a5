"""Expressions of HCL in JSON mean what they mean in HCL's own syntax, and are shown as they are typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oxtui.template.hcl.diagnostic import TemplateError, has_errors
from oxtui.template.hcl.evaluate.evaluator import Evaluator
from oxtui.template.hcl.evaluate.scope import Scope
from oxtui.template.hcl.parse import parse_expression
from oxtui.template.hcl.source import SourceFile
from oxtui.template.hcl.tree.expressions import Expression
from oxtui.template.hcl.write import Code, Interpolated, Writable, quote_parts
from oxtui.template.json.bodies import parse_json_body
from oxtui.template.json.edit.code import HCL_STRINGS, expression_text, hcl_tree
from oxtui.template.json.edit.shown import shown, typed
from oxtui.template.json.edit.style import Style
from oxtui.template.json.edit.tree import Json, Tree, same, tree_of, tree_of_json
from oxtui.template.json.edit.write import write
from oxtui.template.json.reader import parse_json
from oxtui.template.legacy.changes import PLAIN_STRINGS
from oxtui.template.values import to_python
from tests.template.json.layouts import data, texts, written


def one_line(tree: Tree) -> str:
    return write(tree, Style(unit=None), "", lines=False)


def read(tree: Tree) -> tuple[Expression, str]:
    """What a `.pkr.json` with that value has for it, and its text."""
    text = f'{{"locals": {{"v": {one_line(tree)}}}}}'
    body, problems = parse_json_body(SourceFile("t.pkr.json", text))
    assert not has_errors(problems), problems
    return body.blocks[0].body.attributes["v"].expression, text


def meaning(tree: Tree) -> object:
    expression, text = read(tree)
    return to_python(Evaluator(SourceFile("t", text)).evaluate(expression, Scope()))


@pytest.mark.parametrize(
    ("code", "json"),
    [
        ("var.a", '"${var.a}"'),
        ("1.50", "1.50"),
        ("-2", "-2"),
        ("true", "true"),
        ("null", "null"),
        ('"plain"', '"plain"'),
        ('"a ${var.b["x"]}\\n"', '"a ${var.b[\\"x\\"]}\\n"'),
        ('"$${HOME} ${~ var.b ~}"', '"$${HOME}${~ var.b ~}"'),
        ("[1, var.a]", '[1, "${var.a}"]'),
        ('{ a = "b", "c" = [] }', '{"a": "b", "c": []}'),
        ("{ (var.k) = 1 }", '"${{ (var.k) = 1 }}"'),
        ("a ? 1 : 2", '"${a ? 1 : 2}"'),
        ('"%{ if x }y%{ endif }"', '"${\\"%{ if x }y%{ endif }\\"}"'),
        ("<<EOT\nhi ${var.a}\nEOT", '"hi ${var.a}\\n"'),
        ('["a\\/b"]', '["a\\/b"]'),
    ],
)
def test_code_becomes_json_where_json_has_words_for_it(code: str, json: str) -> None:
    assert one_line(hcl_tree(code)) == json
    read(hcl_tree(code))


@pytest.mark.parametrize(
    "code",
    [
        '"a$${b}c%%{d}"', '"\\u0024${1 + 1}"', "<<-E\n  a\n    ${1 + 1}b\n  E\n",
        '"%{ for x in ["a", "b"] }${x}\\"%{ endfor }"', "[for x in [1, 2] : x * 2]",
        '{ "${"k"}" = 1, b = { c = "d" } }', '" a ${~ 1 } b"', '"$$${"', "007",
    ],
)  # fmt: skip
def test_code_means_in_json_what_it_means_in_hcl(code: str) -> None:
    expression, problems = parse_expression(SourceFile("t", code))
    assert expression is not None
    assert problems == []
    value = to_python(Evaluator(SourceFile("t", code)).evaluate(expression, Scope()))
    assert meaning(hcl_tree(code)) == value


def test_text_with_expressions_in_it_and_such_keys_are_strings() -> None:
    value = Interpolated(("a ${x} $", Code("var.b"), '"'))
    key = Code(quote_parts(value))
    assert one_line(tree_of(value, HCL_STRINGS)) == '"a $${x} ${\\"$\\"}${var.b}\\""'
    assert one_line(tree_of({key: 1}, HCL_STRINGS)) == '{"a $${x} ${\\"$\\"}${var.b}\\"": 1}'
    with pytest.raises(TemplateError):
        tree_of({Code("[1]"): 1}, HCL_STRINGS)


def test_what_is_no_expression_is_refused() -> None:
    for code in ("1 +", "{", "a b", '"${'):
        with pytest.raises(TemplateError):
            hcl_tree(code)


plain_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(10**20), 10**20), texts),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(texts.filter(bool), inner, max_size=3)
    ),
    max_leaves=6,
)
dollars = st.text('$%{}~ax"\\\n', max_size=8)


@given(st.one_of(dollars, st.lists(dollars, max_size=2)))
def test_plain_texts_are_no_templates(value: object) -> None:
    assert meaning(tree_of(value, HCL_STRINGS)) == value  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Json("{"), Json("1 2"), "\ud800"])
def test_what_json_cannot_say_is_refused(value: Writable | Json) -> None:
    with pytest.raises(TemplateError):
        tree_of(value, HCL_STRINGS)


@pytest.mark.parametrize(
    ("json", "text"),
    [
        ('"${var.a}"', "var.a"),
        ('"${ upper(\\"x\\") }"', 'upper("x")'),
        ('"${~ var.a ~}"', "var.a"),
        ('"a ${var.a}"', '"a ${var.a}"'),
        ('"plain"', '"plain"'),
        ("[1, true]", "[1, true]"),
        ('{"a": "${b}"}', '{"a": "${b}"}'),
    ],
)
def test_expressions_are_shown_as_they_can_be_typed(json: str, text: str) -> None:
    expression, whole = read(tree_of_json(json))
    assert expression_text(whole, expression) == text
    again, problems = parse_expression(SourceFile("", text))
    assert problems == []
    assert again is not None
    after, _ = read(hcl_tree(text))
    assert type(after) is type(expression)
    assert hcl_tree(expression_text(whole, expression)) == hcl_tree(text)


def test_a_type_is_shown_without_its_quotes() -> None:
    text = '{"variable": {"a": {"type": "object({ \\"b\\" = string })"}}}'
    body, _ = parse_json_body(SourceFile("t.pkr.json", text))
    expression = body.blocks[0].body.attributes["type"].expression
    assert expression_text(text, expression) == 'object({ "b" = string })'


@given(data.flatmap(written))
def test_what_is_shown_can_be_typed_again(json: str) -> None:
    node, _ = parse_json(SourceFile("", json))
    assert node is not None
    json = json[node.span.start : node.span.end]
    again = typed(shown(json))
    assert same(node, tree_of(again, PLAIN_STRINGS))


def test_a_plain_text_is_shown_as_it_is() -> None:
    for json, text in (
        ('"a\\nb"', "a\nb"), ('"5"', '"5"'), ('""', '""'), ('" a"', '" a"'), ("5.0", "5.0"),
        ('"{{user `x`}}"', "{{user `x`}}"), ('"[a"', "[a"), ('"[]"', '"[]"'),
    ):  # fmt: skip
        assert shown(json) == text
    assert typed("echo hi") == "echo hi"
    assert typed(" [1] ") == Json("[1]")
