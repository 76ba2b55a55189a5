"""What may be spent on a template is one sum for all of it, and is told when it is used up."""

from __future__ import annotations

from pathlib import Path

import pytest

from oxtui.template.hcl.diagnostic import TemplateError
from oxtui.template.hcl.evaluate.scope import Scope
from oxtui.template.hcl.evaluate.text import evaluate_text
from oxtui.template.hcl.evaluate.work import MAX_STEPS, Work
from oxtui.template.hcl.functions.table import function_table
from oxtui.template.hcl.source import SourceFile
from oxtui.template.load import parse_template
from oxtui.template.resolve import resolve, resolver
from oxtui.template.variables import VariableInputs


def scope(left: int, folder: Path = Path()) -> Scope:
    """A scope in which that many steps are left."""
    work = Work(left)
    return Scope({}, function_table(folder, work=work), work=work)


def summary(text: str, inside: Scope) -> str:
    """How the error of an expression is called, or nothing."""
    try:
        evaluate_text(SourceFile("x", text), inside)
    except TemplateError as problem:
        return problem.diagnostics[0].summary
    return ""


def test_expressions_of_one_scope_share_their_steps() -> None:
    inside = scope(100)
    told = [summary("[for i in range(9) : i]", inside) for _ in range(12)]
    assert told[0] == ""
    assert told[-1] == "Evaluation takes too long"
    inside.work.renew()
    assert inside.work.left == MAX_STEPS
    assert summary("1 + 1", inside) == ""


@pytest.mark.parametrize(
    "text",
    [
        '[for i in range(100) : join("", range(400))]',
        "[for i in range(100) : range(400) == range(400)]",
        "[for i in range(100) : range(400)[*]]",
        "[for i in range(100) : true ? range(400) : range(300)]",
        '"%{ for i in range(1000) }%{ for j in range(1000) }%{ endfor }%{ endfor }"',
    ],
    ids=["function", "comparison", "splat", "conditional", "loops of nothing"],
)
def test_what_goes_through_many_values_costs_steps_for_them(text: str) -> None:
    assert summary(text, scope(10_000)) == "Evaluation takes too long"


def test_files_that_are_templates_spend_of_the_same_steps(tmp_path: Path) -> None:
    (tmp_path / "t").write_text("%{ for i in range(1000) }%{ endfor }")
    inside = scope(10_000, tmp_path)
    text = '[for i in range(100) : templatefile("t", {})]'
    assert summary(text, inside) == "Error in function call"
    assert inside.work.left <= 0


@pytest.mark.parametrize(
    "text",
    [
        "locals {\n"
        + "".join(f"  l{n} = [for i in range(1000) : i]\n" for n in range(30))
        + "}\nbuild {\n}\n",
        'source "null" "x" {\n}\nbuild {\n  sources = ["null.x"]\n'
        + 'dynamic "provisioner" {\n for_each = range(900)\n labels = ["shell"]\n content {\n }\n}\n'
        * 3
        + "}\n",
        'source "null" "x" {\n}\nbuild {\n  sources = [for i in range(200) : "null.x"]\n'
        + 'provisioner "shell" {\n}\n' * 20
        + "}\n",
    ],
    ids=["locals", "dynamic blocks", "sources times provisioners"],
)
async def test_all_of_a_template_shares_its_steps(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resolver, "Work", lambda: Work(20_000))
    resolved = await resolve(parse_template(text, "x.pkr.hcl"), VariableInputs())
    assert "Evaluation takes too long" in {each.summary for each in resolved.diagnostics}
