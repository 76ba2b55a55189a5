"""Where in a JSON text a value ends: the line and column that serde names in its errors."""

from __future__ import annotations

import json
import re

_SPACE = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()


def end_of(text: str, path: tuple[str | int, ...]) -> tuple[int, int]:
    """Return line and column (both from 1) of the last character of the value at `path`.

    `text` must be valid JSON. Steps that the text does not have are left off, so a missing field
    is placed at the end of the object that lacks it.
    """
    start = _skip(text, 0)
    for step in path:
        member = _members(text, start).get(step)
        if member is None:
            break
        start = member
    _, end = _DECODER.raw_decode(text, start)
    line = text.count("\n", 0, end) + 1
    column = end - (text.rfind("\n", 0, end) + 1)
    return line, column


def _members(text: str, start: int) -> dict[str | int, int]:
    """Return where each member of the object or array at `start` begins."""
    opening = text[start]
    members: dict[str | int, int] = {}
    if opening not in "{[":
        return members
    position = _skip(text, start + 1)
    while text[position] not in "}]":
        key: str | int = len(members)
        if opening == "{":
            key, position = _DECODER.raw_decode(text, position)
            position = _skip(text, _skip(text, position) + 1)
        members[key] = position
        _, position = _DECODER.raw_decode(text, position)
        position = _skip(text, position)
        if text[position] == ",":
            position = _skip(text, position + 1)
    return members


def _skip(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    return position if match is None else match.end()
