"""What an export is: the text, how it differs from what the session began with, and what to know about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from oxtui.template.variables import VariableInputs


class ExportError(Exception):
    """A session cannot be exported at all; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """What is wanted. `inputs` are the values of variables that the session ran with."""

    target: Path | None = None
    """Where the text will be written; None: nowhere yet."""
    scripts: Path | None = None
    """Folder for scripts that were edited; None: they become inline commands."""
    inputs: VariableInputs = field(default_factory=VariableInputs)
    commands: bool = True
    """Commands that ran at stops, and succeeded, become provisioners; else they are comments."""
    breakpoints: bool = False
    """Breakpoints of the session become `breakpoint` provisioners, and those of the template stay on."""
    variables: Path | None = None
    """File for the values of variables that are no secrets; None: none is made."""
    files: Path | None = None
    """Folder for copies of files that were uploaded at stops; None: the template names them where they are."""
    cache: Path | None = None
    """oxtui's folder for what can be made anew: the second reader's grammar is kept there."""


@dataclass(frozen=True, slots=True)
class Exported:
    """A session as a template. With `problems` it is not what the session ran, or would not be accepted."""

    session: str
    text: str
    began: str
    """The template that the session began with, secrets masked."""
    diff: str
    """Unified, from `began` to `text`."""
    notes: tuple[str, ...] = ()
    """Sentences about what was changed, and what it needs to run."""
    problems: tuple[str, ...] = ()
    """Sentences about what keeps it from reproducing the session; it should not be used then."""
    scripts: Mapping[Path, str] = field(default_factory=dict)
    """Texts of scripts to be written beside it, by path."""
    variables: Mapping[Path, str] = field(default_factory=dict)
    """The file of values of variables, if one was asked for, by path."""
    copies: Mapping[Path, Path] = field(default_factory=dict)
    """Files to be copied beside it: by the path of the copy, where they are now."""
