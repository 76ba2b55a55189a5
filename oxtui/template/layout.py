"""Files in canonical layout: which files of a path, and the text of each as `packer fmt` would write it."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from oxtui.template.hcl.causes import causes
from oxtui.template.hcl.format import format_file
from oxtui.template.read.files import HCL_SUFFIX, decode, read_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from oxtui.template.hcl.diagnostic import Diagnostic
    from oxtui.template.hcl.source import SourceFile

SUFFIXES: Final = (HCL_SUFFIX, ".pkrvars.hcl")
"""Of the files that have a canonical layout: templates, and values of their variables."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A file's text as it is and as it should be; both are None where it cannot be read."""

    name: str
    before: str | None = None
    after: str | None = None
    diagnostics: list[Diagnostic] = field(default_factory=list)

    @property
    def differs(self) -> bool:
        """Whether the layout is not canonical."""
        return self.before != self.after


def layout(name: str) -> Layout:
    """The layout of a file."""
    return _layout(*read_text(Path(name), name), name)


def layout_of_bytes(raw: bytes, name: str) -> Layout:
    """The layout of what came without a file; `name` is for messages."""
    return _layout(*decode(raw, name), name)


def _layout(source: SourceFile | None, problems: list[Diagnostic], name: str) -> Layout:
    if source is None or problems:
        return Layout(name, diagnostics=problems)
    after, problems = format_file(source)
    if after is None:
        return Layout(name, diagnostics=causes(problems))
    return Layout(name, source.text, after)


def laid_out_files(folder: str, *, recursive: bool) -> Iterator[str]:
    """The files in a folder that have a canonical layout, by name; links to folders are not followed.

    Raises OSError for a folder that cannot be read.
    """
    with os.scandir(folder) as entries:
        found = sorted(entries, key=lambda entry: entry.name)
    for entry in found:
        path = os.path.normpath(os.path.join(folder, entry.name))
        if entry.is_dir(follow_symlinks=False):
            if recursive:
                yield from laid_out_files(path, recursive=True)
        elif entry.name.endswith(SUFFIXES) and not entry.is_dir():
            yield path
