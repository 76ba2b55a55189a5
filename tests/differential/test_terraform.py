"""Terraform evaluates the same language: locals of our templates have the same values and types there."""

from __future__ import annotations

import base64
import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest

from oxtui.template.hcl.functions.spec import Function
from oxtui.template.hcl.functions.table import function_table
from oxtui.template.hcl.tree import expressions as x
from oxtui.template.hcl.tree.walk import walk
from oxtui.template.hcl.values.types import spell
from oxtui.template.hcl.values.value import Value
from oxtui.template.load import load_template
from oxtui.template.model import Template
from oxtui.template.resolve import resolve
from oxtui.template.variables import VariableInputs
from tests.differential.examples import name, templates
from tests.differential.tools import Tool, tool

pytestmark = pytest.mark.slow

JSONENCODE: Final = function_table(Path())["jsonencode"]
assert isinstance(JSONENCODE, Function)
ROOTS: Final = {"var", "local"}
OTHERWISE: Final = {
    "timestamp",
    "regex_replace",
    "convert",
    "templatefile",
    "fileexists",
    "fileset",
}
"""Functions that Terraform lacks, or that give something else at each time or place."""


@pytest.fixture(scope="module")
def terraform(tmp_path_factory: pytest.TempPathFactory) -> Tool:
    """Terraform 1, which reads HCL as Packer 1.16 does."""
    return tool("terraform", ["version"], "Terraform v1.", tmp_path_factory.mktemp("terraform"))


def needs(expression: x.Expression) -> tuple[set[str], bool]:
    """The locals and variables that an expression refers to, and whether Terraform can evaluate it."""
    found: set[str] = set()
    alike = True
    for node in walk(expression):
        if isinstance(node, x.Call):
            alike = alike and node.name not in OTHERWISE
        if isinstance(node, x.Traversal) and isinstance(node.source, x.Variable):
            first = node.steps[0]
            if node.source.name in ROOTS and isinstance(first, x.AttributeStep):
                found.add(f"{node.source.name}.{first.name}")
            else:
                alike = alike and node.source.name not in ("path", "data", "packer", "source")
    return found, alike


def evaluable(template: Template) -> set[str]:
    """The locals, and the variables with a default, that Terraform can evaluate."""
    wanted: dict[str, set[str]] = {}
    for local, declared in template.locals.items():
        found, alike = needs(declared.expression)
        if alike:
            wanted[f"local.{local}"] = found
    for variable, declaration in template.variables.items():
        written = text(template, variable)
        if written and declaration.default is not None and "env(" not in written:
            wanted[f"var.{variable}"] = set()
    while left := {key for key, found in wanted.items() if not found <= wanted.keys()}:
        for key in left:
            del wanted[key]
    return set(wanted)


def text(template: Template, variable: str) -> str:
    """A variable block as it is written; nothing for a line of a `variables` block."""
    for file in template.files:
        for block in file.body.blocks_of("variable"):
            if [label.value for label in block.labels] == [variable]:
                return file.source.text[slice(*block.span)]
    return ""


def configuration(template: Template, wanted: set[str]) -> str:
    """What Terraform is given: the same variables and locals, as they are written."""
    parts = [text(template, key[4:]) for key in sorted(wanted) if key.startswith("var.")]
    parts.append("locals {")
    for key in sorted(wanted):
        if key.startswith("local."):
            declared = template.locals[key[6:]]
            written = declared.file.text[slice(*declared.expression.span)]
            parts.append(f"  {key[6:]} = {written}")
    whole = "\n".join([*parts, "}", ""])
    return re.sub(r'(variable "|var\.)version\b', r"\1the_version", whole)  # a reserved name there


def type_text(value: Value) -> str:
    """A type without blanks; Terraform calls the type of a null dynamic."""
    return spell(value.type).replace("any", "dynamic")


def as_spelled(told: str) -> str:
    """Terraform's answer to `type()` as a type constraint without blanks; it quotes no name."""
    flat = re.sub(r"^ *([^\s].*?): (?=\S+$)", r"\1=", told, flags=re.MULTILINE)
    return re.sub(r",(?=[\]})])", "", re.sub(r"\s+", "", flat))


CANDIDATES: Final = [
    template for template in templates("valid") if evaluable(load_template(template))
]


def test_enough_is_compared() -> None:
    found = [evaluable(load_template(template)) for template in CANDIDATES]
    assert sum(key.startswith("local.") for keys in found for key in keys) > 150


@pytest.mark.parametrize("template", CANDIDATES, ids=name)
async def test_locals_have_the_same_values_and_types(
    terraform: Tool, tmp_path: Path, template: Path
) -> None:
    loaded = load_template(template)
    keys = evaluable(loaded)
    (tmp_path / "main.tf").write_bytes(configuration(loaded, keys).encode())
    loaded.auto_var_files = []  # Terraform is given none
    resolved = await resolve(loaded, VariableInputs())
    names = sorted(key[6:] for key in keys if key.startswith("local."))
    if not names:
        return
    whole = "{" + ", ".join(f"{local} = local.{local}" for local in names) + "}"
    told = terraform(
        "console", "-no-color", cwd=tmp_path, stdin=f"base64encode(jsonencode({whole}))\n"
    )
    assert told.code == 0, told.err
    values = json.loads(
        base64.b64decode(told.out.strip().strip('"')), parse_float=Decimal, parse_int=Decimal
    )
    types = terraform("console", "-no-color", cwd=tmp_path, stdin=f"type({whole})\n")
    assert types.code == 0, types.err
    assert {local: values[local] for local in names} == {
        local: plain(resolved.locals[local]) for local in names
    }
    spelled = ",".join(f"{local}={type_text(resolved.locals[local])}" for local in names)
    assert as_spelled(types.out) == f"object({{{spelled}}})".replace('"', "")


def plain(value: Value) -> Any:
    """A value as its JSON has it."""
    encoded = JSONENCODE.implementation([value]).text
    return json.loads(encoded, parse_float=Decimal, parse_int=Decimal)
