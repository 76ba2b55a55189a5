"""`oxtui init`: what is built in, and what needs packer."""

from __future__ import annotations

from pathlib import Path

import pytest

from oxtui.cli import main

OXIDE = """packer {
  required_plugins {
    oxide = {
      source  = "github.com/oxidecomputer/oxide"
      version = ">= 0.1.0"
    }
    extra = {
      source  = "github.com/someone/extra"
      version = "1.2.3"
    }
  }
}
data "oxide-image" "debian" {
  name = "debian"
}
source "oxide-instance" "x" {
}
source "SOURCE" "y" {
}
build {
  sources = ["source.oxide-instance.x", "source.SOURCE.y"]
  provisioner "shell" {
    inline = ["true"]
  }
  error-cleanup-provisioner "file" {
  }
}
"""


def rows(out: str) -> dict[tuple[str, str], str]:
    """Where each component comes from, by name and kind."""
    found = {}
    for line in out.splitlines()[1:]:
        name, _, rest = line.partition("  ")
        kind, _, told = rest.strip().partition("  ")
        found[name, kind] = told.strip()
    return found


@pytest.fixture
def init(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> object:
    """Runs it on the template with that source; `packer` is on PATH or not."""
    program = tmp_path / "bin" / "packer"
    program.parent.mkdir()
    program.touch(mode=0o755)

    def run(source: str, *words: str, packer: bool) -> tuple[int, str]:
        monkeypatch.setenv("PATH", str(program.parent) if packer else str(tmp_path))
        path = tmp_path / "t.pkr.hcl"
        path.write_text(OXIDE.replace("SOURCE", source))
        code = main(["init", *words, str(path)])
        return code, capsys.readouterr().out

    return run


def test_what_is_built_in_needs_nothing(init: type) -> None:
    code, out = init("null", "-upgrade", packer=False)  # type: ignore[misc]
    assert code == 0
    found = rows(out)
    assert found["oxide-image", "data source"].startswith(
        "built in, as of plugin github.com/oxidecomputer/oxide "
    )
    assert found["null", "builder"].startswith("built in, as of Packer 1.")
    for name in ("shell", "file"):
        assert found[name, "provisioner"].startswith("built in, as of Packer 1.")
    assert found["oxide", "required plugin >= 0.1.0"].startswith("built in, as of ")
    assert found["extra", "required plugin 1.2.3"] == "not used by the template"


def test_what_is_of_oxtui_alone_is_said_so(init: type) -> None:
    code, out = init("chroot", packer=False)  # type: ignore[misc]
    assert code == 0
    assert rows(out)["chroot", "builder"] == "built in, and unknown to Packer"


@pytest.mark.parametrize("packer", [True, False])
@pytest.mark.parametrize(
    ("source", "provider"),
    [
        ("docker", "packer, with plugin github.com/hashicorp/docker"),
        ("extra-thing", "packer, with plugin github.com/someone/extra 1.2.3"),
        ("strange", "packer, with a plugin that has it"),
    ],
)
def test_what_is_not_built_in_needs_packer(
    source: str, provider: str, packer: bool, init: type
) -> None:
    code, out = init(source, packer=packer)  # type: ignore[misc]
    assert code == (0 if packer else 1)
    assert rows(out)[source, "builder"] == provider
    last = out.splitlines()[-1]
    assert last.startswith(f"{source}")
    assert ("is not on PATH" in last) != packer


def test_a_template_that_cannot_be_read_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "t.pkr.hcl"
    path.write_text("source {")
    assert main(["init", str(path)]) == 1
    assert f"on {path} line 1" in capsys.readouterr().err
