"""A `.pkr.json` says what the same template in HCL's own syntax says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from oxtui.template.hcl.diagnostic import Diagnostic, has_errors
from oxtui.template.load import load_template, parse_template
from oxtui.template.resolve import Resolved, resolve
from oxtui.template.values import to_python
from oxtui.template.variables import VariableInputs

_HCL = r"""
packer {
  required_version = ">= 1.7"
  required_plugins {
    oxide = { version = ">= 0.1", source = "github.com/oxidecomputer/oxide" }
  }
}
variable "name" {
  type        = string
  default     = "a\n\"b\""
  description = "what it is"
  validation {
    condition     = length(var.name) > 1
    error_message = "Too short."
  }
}
variable "sizes" {
  type    = map(list(number))
  default = { a = [1, 2.50], b = [3] }
}
variables {
  plain = true
}
locals {
  both = "${var.name}-${length(var.sizes)}"
  many = [for s in var.sizes.a : s * 2]
}
local "hidden" {
  expression = upper(var.name)
  sensitive  = true
}
source "null" "a" {
  communicator = "none"
}
source "null" "b" {}
build {
  name    = "n"
  sources = ["source.null.a", "null.b"]
  source "null.a" {
    name = "again"
  }
  provisioner "shell-local" {
    inline = ["echo $${x} ${local.both}", "{{ .Path }}"]
    only   = ["null.a"]
  }
  dynamic "provisioner" {
    for_each = var.sizes
    labels   = ["sleep"]
    iterator = it
    content {
      duration = "${it.value[0]}${it.key}s"
    }
  }
  post-processors {
    post-processor "manifest" {}
    post-processor "checksum" {
      checksum_types = ["md5"]
    }
  }
}
"""

JSON_TEMPLATE = {
    "//": "the same",
    "packer": {
        "required_version": ">= 1.7",
        "required_plugins": [{"oxide": {"version": ">= 0.1", "source": "github.com/oxidecomputer/oxide"}}],
    },
    "variable": [
        {
            "name": {
                "type": "string", "default": 'a\n"b"', "description": "what it is",
                "validation": {"condition": "${length(var.name) > 1}", "error_message": "Too short."},
            }
        },
        {"sizes": {"type": "map(list(number))", "default": {"a": [1, 2.50], "b": [3]}, "//": "note"}},
    ],
    "variables": {"plain": True},
    "locals": {
        "both": "${var.name}-${length(var.sizes)}",
        "many": "${[for s in var.sizes.a : s * 2]}",
    },
    "local": {"hidden": {"expression": "${upper(var.name)}", "sensitive": True}},
    "source": {"null": {"a": {"communicator": "none"}, "b": {}}},
    "build": {
        "name": "n",
        "sources": ["source.null.a", "null.b"],
        "source": {"null.a": {"name": "again"}},
        "provisioner": {
            "shell-local": {
                "inline": ["echo $${x} ${local.both}", "{{ .Path }}"], "only": ["null.a"],
            }
        },
        "dynamic": {
            "provisioner": {
                "for_each": "${var.sizes}", "labels": ["sleep"], "iterator": "it",
                "content": {"duration": "${it.value[0]}${it.key}s"},
            }
        },
        "post-processors": {
            "post-processor": [{"manifest": {}}, {"checksum": {"checksum_types": ["md5"]}}]
        },
    },
}  # fmt: skip


def told(resolved: Resolved) -> object:
    """All that a template says, as plain data."""

    def body(component: object) -> object:
        decoded = component.evaluate()  # type: ignore[attr-defined]
        return {name: to_python(each.value) for name, each in decoded.attributes.items()}

    return {
        "variables": {name: to_python(each.value) for name, each in resolved.variables.items()},
        "types": {name: str(each.declaration.type) for name, each in resolved.variables.items()},
        "locals": {
            name: (to_python(each), each.sensitive) for name, each in resolved.locals.items()
        },
        "plugins": [(each.name, each.version) for each in resolved.template.required_plugins],
        "builds": [
            (
                build.name,
                body(build.body),
                [(each.type, body(each)) for each in build.provisioners],
                [[(each.type, body(each)) for each in chain] for chain in build.post_processors],
            )
            for build in resolved.builds
        ],
        "problems": [(each.summary, each.detail) for each in resolved.diagnostics],
    }


async def test_both_syntaxes_say_the_same() -> None:
    ours = await resolve(parse_template(_HCL, "t.pkr.hcl"), VariableInputs())
    other = await resolve(parse_template(json.dumps(JSON_TEMPLATE), "t.pkr.json"), VariableInputs())
    assert [str(each) for each in ours.diagnostics] == []
    assert told(other) == told(ours)


def _problem(text: str) -> Diagnostic:
    template = parse_template(text, "t.pkr.json")
    [problem] = template.diagnostics
    return problem


@pytest.mark.parametrize(
    ("text", "summary", "marked"),
    [
        ('{"bulid": {}}', "Unsupported argument", '"bulid"'),
        ('{"variable": {"a": {"defualt": 1}}}', "Unsupported argument", '"defualt"'),
        ('{"locals": {"a": 1, "a": 2}}', "Duplicate argument", '"a"'),
        ('{"source": {"null": "x"}}', "Incorrect JSON value type", '"x"'),
        ('{"locals": 5}', "Incorrect JSON value type", "5"),
        (r'{"locals": {"a": "\u00e9${1 +}"}}', "Invalid expression", "}"),
        ('{"variable": {"a": {"type": "strng"}}}', "Invalid type specification", "strng"),
        ('{"builders": [], "provisioners": []}', "Legacy template", '"builders"'),
        ('[{"locals": {}}, 7]', "Incorrect JSON value type", "7"),
        ('{"variable": {"a": {}, "b": {}}, "variable": {"a": {}}}', "Duplicate variable", '"a"'),
    ],
)
def test_a_mistake_is_marked_where_it_stands(text: str, summary: str, marked: str) -> None:
    problem = _problem(text)
    assert problem.summary == summary
    assert problem.span is not None
    found = text[problem.span.start :]
    assert found.startswith(marked)


def test_a_folder_may_have_both(tmp_path: Path) -> None:
    (tmp_path / "a.pkr.hcl").write_text('variable "a" {\n  default = 1\n}\n')
    (tmp_path / "b.pkr.json").write_text('{"variable": {"b": {"default": 2}}}')
    template = load_template(tmp_path)
    assert not has_errors(template.diagnostics)
    assert list(template.variables) == ["a", "b"]
