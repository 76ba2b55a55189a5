"""Which files make up a template, and their text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxtui.template.hcl.diagnostic import Diagnostic, Severity, error
from oxtui.template.hcl.source import SourceFile, Span

if TYPE_CHECKING:
    from pathlib import Path

HCL_SUFFIX = ".pkr.hcl"
JSON_SUFFIX = ".pkr.json"


def is_hcl(name: str) -> bool:
    """Whether the name of a file says that it is in HCL's own syntax."""
    return name.endswith(".hcl")


def template_files(path: Path) -> list[Path]:
    """The files that a path stands for: itself, or the templates right inside a folder, by name.

    Raises OSError if the path cannot be read.
    """
    if not path.is_dir():
        return [path]
    inside = sorted(child for child in path.iterdir() if child.is_file())
    hcl = [child for child in inside if child.name.endswith(HCL_SUFFIX)]
    return hcl + [child for child in inside if child.name.endswith(JSON_SUFFIX)]


def auto_var_files(path: Path) -> list[Path]:
    """The `*.auto.pkrvars.hcl` and `*.auto.pkrvars.json` files of a folder; a single file has none.

    Raises OSError if the folder cannot be read.
    """
    if not path.is_dir():
        return []
    names = sorted(child for child in path.iterdir() if child.is_file())
    hcl = [child for child in names if child.name.endswith(".auto.pkrvars.hcl")]
    return hcl + [child for child in names if child.name.endswith(".auto.pkrvars.json")]


def read_text(path: Path, name: str) -> tuple[SourceFile | None, list[Diagnostic]]:
    """A file's text, line breaks as they are; bytes that are no UTF-8 are an error at their place."""
    try:
        raw = path.read_bytes()
    except OSError as problem:
        reason = problem.strerror or str(problem)
        detail = f"{name} could not be read: {reason}."
        return None, [Diagnostic(Severity.ERROR, "Failed to read file", detail)]
    return decode(raw, name)


def decode(raw: bytes, name: str) -> tuple[SourceFile, list[Diagnostic]]:
    """The text of bytes; those that are no UTF-8 are an error at their place."""
    try:
        return SourceFile(name, raw.decode()), []
    except UnicodeDecodeError as problem:
        file = SourceFile(name, raw.decode(errors="replace"))
        start = len(raw[: problem.start].decode())
        detail = "The file is not valid UTF-8 here. Save it as UTF-8."
        return file, [
            error("Invalid character encoding", detail, Span(start, start + 1), file, "syntax")
        ]
