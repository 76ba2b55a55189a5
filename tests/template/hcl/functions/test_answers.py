"""Answers of functions at the edges of what they take, as Packer and Terraform give them."""

from __future__ import annotations

from pathlib import Path

import pytest

from oxtui.template.hcl.functions.json_text import encode
from tests.template.hcl.evaluation import evaluate, type_of

HELPERS = ("toset", "tomap", "tolist")

ANSWERS = {
    "abs(-0)": "0",
    "ceil(-0)": "0",
    "floor(-0.0)": "0",
    "signum(-9223372036854775807)": "-1",
    'setproduct(toset(["b", "a"]), ["z", "y"])': '[["a","y"],["a","z"],["b","y"],["b","z"]]',
    'setproduct(toset(["a"]), [1, 10, 2])': '[["a",10],["a",1],["a",2]]',
    "toset([[1e12], [1.5], [123456789012], [-1]])": "[[-1],[123456789012],[1.5],[1000000000000]]",
    'toset([["b"], ["a1"], ["a"]])': '[["a"],["a1"],["b"]]',
    'true ? ["b", "a"] : toset(["z"])': '["a","b"]',
    'substr("hello", -3, 0)': '"llo"',
    'substr("hello", 2, 0)': '""',
    'formatlist("%z", [], "x")': "[]",
    '"${-1 / 0}x"': '"-Infx"',
    'join(",", [1 / 0, 2])': '"+Inf,2"',
    'format("%s|%q|%v|%g", 1 / 0, 1 / 0, 1 / 0, -1 / 0)': '"+Inf|\\"+Inf\\"|+Inf|-Inf"',
    "{(1 / 0) = 1}": '{"+Inf":1}',
    "yamlencode(1 / 0)": '"+Inf\\n...\\n"',
    'textencodebase64("ab", "UTF-16")': '"/v8AYQBi"',
    'textdecodebase64("AGEAYg==", "UTF-16")': '"ab"',
    'textdecodebase64("//5hAGIA", "UTF-16")': '"ab"',
    'textdecodebase64("/v8AYQBi", "UTF-16")': '"ab"',
    "yamldecode(\"!!int '5'\")": "5",
    'yamldecode("!!timestamp 2024-01-02")': '"2024-01-02T00:00:00Z"',
    'yamldecode("!!map {a: !!seq [1]}")': '{"a":[1]}',
    'yamlencode("a\\tb\\nc\\n")': '"\\"a\\\\tb\\\\nc\\\\n\\"\\n"',
    'yamlencode("a \\nb\\n")': '"\\"a \\\\nb\\\\n\\"\\n"',
    'yamlencode("a\\nb ")': '"\\"a\\\\nb \\"\\n"',
    'yamlencode("a\\n b\\n")': '"|\\n  a\\n   b\\n"',
    'yamlencode("a\\n\\U0001F468\\n")': '"\\"a\\\\n\\\\U0001F468\\\\n\\"\\n"',
    'yamlencode("nb\\u00a0sp")': '"\\"nb\u00a0sp\\"\\n"',
    'lookup(tomap({ a = 1 }), "b", "2")': "2",
}

REFUSED = {
    "signum(1e30)": "call_failed",
    'coalescelist(["a"], "x")': "argument",
    'coalescelist(["a"], toset(["b"]))': "argument",
    'lookup(tomap({ a = 1 }), "a", "x")': "argument",
    "jsonencode(1 / 0)": "call_failed",
    'format("%d", 1 / 0)': "call_failed",
    'yamldecode("[.nan]")': "call_failed",
    'yamldecode("!foo {a: 1}")': "call_failed",
    'yamldecode("- !x y")': "call_failed",
    'yamldecode("!!set {a, b}")': "call_failed",
    'yamldecode("!!str [1]")': "call_failed",
    'yamldecode("!!bool x")': "call_failed",
    'yamldecode("!!null x")': "call_failed",
}


@pytest.mark.parametrize("call", ANSWERS)
def test_the_value_is_packers(call: str) -> None:
    outcome = evaluate(call, Path(), helpers=HELPERS)
    assert outcome.value is not None, str(outcome.problem)
    assert encode(outcome.value) == ANSWERS[call]


@pytest.mark.parametrize("call", REFUSED)
def test_it_is_refused(call: str) -> None:
    outcome = evaluate(call, Path(), helpers=HELPERS)
    assert outcome.problem is not None
    assert outcome.problem.code == REFUSED[call]


def test_a_product_with_a_set_is_a_set() -> None:
    outcome = evaluate('setproduct(["a"], toset([1]))', Path(), helpers=HELPERS)
    assert outcome.value is not None
    assert type_of(outcome.value) == "set(tuple([string,number]))"
