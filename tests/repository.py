"""The checkout that the tests lie in, as the tests about the project itself see it."""

from __future__ import annotations

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def committed() -> list[Path]:
    """Files of the repository as git knows them, those deleted in the work tree left out."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    paths = (ROOT / name for name in listed.stdout.split("\0") if name)
    return [path for path in paths if path.is_file()]


def committed_texts() -> list[tuple[Path, str]]:
    """Files of text with what is in them."""
    texts = []
    for path in committed():
        try:
            texts.append((path.relative_to(ROOT), path.read_text(encoding="utf-8")))
        except UnicodeDecodeError:
            continue
    return texts


def modules() -> list[Path]:
    """Every module of the two packages."""
    return [path for package in ("oxtui", "screens") for path in (ROOT / package).rglob("*.py")]
