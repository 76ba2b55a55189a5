"""The name-or-id rule of the API, in one place.

A path or selector takes a name or a UUID. By name its parent must be given, by UUID the parent
must be left out (the server answers 400 otherwise). Creates and lists are no selectors: they always
name their container.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from oxtui.oxide.errors import SelectorError

if TYPE_CHECKING:
    from collections.abc import Mapping

_UUID = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{32}", re.IGNORECASE
)
_SEGMENT = re.compile(r"[A-Za-z0-9-]+")


def is_id(name_or_id: str) -> bool:
    """True for what the server reads as a UUID: with hyphens, or its 32 digits alone."""
    return _UUID.fullmatch(name_or_id) is not None


def selector(
    noun: str, name_or_id: str, parents: Mapping[str, str | None], *, required: bool = True
) -> dict[str, str]:
    """Query parameters that go with a selector.

    Args:
        noun: What is selected, for the message.
        name_or_id: The selector.
        parents: The nearest parent first, such as `{"project": "web"}`. A parent that is itself an
            id makes the ones after it superfluous.
        required: False for images, where a name without a project is a silo image.

    Raises:
        SelectorError: A name without its parent, or a parent by name without its own.
    """
    chosen: dict[str, str] = {}
    child, child_name = noun, name_or_id
    for parent, value in parents.items():
        if is_id(child_name):
            break
        if not value:
            if not required:
                break
            raise SelectorError(
                f'The {child} "{child_name}" is given by name, so its {parent} is needed too;'
                f" give the {parent}, or the id of the {child}."
            )
        chosen[parent] = value
        child, child_name = parent, value
    return chosen


def segment(noun: str, name_or_id: str) -> str:
    """A name or id as part of a path; it cannot point anywhere else.

    Raises:
        SelectorError: It is empty, or has characters that no name has.
    """
    if _SEGMENT.fullmatch(name_or_id):
        return name_or_id
    raise SelectorError(
        f'"{name_or_id}" is no name or id of a {noun}: names have letters, digits and hyphens.'
    )


def named(noun: str, name_or_id: str) -> str:
    """The subject of a message: `disk "web"` or `disk 6f1c…`."""
    return f"{noun} {name_or_id}" if is_id(name_or_id) else f'{noun} "{name_or_id}"'
