"""The words of a field: label, default, type, state."""

from __future__ import annotations

from typing import Any

from textual.content import Content

from oxtui.component.options import OptionSpec
from screens.compose.kinds import is_ssh
from screens.compose.reading import Field
from screens.tables.cell import Cell, clean
from screens.wording import size

_TYPES = {
    "string": "text",
    "number": "number",
    "bool": "true or false",
    "bytes": "size",
    "duration": "duration",
    "list": "list, one a line",
    "map": "KEY=value, one a line",
    "block": "block",
}
DOTS = "••••••••"
_LONG = {"user_data", "content"}
"""Texts that usually have several lines."""


def label(spec: OptionSpec) -> str:
    """A field's name as people read it."""
    return spec.name.replace("_", " ")


def row_label(spec: OptionSpec) -> str:
    """Its label in the form: those of the SSH page do not all begin with the page's name."""
    return label(spec).removeprefix("ssh ") if is_ssh(spec) else label(spec)


def label_width(spec: OptionSpec) -> int:
    """Cells for the labels of a field's page, a blank behind them included."""
    return 25 if is_ssh(spec) else 21


def fitted(name: str, width: int) -> str:
    """A label in its cells, one of them blank; a longer one is cut, as the text beside it has it whole."""
    return (name if len(name) < width else f"{name[: width - 2]}…").ljust(width)


def default_text(spec: OptionSpec) -> str:
    """What holds while a field is not set."""
    value: Any = spec.default
    if value is None or value in ("", [], {}, ()):
        return ""
    if spec.type == "bytes":
        return size(value)
    if spec.type == "duration":
        return duration_text(float(value))
    if isinstance(value, bool):
        return "true" if value else "false"
    if spec.items == "list":
        return "; ".join(", ".join(map(str, row)) for row in value)
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return str(value)


def duration_text(seconds: float) -> str:
    """Seconds as Go writes a duration."""
    if seconds < 60 or seconds != int(seconds):
        return f"{seconds:g}s"
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "h"), (minutes, "m"), (rest, "s"))
    return "".join(f"{count}{unit}" for count, unit in parts if count)


def type_text(spec: OptionSpec) -> str:
    """What a field takes."""
    if spec.choices:
        choices = [choice for choice in spec.choices if choice]
        return " or ".join((", ".join(choices[:-1]), choices[-1])[not choices[:-1] :])
    if spec.lookup and spec.type == "string":
        return "path of a file" if spec.lookup == "files" else spec.by
    return "lines of texts with commas" if spec.items == "list" else _TYPES[spec.type]


def is_long(field: Field) -> bool:
    """Whether a field is edited in an editor rather than in its row."""
    several = field.spec.type in ("list", "map") and not field.text.startswith("=")
    return several or "\n" in field.text or field.name in _LONG


def value_cell(field: Field, *, expression: bool, room: int) -> Cell:
    """The value as its row shows it, in one line of so many cells; the default in grey."""
    if not field.is_set:
        return Cell(default_text(field.spec) or "–", "muted")
    if expression:
        return Cell(field.text, "accent")
    if field.spec.secret:
        return Cell(DOTS)
    if not field.text:
        return Cell('""', "muted")
    first, _, rest = field.text.partition("\n")
    if field.spec.type in ("list", "map"):
        return Cell(field.text.strip().replace("\n", ", "))
    more = rest.strip().count("\n") + 1 if rest.strip() else 0
    if not more:
        return Cell(first)
    count = f"  +{more} more"
    begin = Content(clean(first)).truncate(max(1, room - len(count)), ellipsis=True)
    return Cell(f"{begin.plain}{count}")


def state_cell(field: Field, problem: str) -> Cell:
    """Where the value comes from, or that it is wrong; `problem` is error, warning or empty."""
    if problem == "error":
        return Cell("✗ error", "bad") if field.is_set else Cell("✗ needed", "bad")
    if problem:
        return Cell("! check", "warn")
    if field.run:
        return Cell("● here", "good") if field.is_given else Cell(f"○ {field.run[:7]}", "muted")
    return Cell("● set", "good") if field.is_set else Cell("○ default", "muted")
