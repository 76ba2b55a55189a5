"""Commands as JSON, checked when they are read: whoever connects may write anything."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, Literal, get_args, get_origin, get_type_hints

from oxtui.component import commands
from oxtui.component.commands import Beside, Command, command_name


class CommandRefused(Exception):
    """What came is no command; the text says why."""


COMMAND_TYPES: dict[str, type[Command]] = {
    command_name(found): found
    for found in vars(commands).values()
    if isinstance(found, type) and issubclass(found, Command) and found not in (Command, Beside)
}


def record(command: Command) -> dict[str, Any]:
    """The command as values that JSON can hold, with its `type`."""
    return {"type": command_name(command), **dataclasses.asdict(command)}


def from_record(values: object) -> Command:
    """The command that `record` wrote.

    Raises:
        CommandRefused: the type is unknown, or a value is missing, unknown or of the wrong type.
    """
    if not isinstance(values, dict):
        raise CommandRefused("A command is an object with a type.")
    given = {str(name): value for name, value in values.items()}
    name = given.pop("type", None)
    kind = COMMAND_TYPES.get(name) if isinstance(name, str) else None
    if kind is None:
        raise CommandRefused(f"There is no command {name!r}; there are {', '.join(COMMAND_TYPES)}.")
    hints = get_type_hints(kind)
    for field, value in given.items():
        if field not in hints:
            raise CommandRefused(f"{name} has no {field!r}.")
        if not _fits(value, hints[field]):
            raise CommandRefused(
                f"{name} takes no such {field!r}: {_kind(hints[field])} is expected."
            )
    try:
        return kind(**given)
    except TypeError:
        needed = [each.name for each in dataclasses.fields(kind) if _required(each)]
        missing = ", ".join(each for each in needed if each not in given)
        raise CommandRefused(f"{name} needs {missing}.") from None


def _required(field: dataclasses.Field[Any]) -> bool:
    return field.default is field.default_factory is dataclasses.MISSING


def _fits(value: Any, hint: Any) -> bool:
    if hint is Any:
        return True
    origin = get_origin(hint)
    if origin is Literal:
        return value in get_args(hint)
    if origin is Mapping:
        _, inner = get_args(hint)
        return isinstance(value, dict) and all(_fits(each, inner) for each in value.values())
    return type(value) is hint


def _kind(hint: Any) -> str:
    if get_origin(hint) is Literal:
        return f"one of {', '.join(get_args(hint))}"
    return {str: "a text", bool: "true or false"}.get(hint, "an object")
