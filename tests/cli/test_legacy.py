"""Legacy JSON templates from the command line: built, checked, told and asked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from oxtui.cli import main
from tests.cli.asking import Asking
from tests.cli.running import on, oxtui
from tests.rack_process import rack


async def test_a_legacy_template_makes_an_image(tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    (tmp_path / "v.json").write_text('{"who": "file", "greeting": "from {{user `who`}}"}')
    async with rack() as there:
        builder = {
            "type": "oxide-instance", "name": "web", "project": "{{user `project`}}", "ssh_port": f"{there.ssh_port}",
            "boot_disk_image_id": "ubuntu-24-04", "ssh_username": "ubuntu", "artifact_name": "made-{{build_name}}",
        }  # fmt: skip
        skipped = {"type": "oxide-instance", "name": "other"}
        provisioners = [
            {
                "type": "shell",
                "inline": [
                    "echo {{user `greeting`}} $WHO {{build `User`}}",
                    "echo '{{.nothing}}.'",
                ],
                "environment_vars": "WHO={{user `who` | upper}}",
                "execute_command": "chmod +x {{.Path}}; env {{.Vars}} MORE='{{user `secret`}}' {{.Path}}",
                "only": ["web"],
            },
            {"type": "shell", "inline": "exit 7", "only": ["other"]},
        ]
        template = {
            "_comment": "as they were written before 2020",
            "variables": {
                "project": "web",
                "who": None,
                "greeting": "",
                "secret": "{{env `SECRET`}}",
            },
            "sensitive-variables": ["secret"],
            "builders": [builder, skipped],
            "provisioners": provisioners,
        }
        path.write_text(json.dumps(template, indent=2))
        environ = {**on(there), "SECRET": "hunter22", "PKR_VAR_project": "nowhere"}
        words = ("-only=web", f"-var-file={tmp_path / 'v.json'}", "-var", "who=me", str(path))
        code, out, err = await oxtui("build", *words, environ=environ)
    assert (code, err) == (0, ""), out
    assert "from me ME ubuntu" in out
    assert "<no value>." in out
    assert "made-web" in out
    assert out.splitlines()[-1].startswith("--> oxide-instance.web: ")
    assert "made-web" in out.splitlines()[-1]
    assert "hunter22" not in out


def test_a_template_may_come_from_standard_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import io
    import sys

    text = b'{"builders": [{"type": "oxide-instance", "projct": "p"}]}'
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))
    assert main(["validate", "-"]) == 1
    out, _ = capsys.readouterr()
    assert "on <stdin> line 1" in out
    assert 'Did you mean "project"?' in out


def test_inspect_tells_what_stands_in_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "t.json"
    path.write_text(
        '{"description": "d", "variables": {"long": "1", "b": null, "s": "x y"}, "sensitive-variables": ["s"],'
        '"builders": [{"type": "null", "name": "named"}, {"type": "file"}], "provisioners": [{"type": "shell"}]}'
    )
    assert main(["inspect", str(path)]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert [line.rstrip() for line in out.splitlines()[:21]] == [
        "Packer Inspect: JSON mode", "Description:", "", "d", "", "Required variables:", "", "  b", "",
        "Optional variables and their defaults:", "", "  long = 1", "  s    = <sensitive>", "",
        "Builders:", "", "  file", "  named (null)", "", "Provisioners:", "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "typed", "told"),
    [
        (("t.json",), "{{user `a` | upper}} {{isotime `2006` | len}}\n", "X 4\n"),
        (("t.json", "-var", "a=y"), "{{user `a`}}\n", "y\n"),
        (("t.json",), "variables\n", "a: x,\np: <sensitive>,\n"),
        ((), "{{upper `x`}}\n", "X\n"),
        ((), 'upper("x")\n', "X\n"),
        (("--config-type=json",), 'upper("x")\n', 'upper("x")\n'),
        (
            ("t.json", "--json"),
            "{{user `a`}} {{user `p`}}\n",
            '{"json": "\\"x \\\\u003csensitive\\\\u003e\\"", "type": "string"}\n',
        ),
        (
            ("t.json", "--json"),
            "{{nofunc}}\n",
            '{"error": "template", "summary": "Interpolation error"}\n',
        ),
    ],
)
def test_the_console_speaks_the_language_of_the_template(
    words: tuple[str, ...], typed: str, told: str, tmp_path: Path, ask: Asking
) -> None:
    path = tmp_path / "t.json"
    path.write_text(
        '{"variables": {"a": "x", "p": "secret"}, "sensitive-variables": ["p"], "builders": [{"type": "null"}]}'
    )
    given = [str(path) if word == "t.json" else word for word in words]
    _, out, _ = ask(typed, *given)
    assert told in out
