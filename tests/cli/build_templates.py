"""Templates that are built in a moment, on this machine alone."""

from __future__ import annotations

from pathlib import Path


def null_template(folder: Path, *provisioners: str, builds: tuple[str, ...] = ("x",)) -> str:
    """The path of a template of Packer's null builder; a provisioner is a script, or a whole block."""
    blocks = [f'source "null" "{name}" {{\n  communicator = "none"\n}}\n' for name in builds]
    sources = ", ".join(f'"source.null.{name}"' for name in builds)
    inside = "".join(each if "{" in each else shell_local(each) for each in provisioners)
    path = folder / "t.pkr.hcl"
    path.write_text("".join(blocks) + f"build {{\n  sources = [{sources}]\n{inside}}}\n")
    return str(path)


def shell_local(script: str, more: str = "") -> str:
    """A provisioner that runs a script on this machine."""
    return f'  provisioner "shell-local" {{\n    inline = ["{script}"]\n{more}  }}\n'
