"""`oxtui inspect` prints what is in a template, as Packer does."""

from __future__ import annotations

from pathlib import Path

import pytest

from oxtui.cli import main

TEXT = """
variable "fruit" {}
variable "list" {
  default = ["a \\"b\\"", 1.5, true, null]
}
variable "token" {
  sensitive = true
  default   = { key = "hunter2", port = 22 }
}
variable "set" {
  type    = set(number)
  default = [2, 1, 2]
}
locals {
  derived = upper(var.token.key)
  plain   = "${var.fruit}!"
  stream  = "x-${length(var.list)}"
}
build {
  name        = "first"
  description = "the hunter2 build"
  sources     = ["source.null.a", "null.gone"]
  source "null.a" {
    name = "again"
  }
  dynamic "provisioner" {
    for_each = ["one", "two"]
    labels   = ["shell"]
    content {
      name = provisioner.value
      only = ["null.nothing"]
    }
  }
  provisioner "ansible" {}
  error-cleanup-provisioner "shell" {}
  post-processor "manifest" {}
  post-processors {
    post-processor "compress" {
      name = "small"
    }
    post-processor "checksum" {}
  }
}
build {}
"""
SHOWN = """Packer Inspect: HCL2 mode

> input-variables:

var.fruit: "<unknown>"
var.list: "[\\n  \\"a \\\\\\"b\\\\\\"\\",\\n  1.5,\\n  true,\\n  null,\\n]"
var.set: "[\\n  1,\\n  2,\\n]"
var.token: "<sensitive>"

> local-variables:

local.derived: "<sensitive>"
local.plain: "<unknown>"
local.stream: "x-4"

> builds:

  > first:

  > Description: the <sensitive> build

    sources:

      null.a

      null.gone

      null.again

    provisioners:

      shell.one
      shell.two
      ansible

    post-processors:

      0:
        manifest

      1:
        compress.small
        checksum

  > <unnamed build 1>:

    sources:

      <no source>

    provisioners:

      <no provisioner>

    post-processors:

      <no post-processor>

"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("STATE", "DATA", "CACHE", "CONFIG", "SESSIONS"):
        monkeypatch.setenv(f"OXTUI_{name}_DIR", str(tmp_path / "own" / name.lower()))
    return tmp_path


def written(text: str) -> str:
    Path("t.pkr.hcl").write_text(text)
    return "t.pkr.hcl"


def test_everything_is_printed_as_packer_does_and_nothing_made(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["inspect", written(TEXT)]) == 0
    assert capsys.readouterr() == (SHOWN, "")
    assert [path.name for path in folder.iterdir()] == ["t.pkr.hcl"]


def test_values_that_are_given_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inspect", "-var", "fruit=banana", written(TEXT)]) == 0
    out, _ = capsys.readouterr()
    assert 'var.fruit: "banana"\n' in out
    assert 'local.plain: "banana!"\n' in out


def test_what_grows_exponentially_is_shown_only_while_it_is_small(
    capsys: pytest.CaptureFixture[str],
) -> None:
    lines = [f"a{n + 1} = [local.a{n}, local.a{n}]" for n in range(15)]
    text = 'locals {\n  a0 = ["x", "x"]\n' + "\n".join(lines)
    text += f'\n  b = "{"y" * 600_000}"\n}}\n'
    assert main(["inspect", written(text)]) == 0
    out, _ = capsys.readouterr()
    assert len(out) < 2_000_000
    assert 'local.a15: "<too large to show>"\n' in out
    assert 'local.b: "<too large to show>"\n' in out
    assert 'local.a1: "[\\n  [' in out


@pytest.mark.parametrize(
    ("words", "text", "message"),
    [
        ([], "build {", "Unclosed configuration block"),
        (["-var", "no=1"], "build {}", "Undefined -var variable"),
        (["-var-file=none.hcl"], "build {}", "none.hcl could not be read"),
    ],
)
def test_what_cannot_be_read_is_an_error_and_nothing_is_printed(
    words: list[str], text: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["inspect", *words, written(text)]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert message in err


def test_why_a_value_is_not_known_is_a_warning_beside_the_output(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(folder))
    for name in ("OXIDE_HOST", "OXIDE_TOKEN", "OXIDE_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    text = 'data "oxide-image" "b" {\n name = "x"\n}\nlocals {\n a = data.oxide-image.b.image_id\n b = c.d\n}\n'
    assert main(["inspect", written(text)]) == 0
    out, err = capsys.readouterr()
    assert 'local.a: "<unknown>"\nlocal.b: "<unknown>"\n' in out
    assert "Warning: Data source oxide-image.b failed\n\n  on t.pkr.hcl line 1" in err
    assert "t.pkr.hcl:6:6" in err
    assert "Error:" not in err
