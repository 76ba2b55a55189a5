"""The operator's own editor: which one it is, and the file that it is given."""

from __future__ import annotations

import shlex
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

SUFFIXES = {"bash": ".sh", "shell": ".sh", "hcl": ".pkr.hcl"}
"""By the language of a text: an editor knows it by them."""


def editor(environment: Mapping[str, str]) -> tuple[str, ...]:
    """The words that start it: of `$VISUAL` or `$EDITOR`, else vi. Raises ValueError where they make no command."""
    return tuple(shlex.split(environment.get("VISUAL") or environment.get("EDITOR") or "vi"))


@contextmanager
def text_file(text: str, language: str) -> Iterator[Path]:
    """A file with that text for the block, for its owner alone, as it may hold what nobody else should read.

    It is in a folder of its own, so that what an editor writes beside it goes with it. Raises OSError.
    """
    folder = Path(tempfile.mkdtemp(prefix="oxtui-edit-"))
    try:
        path = folder / f"step{SUFFIXES.get(language, '.txt')}"
        path.touch(0o600)
        path.write_text(text, encoding="utf-8")
        yield path
    finally:
        shutil.rmtree(folder, ignore_errors=True)
