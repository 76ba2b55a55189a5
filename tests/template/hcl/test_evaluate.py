"""Evaluation beyond the reference cases: what is unknown, what is sensitive, what takes too long."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from oxtui.template.hcl.evaluate import evaluator
from oxtui.template.hcl.evaluate.evaluator import Evaluator
from oxtui.template.hcl.evaluate.scope import Scope
from oxtui.template.hcl.functions.table import function_table
from oxtui.template.hcl.parse import parse_expression
from oxtui.template.hcl.source import SourceFile
from oxtui.template.hcl.values.types import STRING, ListType
from oxtui.template.hcl.values.value import Value, object_of
from oxtui.template.values import from_python, is_known, is_sensitive, string, to_python, unknown
from tests.template.hcl.evaluation import Outcome, evaluate, type_of

VARIABLES = {
    "late": unknown(STRING),
    "later": unknown(ListType(STRING)),
    "secret": string("hunter2").marked(),
    "secrets": from_python({"a": ["x", 1]}).marked(),
    "half": object_of({"known": string("k"), "late": unknown(STRING)}),
}


def value_of(text: str) -> Value:
    outcome = evaluate(text, Path(), VARIABLES)
    assert outcome.problem is None, str(outcome.problem)
    assert outcome.value is not None
    return outcome.value


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('"a${late}"', "string"),
        ("late", "string"),
        ("upper(late)", "string"),
        ("late == null", "bool"),
        ("true && (late == 1)", "bool"),
        ("length(late)", "number"),
        ('late == "a" ? 1 : "b"', "string"),
        ("later[0]", "string"),
        ("later[*]", "any"),
        ("[for x in later : x]", "any"),
        ("{(late) = 1}", "any"),
        ("half.late", "string"),
        ("-length(later)", "number"),
        ("max(later...)", "any"),
    ],
)
def test_what_depends_on_the_unknown_is_unknown_with_its_type(text: str, kind: str) -> None:
    value = value_of(text)
    assert not is_known(value)
    assert type_of(value) == kind


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("half.known", "k"),
        ("false && (late == 1)", False),
        ('late == "a" || true', True),
        ('length([late, "b"])', 2),
        ("concat([late], [1])[1]", 1),
        ("keys(half)", ["known", "late"]),
        ("merge(half, {known = 2}).known", 2),
        ("try(nosuch, 1)", 1),
        ("can(nosuch.x)", False),
    ],
)
def test_what_does_not_depend_on_the_unknown_is_known(text: str, expected: object) -> None:
    assert to_python(value_of(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "secret",
        '"a${secret}b"',
        "upper(secret)",
        'secret == "x"',
        "secret == secret ? 1 : 2",
        "[secret][0]",
        "{a = secret}.a",
        "secrets.a[0]",
        "secrets.a[1] + 1",
        "[for x in secrets.a : x]",
        "{for x in [secret] : x => 1}",
        '"%{ if secret == "q" }x%{ endif }"',
        '"%{ for x in secrets.a }x%{ endfor }"',
        "jsonencode(secrets)",
        "length(secrets.a)",
        "secrets[*].a",
        "!(secret == 1)",
        "convert(secret, string)",
        "flatten([[secret]])",
        "base64encode(secret)",
    ],
)
def test_what_is_made_of_something_sensitive_is_sensitive(text: str) -> None:
    assert is_sensitive(value_of(text))


@pytest.mark.parametrize(
    "text",
    [
        "parseint(secret, 10)",
        "file(secret)",
        "secret + 1",
        "jsondecode(secret)",
        "formatdate(secret, timestamp())",
        'regex(secret, "a")',
        "{for x in [1, 2] : secret => x}",
        "tolist(secret)",
        "{a = 1}[secret]",
    ],
)
def test_errors_do_not_tell_what_is_sensitive(text: str) -> None:
    outcome = evaluate(text, Path(), VARIABLES)
    assert outcome.problem is not None
    assert "hunter2" not in str(outcome.problem)


def test_what_functions_make_of_secrets_is_noted() -> None:
    noted: set[str] = set()
    file = SourceFile("test", '"x ${base64encode(secret)} ${upper("plain")}"')
    node, _ = parse_expression(file)
    assert node is not None
    scope = Scope(VARIABLES, function_table(Path()), note_secret=noted.add)
    Evaluator(file).evaluate(node, scope.inner({"y": string("z")}))
    assert noted == {"aHVudGVyMg=="}


def _error(text: str, **variables: Any) -> Outcome:
    outcome = evaluate(text, Path(), {**VARIABLES, **variables})
    assert outcome.problem is not None
    return outcome


def test_a_loop_in_a_loop_in_a_loop_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluator, "MAX_STEPS", 10_000)
    outer = "range(1000)"
    text = f"[for a in {outer} : [for b in {outer} : [for c in {outer} : 1 if false]]]"
    problem = _error(text).problem
    assert problem is not None
    assert problem.summary == "Evaluation takes too long"


TEN = "aaaaaaaaaa"
LONG = f'join("", [for a in range(1000) : "{TEN}"])'
IN_LOOPS = (
    "%{ for a in range(1000) }%{ for b in range(1000) }" + TEN * 80 + "%{ endfor }%{ endfor }"
)


@pytest.mark.parametrize(
    "text",
    [
        "[for a in range(1000) : [for b in range(1000) : a]]",
        f'"{IN_LOOPS}"',
        "setproduct(range(1000), range(1000), range(1000))",
        'format("%9999s%9999s%9999s%99999999s", 1, 1, 1, 1)',
        f'replace({LONG}, "", {LONG})',
        'indent(1000000, join("\\n", [for a in range(1000) : "a"]))',
    ],
    ids=["tuples", "template", "product", "format", "replace", "indent"],
)
def test_values_that_would_fill_memory_are_errors(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evaluator, "MAX_STEPS", 20_000)
    assert _error(text).problem is not None


def test_a_deep_but_allowed_expression_has_a_value() -> None:
    assert to_python(value_of("(" * 200 + "1" + ")" * 200)) == 1
    assert to_python(value_of("1" + " + 1" * 20_000)) == 20_001
    assert to_python(value_of("-" * 200 + "1")) == 1


def test_a_mistyped_name_is_corrected() -> None:
    for text, meant in (
        ("secert", '"secret"'),
        ("uper(late)", '"upper"'),
        ("half.knwon", '"known"'),
        ("convert(1, strng)", '"string"'),
        ("tostring(1)", "convert(value, string)"),
    ):
        assert meant in str(_error(text).problem)


def test_a_branch_that_is_not_taken_may_fail() -> None:
    assert to_python(value_of("true ? 1 : nosuch.x")) == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("var.regin", 'No variable "regin" is declared. Did you mean "region"?'),
        ("var.zork", 'No variable "zork" is declared. Declare it in a variable block.'),
        ('"${local.zork}"', 'No local "zork" is declared. Declare it in a locals block.'),
    ],
)
def test_an_undeclared_name_is_told_as_such(text: str, told: str) -> None:
    objects = {"var": from_python({"region": "x"}), "local": from_python({"one": 1})}
    problem = _error(text, **objects).problem
    assert problem is not None
    assert problem.detail == told
