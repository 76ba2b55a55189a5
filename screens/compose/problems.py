"""What is wrong with a template, each at its place: part, field, line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from oxtui.template.hcl.diagnostic import Diagnostic
from oxtui.template.resolve.variable_values import UNSET_VARIABLE
from oxtui.template.variables import ENVIRONMENT_PREFIX
from screens.compose.known import RUN_VALUE
from screens.compose.reading import Field, Part, Reading

Severity: TypeAlias = Literal["error", "warning"]


_GIVEN = re.compile(rf"<value for ((?:-var |{ENVIRONMENT_PREFIX})(?P<name>.+))>")
"""How messages name the text that was given for a variable: see `oxtui.template.resolve.given`."""
_OF_VALUE = re.compile(r"Invalid value for (default|env|varfile|cmd) variable")
_FITTING = re.compile(r'The value for "(?P<name>[^"]+)"')
"""How messages about a value begin that does not fit: see `oxtui.template.resolve.variable_values`."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One of them; an error keeps a build from being started."""

    severity: Severity
    text: str
    line: int | None = None
    part: str = ""
    """Id of the part it is in; empty if it is in none."""
    field: str = ""
    """Name of the field it is about; empty if it is about none."""
    file: str = ""
    """Name of the file that it is in, if it belongs to the template."""
    syntax: bool = False
    """The text cannot be read there, so that it is mended in the text alone."""

    @property
    def is_error(self) -> bool:
        """Whether it keeps a build from being started."""
        return self.severity == "error"


def located(diagnostics: Iterable[Diagnostic], reading: Reading) -> list[Problem]:
    """The diagnostics of a template at their places, by file and line; what has no place comes first."""
    found = dict.fromkeys(_located(each, reading) for each in diagnostics)
    order = {source.name: number for number, source in enumerate(reading.sources)}
    return sorted(found, key=lambda problem: (order.get(problem.file, -1), problem.line or 0))


def _located(diagnostic: Diagnostic, reading: Reading) -> Problem:
    severity: Severity = "error" if diagnostic.is_error else "warning"
    text = " ".join((diagnostic.detail or diagnostic.summary).split())
    if diagnostic.summary.startswith(UNSET_VARIABLE):
        # The command line's ways to set it are of no use here.
        text = (
            f"Variable{diagnostic.summary.removeprefix(UNSET_VARIABLE)} has no value: give it a "
            "default, or with g in the outline a value for builds from here."
        )
    if diagnostic.span is None or diagnostic.file is None:
        return Problem(severity, text)
    file, line = diagnostic.file.name, diagnostic.line
    if not reading.has_file(file):
        given = _given(diagnostic, reading)
        if given is None:
            return Problem(severity, f"{file}: {text}")
        where = "" if file.startswith("<value for -var") else _GIVEN.sub(r"\1", file) + ": "
        line = reading.source(given.file).line_number(given.span.start)
        return Problem(severity, where + text, line, given.id, RUN_VALUE, given.file)
    parts = list(reading.at(file, diagnostic.span.start))
    for part, field in parts:
        if field is not None:
            return Problem(severity, _about(field, text), line, part.id, field.name, file)
    if diagnostic.code == "syntax":
        within = parts[0][0].id if parts else ""
        return Problem(severity, text, line, within, file=file, syntax=True)
    value = _field_of_value(diagnostic)
    if value and parts:
        return Problem(severity, text, line, parts[0][0].id, value, file)
    near, named = _named([part for part, _ in parts], text)
    text = text[:1].upper() + text[1:]
    return Problem(severity, text, line, near.id if near else "", named.name if named else "", file)


def _given(diagnostic: Diagnostic, reading: Reading) -> Part | None:
    """The variable whose value, given elsewhere than in the template, a message is about."""
    found = _GIVEN.fullmatch(diagnostic.file.name) if diagnostic.file is not None else None
    if found is None and _OF_VALUE.fullmatch(diagnostic.summary):
        found = _FITTING.match(diagnostic.detail)
    name = found["name"] if found is not None else ""
    return next((part for part in reading.of_kind("variable") if part.title == name), None)


def _field_of_value(diagnostic: Diagnostic) -> str:
    """The field of a variable that a message about its value is about; empty for other messages."""
    if diagnostic.summary.startswith(UNSET_VARIABLE):
        return RUN_VALUE
    found = _OF_VALUE.fullmatch(diagnostic.summary)
    return "" if found is None else "default" if found[1] == "default" else RUN_VALUE


def _about(field: Field, text: str) -> str:
    """A message without the name of the field, which is told beside it."""
    text = text.removeprefix(f'"{field.name}": ')
    return text[:1].upper() + text[1:]


def _named(parts: Sequence[Part], text: str) -> tuple[Part | None, Field | None]:
    """The part and field that a message speaks of which points at a whole block."""
    words = set(re.findall(r"[\w-]+", text))
    for part in parts:
        for field in part.fields:
            if field.name in words and ("_" in field.name or f'"{field.name}"' in text):
                return part, field
    return (parts[0] if parts else None), None


def of_rack(told: str, parts: Sequence[Part], reading: Reading) -> Problem:
    """A sentence of a preflight check, which begins with the name of the option that it is about.

    `parts` are those of the block.
    """
    name = re.split(r"[^\w]", told, maxsplit=1)[0]
    if any(part.field(name) is not None for part in parts):
        return at_field(re.sub(rf'^{name}( "[^"]*")?: ', "", told), parts, name, reading)
    return at_field(told, parts, "", reading)


def at_field(told: str, parts: Sequence[Part], name: str, reading: Reading) -> Problem:
    """A sentence about a field of a block, which has these parts; about all of it where none has the field."""
    text = told[:1].upper() + told[1:]
    for part in parts:
        field = part.field(name)
        if field is not None:
            span = field.span or part.span
            line = reading.source(part.file).line_number(span.start)
            return Problem("error", text, line, part.id, name, part.file)
    return Problem("error", text, None, parts[0].id, file=parts[0].file)
