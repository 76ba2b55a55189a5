"""Whatever is given as a template or an expression ends with a value or a diagnostic, never with an exception."""

from __future__ import annotations

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from oxtui.template.hcl.diagnostic import TemplateError, render
from oxtui.template.hcl.evaluate.scope import Scope
from oxtui.template.hcl.evaluate.text import evaluate_text
from oxtui.template.hcl.evaluate.work import Work
from oxtui.template.hcl.format import format_file, format_tokens
from oxtui.template.hcl.functions.table import function_table
from oxtui.template.hcl.source import SourceFile
from oxtui.template.hcl.values.value import Value
from oxtui.template.load import load_template
from oxtui.template.resolve import resolve
from oxtui.template.values import from_python
from oxtui.template.variables import VariableInputs
from tests.template.hcl.test_parse import FRAGMENTS
from tests.template.hcl.texts import configurations, expressions

TABLE = function_table(Path("/nonexistent"))
CALLS = st.sampled_from(sorted(TABLE.keys() - {"bcrypt", "vault", "consul_key"}))
ARGUMENTS = st.one_of(
    expressions,
    st.sampled_from(
        [
            "1e999999999",
            "-1",
            "0.5",
            "[]",
            "{}",
            "null",
            '""',
            '"("',
            "range(9)",
            '"\\u0000"',
            "[null]",
            '"2020-01-01T00:00:00Z"',
            "convert([1], set(number))",
            "var.x",
            '["a", ["b"]]',
            '"%d"',
        ]
    ),
)
VARIABLES = {"var": from_python({"x": {"a": [1, "b", None], "é": True}})}


def evaluated(text: str) -> Value | None:
    """The value of an expression, or None for one that has none."""
    scope = Scope(VARIABLES, TABLE, work=Work(20_000))
    try:
        return evaluate_text(SourceFile("x", text), scope)
    except TemplateError as problem:
        for diagnostic in problem.diagnostics:
            assert render(diagnostic)
        return None


@given(st.one_of(FRAGMENTS, st.text(max_size=60), expressions))
def test_any_text_has_a_value_or_an_error(text: str) -> None:
    evaluated(text)


@given(CALLS, st.lists(ARGUMENTS, max_size=4), st.sampled_from(("", "...")))
def test_every_function_takes_anything(name: str, given_: list[str], last: str) -> None:
    evaluated(f"{name}({', '.join(given_)}{last if given_ else ''})")


@given(st.one_of(FRAGMENTS, st.text(max_size=60), configurations()))
def test_any_text_can_be_laid_out(text: str) -> None:
    made, problems = format_file(SourceFile("x", text))
    assert (made is None) == any(each.is_error for each in problems)
    format_tokens(text)


@given(st.one_of(st.binary(max_size=80), configurations().map(str.encode)), st.binary(max_size=3))
def test_any_bytes_are_a_template_or_told_about(written: bytes, more: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "x.pkr.hcl"
        path.write_bytes(written + more + written[:9])
        resolved = asyncio.run(resolve(load_template(path), VariableInputs()))
    for diagnostic in resolved.diagnostics:
        assert render(diagnostic)
