"""The templates that were written for these tests; `tests/template/examples` has them by what is wrong.

`valid` is as it should be, `refused` is written well and says something that cannot be, `invalid` is not HCL
or not what a template is made of.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

EXAMPLES: Final = Path(__file__).resolve().parents[1] / "template/examples"
SUFFIXES: Final = (".pkr.hcl", ".pkrvars.hcl")


def templates(kind: str) -> list[Path]:
    """Files and folders that are one template each."""
    found = sorted((EXAMPLES / kind).iterdir())
    return [p for p in found if p.name.endswith(".pkr.hcl") or any(p.glob("*.pkr.hcl"))]


def documents(kind: str) -> list[Path]:
    """Every file in HCL's own syntax, those of folders too."""
    return [p for p in sorted((EXAMPLES / kind).rglob("*")) if p.name.endswith(SUFFIXES)]


def name(path: Path) -> str:
    """How a test calls an example."""
    return path.relative_to(EXAMPLES).as_posix()


def text_of(path: Path) -> str:
    """What is in a file, with its line breaks and mark as they are."""
    return path.read_bytes().decode()
