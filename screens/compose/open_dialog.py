"""Asks which template to open: a path, or one of those that were opened last."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

from oxtui.template.read.files import HCL_SUFFIX, JSON_SUFFIX, template_files
from screens.compose.files import listed
from screens.compose.lookup_dialog import LookupDialog
from screens.dialogs.choice import Choice
from screens.wording import plural

_SUFFIXES = (HCL_SUFFIX, JSON_SUFFIX, ".hcl", ".json")


def open_dialog(folder: Path, recent: Callable[[], Sequence[str]]) -> LookupDialog:
    """Relative paths start from `folder`; `recent` may take a while."""

    async def find(typed: str) -> AsyncIterator[list[Choice]]:
        if not typed:
            paths = await asyncio.to_thread(recent)
            yield [Choice(path, path, "opened lately") for path in paths]
        yield await asyncio.to_thread(templates, typed, folder)

    return LookupDialog("Open a template", find, paths=True)


def templates(typed: str, folder: Path) -> list[Choice]:
    """The folder that is typed if it is a template, then what in it may be one. Raises OSError."""
    found = []
    if not typed or typed.endswith("/"):
        many = len(template_files(folder / Path(typed or ".").expanduser()))
        if many:
            note = f"this folder: {plural(many, 'file')}, one template"
            found.append(Choice(typed or "./", typed or "./", note))
    return found + [
        each
        for each in listed(typed, folder)
        if each.key.endswith(("/", *_SUFFIXES)) and ".pkrvars." not in each.key
    ]
