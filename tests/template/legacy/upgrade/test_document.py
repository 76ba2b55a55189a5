"""What a whole template becomes, where it is not plain from its parts."""

from __future__ import annotations

import json
from typing import Any

import pytest

from oxtui.template.load import parse_template
from tests.template.legacy.upgrade.plans import both, freeze, plan, upgraded


def text_of(**template: Any) -> str:
    return upgraded(json.dumps({"builders": [{"type": "null"}], **template})).text


def test_a_variable_called_timestamp_and_the_time_are_both_there() -> None:
    text = text_of(
        variables={"timestamp": "x{{timestamp}}"},
        builders=[{"type": "null", "a": "{{timestamp}}{{user `timestamp`}}"}],
    )
    assert 'timestamp = "x${local.unix_time}"\n' in text
    assert "\n  unix_time = convert(rfc3339_parse(" in text
    assert 'a = "${local.unix_time}${local.timestamp}"' in text


async def test_names_that_hcl_does_not_take_are_others_and_mean_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    freeze(monkeypatch)
    names = ["a b", "a_b", "a.b", "{{user `n`}}x", "{{user `n`}}y", "1"]
    template = {
        "variables": {"n": "name-"},
        "builders": [{"type": "null", "name": name} for name in names],
        "provisioners": [
            {"type": "shell", "only": [name], "inline": [name], "override": {name: {"inline": []}}}
            for name in names
        ],
    }
    old, new, made = await both(json.dumps(template), {})
    assert set(plan(old)) == {"a b", "a_b", "a.b", "name-x", "name-y", "1"}
    assert plan(new) == plan(old)
    assert 'source "null" "a_b_2"' in made.text


def test_a_secret_local_is_hidden_and_the_others_share_a_block() -> None:
    text = text_of(
        variables={"a": "{{isotime}}", "b": "{{user `a`}}", "c": "{{user `a`}}"},
        **{"sensitive-variables": ["b"]},
    )
    assert "locals {\n  a = legacy_isotime()\n  c = local.a\n}\n" in text
    assert 'local "b" {\n  expression = local.a\n  sensitive  = true\n}\n' in text


def test_the_environment_in_a_local_is_a_variable() -> None:
    text = text_of(variables={"a": "{{env `A`}}{{isotime}}", "b": "x {{env `A`}}"})
    assert 'a = "${var.env_A}${legacy_isotime()}"' in text
    assert 'variable "env_A" {\n  type    = string\n  default = env("A")\n}\n' in text
    assert 'default = "x ${env("A")}"' in text


def test_undeclared_variables_are_declared_and_told() -> None:
    made = upgraded('{"builders": [{"type": "null", "a": "{{user `x`}}"}]}')
    assert 'variable "x" {\n  type    = string\n  default = ""\n}\n' in made.text
    assert made.warnings == [
        'variable "x": it is used but was not declared, so its value is empty; -var can set it.'
    ]


def test_objects_are_blocks_or_maps() -> None:
    text = text_of(
        builders=[
            {
                "type": "x",
                "tags": {"a": "b"},
                "filter": {"filters": {"n": "v"}, "owners": ["o"]},
                "disks": [{"size": 1}, {"size": 2}],
                "plan_info": {"p": "q"},
                "odd": [{"a b": 1}],
                "pairs": [["a"], ["b"]],
                "none": [],
            }
        ]
    )
    assert 'tags = {\n    a = "b"\n  }\n' in text
    assert 'filter {\n    filters = {\n      n = "v"\n    }\n    owners = ["o"]\n  }\n' in text
    assert "disks {\n    size = 1\n  }\n  disks {\n    size = 2\n  }\n" in text
    assert 'plan_info {\n    p = "q"\n  }\n' in text
    assert '"a b" = 1' in text
    assert 'pairs = [["a"], ["b"]]\n  none  = []\n' in text


async def test_texts_for_lists_and_for_true_or_false_are_what_hcl_asks_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    freeze(monkeypatch)
    template = {
        "variables": {
            "none": "",
            "yes": "true",
            "home": "{{env `NOPE`}}",
            "codes": "0,2",
            "o": "1",
        },
        "builders": [
            {"type": "null", "headless": "{{user `none`}}"},
            {"type": "null", "name": "b", "headless": "{{user `yes`}}"},
            {"type": "null", "name": "c", "headless": "", "skip_clean": "1", "ami_regions": ""},
        ],
        "provisioners": [
            {
                "type": "shell",
                "skip_clean": "{{user `home`}}",
                "use_env_var_file": True,
                "inline": "one,two {{user `yes`}}",
                "valid_exit_codes": "{{user `codes`}}",
            },
            {"type": "shell", "inline": "one", "valid_exit_codes": 3, "skip_clean": "{{user `x`}}"},
        ],
    }
    old, new, made = await both(json.dumps(template), {})
    assert plan(new) == plan(old)
    assert 'headless = var.none != "" ? var.none : "false"\n' in made.text
    assert "headless = var.yes\n" in made.text
    assert "headless    = false\n" in made.text
    assert 'skip_clean       = var.home != "" ? var.home : "false"\n' in made.text
    assert 'valid_exit_codes = compact(split(",", var.codes))\n' in made.text
    assert "valid_exit_codes = 3\n" in made.text
    assert 'inline           = ["one"]\n' in made.text


def test_a_comment_stays_one_whatever_stands_in_it() -> None:
    text = text_of(_a="first\n\nsecond\r\u2028}\u0000 ${x}", _b="")
    assert text.startswith("# first\n#\n# second  }  ${x}\n")
    assert parse_template(text, "t.pkr.hcl").diagnostics == []


def test_an_option_that_hcl_cannot_name_is_a_comment() -> None:
    made = upgraded('{"builders": [{"type": "null", "a b": "x\\ny", "_why": "so"}]}')
    assert '  # a b = "x\\ny"\n' in made.text
    assert '  # _why = "so"\n' in made.text
    assert made.warnings == ['builder null: "a b" is no name in HCL, so it is a comment now.']


def test_plugins_are_named_once_and_core_types_not_at_all() -> None:
    text = text_of(
        builders=[{"type": "amazon-ebs"}, {"type": "amazon-instance"}, {"type": "hcloud"}],
        provisioners=[{"type": "shell"}, {"type": "ansible-local"}],
    )
    assert text.count("source  = ") == 3
    assert 'source  = "github.com/hashicorp/amazon"' in text
    assert 'source  = "github.com/hetznercloud/hcloud"' in text
    assert 'source  = "github.com/hashicorp/ansible"' in text


def test_deep_templates_are_no_trouble() -> None:
    value: Any = "end"
    for level in range(150):
        value = {"k": value} if level % 2 else [value, 1]
    text = text_of(builders=[{"type": "null", "a": value}])
    assert "end" in text
