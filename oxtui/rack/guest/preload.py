"""Imports what Python and asyncssh would load later: inside, their files are out of reach."""

from __future__ import annotations

import importlib

_LATE = (
    "asyncio.base_subprocess",
    "concurrent.futures.thread",
    "encodings.idna",
    "encodings.latin_1",
    "encodings.utf_8_sig",
    "locale",
    "shutil",
    "stringprep",
    "tempfile",
    "traceback",
    "unicodedata",
)


def everything() -> None:
    """Loads the modules that are otherwise imported on first use."""
    for name in _LATE:
        importlib.import_module(name)
