"""A template in JSON syntax, written in HCL's own, says the same."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oxtui.template.hcl.format import format_tokens
from oxtui.template.hcl.source import SourceFile
from oxtui.template.json.as_hcl import json_as_hcl
from oxtui.template.load import parse_template
from oxtui.template.resolve import resolve
from oxtui.template.values import is_known, to_python
from oxtui.template.variables import VariableInputs
from tests.template.json.test_bodies import JSON_TEMPLATE, told

_TEXTS = st.lists(
    st.sampled_from(
        ["a", " ", '"', "\\", "\n", "$", "%", "$${", "%%{", "{", "}", "é", "\t", "\x01",
         "${var.x}", "${ var.x == \"a\\nb\" }", "${[for k in [1]: \"${k}\"][0]}", "%{ if true }y%{ endif }"]
    )
).map("".join)  # fmt: skip


async def test_it_says_the_same() -> None:
    text = json.dumps(JSON_TEMPLATE, indent=1)
    hcl = json_as_hcl(SourceFile("t.pkr.json", text))
    assert format_tokens(hcl) == hcl
    assert hcl.startswith("# the same\n")
    before = await resolve(parse_template(text, "t.pkr.json"), VariableInputs())
    after = await resolve(parse_template(hcl, "t.pkr.hcl"), VariableInputs())
    assert told(after) == told(before)


def test_it_is_written_as_one_would_write_it() -> None:
    data = {
        "//": "two\nlines",
        "variable": {"a": {"type": "list(string)", "default": ["x"]}},
        "locals": {"b": "${upper(var.a[0])}", "c": "v-${var.a[0]}", "d": "say \"hi\"\n"},
    }  # fmt: skip
    assert json_as_hcl(SourceFile("t.pkr.json", json.dumps(data))) == (
        '# two\n# lines\n\nvariable "a" {\n  type    = list(string)\n  default = ["x"]\n}\n\n'
        'locals {\n  b = upper(var.a[0])\n  c = "v-${var.a[0]}"\n  d = "say \\"hi\\"\\n"\n}\n'
    )


@pytest.mark.parametrize("where", ["value", "list", "key"])
@given(text=_TEXTS)
async def test_any_string_keeps_its_meaning(where: str, text: str) -> None:
    value = {"value": text, "list": [text, "b"], "key": {text: "v", "z": text}}[where]
    data = {"variable": {"x": {"default": "X"}}, "locals": {"a": value}}
    source = json.dumps(data)
    before = await resolve(parse_template(source, "t.pkr.json"), VariableInputs())
    if before.template.has_errors or not is_known(before.locals["a"]):
        return
    hcl = json_as_hcl(SourceFile("t.pkr.json", source))
    after = await resolve(parse_template(hcl, "t.pkr.hcl"), VariableInputs())
    assert after.template.diagnostics == []
    assert to_python(after.locals["a"]) == to_python(before.locals["a"])
