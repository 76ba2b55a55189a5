"""A template in HCL does what the legacy one did, whatever stands in it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oxtui.template.hcl.format import format_tokens
from oxtui.template.legacy.upgrade import upgrade
from oxtui.template.load import parse_template
from oxtui.template.resolve.common import POST_PROCESSOR_NAMES, PROVISIONER_NAMES
from tests.packer import needs_packer, packer
from tests.template.legacy.upgrade.plans import EXAMPLES, both, freeze, plan, upgraded

ENVIRON = {
    "AWS_ACCESS_KEY_ID": "AKIA0", "AWS_SECRET_ACCESS_KEY": "s3cr3t", "CI_COMMIT_SHA": "cafe",
    "ARM_CLIENT_ID": "id", "ARM_CLIENT_SECRET": "pst", "GIT_SHA": "beef", "BUILD_NUMBER": "17",
    "ISO_DIR": "/iso", "ISO_SUM": "00",
}  # fmt: skip
NEEDED = {
    "amazon-web": ["vpc_id=vpc-1"],
    "azure-windows": ["resource_group=rg"],
    "googlecompute": ["project_id=p"],
    "oxide": ["boot_image=img"],
}


@pytest.fixture(autouse=True)
def _same_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    freeze(monkeypatch)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
async def test_it_plans_the_same(path: Path) -> None:
    old, new, made = await both(path.read_text(), ENVIRON, *NEEDED.get(path.stem, []))
    wanted, found = plan(old), plan(new)
    assert found == wanted
    assert len(found) == len(json.loads(path.read_text())["builders"])
    assert old.secrets() <= new.secrets()
    assert "stays as it was" not in made.text


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
@pytest.mark.parametrize("annotated", [False, True])
def test_it_is_laid_out_as_packer_fmt_does(path: Path, annotated: bool) -> None:
    text = upgraded(path.read_text(), annotated=annotated).text
    assert format_tokens(text) == text
    assert text.endswith("}\n")
    assert "\n\n\n" not in text


@needs_packer
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_packer_reads_it(path: Path, tmp_path: Path) -> None:
    """1.6.6 knows neither required_plugins nor local nor the cleanup provisioner."""
    text = upgraded(path.read_text()).text
    (tmp_path / "t.pkr.hcl").write_text(text)
    found = packer("validate", "-syntax-only", "t.pkr.hcl", cwd=tmp_path)
    newer = [
        line
        for line in found.stdout.splitlines()
        if line.startswith("Blocks of type")
        and not line.startswith(
            (
                'Blocks of type "required_plugins"',
                'Blocks of type "local"',
                'Blocks of type "error-cleanup-provisioner"',
            )
        )
    ]
    assert newer == []
    others = [line for line in found.stdout.splitlines() if line.startswith("Error: ")]
    assert set(others) <= {"Error: Unsupported block type"}
    shown = packer("fmt", "-check", "t.pkr.hcl", cwd=tmp_path)
    assert (shown.returncode, shown.stdout) == (0, "")


BUILT = {
    "variables": {"who": "w'o${x}", "n": "{{user `who`}}-x", "home": "{{env `HOME`}}"},
    "builders": [
        {"type": "null", "communicator": "none", "name": "n1"},
        {"type": "null", "communicator": "none"},
        {"type": "file", "content": "a\n  b {{user `n`}}\n$${q} %{z}\n", "target": "out.txt"},
    ],
    "provisioners": [
        {
            "type": "shell-local",
            "inline": [
                "echo '{{upper `x`}} {{build_name}} {{build_type}} {{user `home`}}'",
                "echo \"{{replace_all `-` `+` (user `n`)}}\" '{{if eq build_name `n1`}}one{{end}}'",
            ],
            "only": ["n1"],
            "max_retries": 1,
        },
        {
            "type": "shell-local", "command": "echo plain $FOO '%{x} $${y}'",
            "environment_vars": ["FOO=1"], "except": ["n1"],
            "override": {"null": {"environment_vars": ["FOO=2"]}},
        },
    ],
    "post-processors": [
        {"type": "shell-local", "inline": ["echo post {{build_name}}"], "only": ["file"]}
    ],
}  # fmt: skip


@needs_packer
def test_packer_builds_the_same(tmp_path: Path) -> None:
    """What the guest said, by build; 1.6.6 calls builds in HCL by their types, too."""
    text = json.dumps(BUILT)
    (tmp_path / "t.json").write_text(text)
    (tmp_path / "t.pkr.hcl").write_text(upgraded(text).text)
    said: list[list[str]] = []
    for name in ("t.json", "t.pkr.hcl"):
        built = packer("build", "-color=false", "-force", name, cwd=tmp_path)
        assert built.returncode == 0, built.stdout
        lines = re.findall(
            r"^    (?:\w+\.)?(\w+(?: \([a-z-]+\))?: .*)$", built.stdout, re.MULTILINE
        )
        said.append([*sorted(lines), (tmp_path / "out.txt").read_text()])
    assert said[0] == said[1]
    assert f"n1: X n1 null {tmp_path}" in said[0]
    assert "file: plain 1 %{x} $${y}" in said[0]
    assert "null: plain 2 %{x} $${y}" in said[0]


NEUTRAL = st.text(
    st.characters(codec="utf-8", exclude_characters="{}`", exclude_categories=["Cs"]), max_size=4
)
TEXT = NEUTRAL | st.sampled_from(
    [
        "$",
        "%",
        "$$",
        "%%",
        "${x}",
        "%{y}",
        "$${z}",
        "%%{ if }",
        "\n",
        '"',
        "\\",
        "\ta\n",
        "EOT\n",
        "x }",
    ]
)
ACTION = st.sampled_from(
    [
        "{{user `a`}}", '{{ user "b" }}', "{{user `c`}}", "{{user `d d`}}", "{{user `a` | upper}}",
        "{{lower (user `c`)}}", "{{timestamp}}", "{{isotime `2006-01-02`}}", "{{isotime}}", "{{uuid}}",
        "{{build_name}}", "{{build_type}}", "{{packer_version}}", "{{template_dir}}", "{{pwd}}",
        "{{.Vars}}", "{{ .X }}", "{{`text`}}", "{{`{{.X}}`}}", "{{clean_resource_name `q`}}",
        "{{user `a` | clean_resource_name}}", "{{replace_all `a` `b` (user `a`)}}", "{{strftime `%Y`}}",
        "{{replace `1` `2` -1 (user `a`)}}", "{{split `p.q` `.` 1}}", "{{- user `a` -}}", "{{/* a */}}",
        "{{if eq (user `a`) `v1`}}one{{else}}other {{user `b`}}{{end}}", "{{if user `e`}}set{{end}}",
        "{{printf `%s_%d` (user `a`) 5}}", "{{if .X}}{{user `a`}}{{end}}",
    ]
)  # fmt: skip
STRING = st.lists(TEXT | ACTION, max_size=5).map("".join)
NAMES = st.sampled_from(["alpha", "beta", "gamma", "Name", "for", "a-b"])
VALUE = st.recursive(
    STRING | st.integers(-5, 5) | st.booleans() | st.none() | st.sampled_from([1.5, 2e30, -0.25]),
    lambda inside: st.lists(inside, max_size=3)
    | st.dictionaries(NAMES | TEXT, inside, max_size=3),
    max_leaves=6,
)  # fmt: skip
OPTIONS = st.dictionaries(NAMES, VALUE, max_size=4)
VARIABLES = st.fixed_dictionaries(
    {
        "a": st.just("v1") | TEXT,
        "b": st.sampled_from(["{{env `HOME`}}", "x-{{env `HOME`}}-$", "{{env `NOPE`}}{{env `HOME`}}"]),
        "c": st.sampled_from(["{{user `a`}}", "{{user `a`}}-{{timestamp}}", "c{{env `HOME`}}{{user `b`}}"]),
        "d d": st.sampled_from(["plain", "{{user `c`}}.", "{{upper `d`}}"]),
        "e": st.sampled_from(["", "e"]),
    }
)  # fmt: skip


@given(VARIABLES, OPTIONS, OPTIONS, OPTIONS)
async def test_whatever_stands_in_it_it_plans_the_same(
    variables: dict[str, str], source: dict[str, Any], shell: dict[str, Any], last: dict[str, Any]
) -> None:
    template = {
        "variables": variables,
        "builders": [
            {**source, "type": "null", "name": "one two"},
            {"type": "null"},
            {"type": "file", "name": "f"},
        ],
        "provisioners": [
            {**shell, "type": "shell", "only": ["one two", "f"], "pause_before": "1s"},
            {"type": "shell", "except": ["null"], "override": {"one two": shell, "f": {}}},
        ],
        "post-processors": [[{**last, "type": "manifest", "only": ["f"]}, "checksum"], "compress"],
    }
    old, new, made = await both(json.dumps(template), {"HOME": "/h"})
    assert plan(new) == plan(old)
    assert format_tokens(made.text) == made.text


ANY = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=6)


@given(
    st.dictionaries(ANY, ANY | st.none(), max_size=4),
    # One without a name is called as its type.
    st.lists(ANY.filter(lambda name: name not in ("", "null")), max_size=4, unique=True),
    st.dictionaries(ANY, VALUE | ANY, max_size=4),
    st.dictionaries(ANY.map(lambda text: "_" + text), ANY, max_size=2),
    ANY,
)
async def test_whatever_things_are_called_it_can_be_read(
    variables: dict[str, str | None],
    names: list[str],
    options: dict[str, Any],
    comments: dict[str, str],
    description: str,
) -> None:
    options = {
        name: value
        for name, value in options.items()
        if name not in ("name", "type", *PROVISIONER_NAMES, *POST_PROCESSOR_NAMES)
    }
    template = {
        **comments,
        "description": description,
        "variables": variables,
        "sensitive-variables": list(variables)[:1],
        "builders": [
            {"type": "another"},
            *({**options, "type": "null", "name": name} for name in names),
        ],
        "provisioners": [{**options, "type": "shell", "only": names[:1] or ["another"]}],
        "error-cleanup-provisioner": {**options, "type": "shell"},
        "post-processors": [[{**options, "type": "manifest"}]],
    }
    read = parse_template(json.dumps(template), "t.json")
    assert read.legacy is not None
    assert [str(each) for each in read.diagnostics] == []
    made = upgrade(read.legacy)
    assert format_tokens(made.text) == made.text
    again = parse_template(made.text, "t.pkr.hcl")
    assert [str(each) for each in again.diagnostics] == []
    assert len(again.sources) == len(names) + 1
    assert sum(
        each.sensitive for each in (*again.variables.values(), *again.locals.values())
    ) == len(list(variables)[:1])
