"""Patterns of build names, as Packer's `-only` and `-except` take them (packer.md 1.9): stars cross dots, too."""

from __future__ import annotations

import functools
import re


@functools.cache
def name_pattern(pattern: str) -> re.Pattern[str]:
    """A regular expression for whole names. Raises ValueError, whose text says what is wrong.

    `*` and `**` are any text, `?` is any character, `[a-z]` and `[!a-z]` are one of some, `{a,b}` is one of
    several texts, and a backslash takes away what the next character means.
    """
    pieces: list[str] = []
    at = depth = 0
    while at < len(pattern):
        character = pattern[at]
        at += 1
        if character == "*":
            pieces.append(".*")
        elif character == "?":
            pieces.append(".")
        elif character == "[":
            end = pattern.find("]", at + 1)
            if end < 0:
                raise ValueError("its [ is not closed")
            pieces.append(_one_of(pattern[at:end]))
            at = end + 1
        elif character == "{":
            depth += 1
            pieces.append("(?:")
        elif character in ",}" and depth:
            depth -= character == "}"
            pieces.append("|" if character == "," else ")")
        else:
            if character == "\\" and at < len(pattern):
                character = pattern[at]
                at += 1
            pieces.append(re.escape(character))
    if depth:
        raise ValueError("its { is not closed")
    return re.compile("".join(pieces), re.DOTALL)


def _one_of(text: str) -> str:
    negated = text.startswith("!")
    ranges = []
    for first, last in re.findall(r"(.)(?:-(.))?", text[negated:], re.DOTALL):
        if first > (last or first):
            raise ValueError(f"{first}-{last} in it is no range")
        ranges.append(f"{re.escape(first)}-{re.escape(last or first)}")
    return f"[{'^' if negated else ''}{''.join(ranges)}]" if ranges else "(?!)"
