"""However a template is damaged, reading and resolving it ends with diagnostics, never with an exception."""

from __future__ import annotations

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from oxtui.template.hcl.diagnostic import render
from oxtui.template.hcl.edit.text_edit import TextEdit
from oxtui.template.load import parse_template
from oxtui.template.resolve import Resolved, resolve
from oxtui.template.values import Value, from_python
from oxtui.template.variables import VariableInputs
from tests.template.hcl.test_parse import PIECES
from tests.template.hcl.texts import expressions
from tests.template.resolve.test_resolve import BUILDS

TEMPLATE = (
    'variable "v" {\n  type = map(object({a = optional(string, "x")}))\n  default = {}\n'
    '  validation {\n    condition = length(var.v) == 0\n    error_message = "Empty."\n  }\n}\n'
    'locals { a = [for k, v in var.v : "${k}-${v.a}"] }\n'
    'data "http" "h" { url = "http://${join("/", local.a)}" }\n'
    'local "s" {\n  expression = data.http.h.body\n  sensitive = true\n}\n'
    'packer {\n  required_version = ">= 1"\n  required_plugins {\n'
    '    p = { version = "1", source = "a/b/c" }\n  }\n}\n'
) + BUILDS
WORDS = ["build", "source", "var.v", "local.a", "dynamic", '"', "null", "-1", "[]", "{}", "1e99999"]


async def use(text: str) -> Resolved:
    async def ask(*_: object) -> Value:
        return from_python({"body": "x"})

    template = parse_template(text, "x.pkr.hcl")
    inputs = VariableInputs(assignments=['v={k = {a = "b"}}'], environ={"PKR_VAR_names": "["})
    found = await resolve(template, inputs, ask)
    members = [build.body for build in found.builds]
    members += [member for build in found.builds for member in build.provisioners]
    members += [m for build in found.builds for chain in build.post_processors for m in chain]
    for member in members:
        decoded = member.evaluate({"build": from_python({"ID": "i"})})
        found.diagnostics += decoded.diagnostics
    found.secrets()
    return found


@given(st.data(), st.integers(1, 4))
def test_a_damaged_template_is_told_about(choose: st.DataObject, damages: int) -> None:
    text = TEMPLATE
    for _ in range(damages):
        start = choose.draw(st.integers(0, len(text)))
        end = min(len(text), start + choose.draw(st.integers(0, 30)))
        piece = choose.draw(st.one_of(st.sampled_from(PIECES + WORDS), expressions))
        text = TextEdit(start, end, piece).apply(text)
    for diagnostic in asyncio.run(use(text)).diagnostics:
        assert render(diagnostic)


@given(
    expressions,
    st.sampled_from(("default", "url", "for_each", "labels", "only", "override", "sources")),
)
def test_any_expression_may_stand_for_any_attribute(expression: str, name: str) -> None:
    lines = TEMPLATE.split("\n")
    for number, line in enumerate(lines):
        if f"{name} " in line and "=" in line and not line.endswith("{"):
            lines[number] = f"{line[: line.index(name)]}{name} = {expression}"
            lines[number] += " }" if line.endswith("}") else ""
    for diagnostic in asyncio.run(use("\n".join(lines))).diagnostics:
        assert render(diagnostic)
