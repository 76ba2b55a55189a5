"""Files by patterns as Go's `filepath.Glob` takes them: `*`, `?`, `[a-z]`, `[^a-z]`, and `\\` before any of these.

Unlike a shell it does not pass over names that begin with a dot, and `**` is two `*`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

_Fits = Callable[[str], bool]
_META = frozenset("*?[\\")


class BadPattern(ValueError):
    """A pattern that cannot be read; the text quotes it."""

    def __init__(self, pattern: str, why: str) -> None:
        super().__init__(f'"{pattern}" is no pattern of file names: {why}')


def glob(pattern: str) -> list[str]:
    """The paths that fit, in the order of their names, folder by folder; what cannot be read fits nothing.

    Raises:
        BadPattern: it cannot be read.
    """
    check(pattern)
    return _found(pattern)


def check(pattern: str) -> None:
    """Raises BadPattern for one that cannot be read."""
    for part in pattern.split("/"):
        _tokens(part, pattern)


def _found(pattern: str) -> list[str]:
    if not _META.intersection(pattern):
        return [pattern] if os.path.lexists(pattern) else []
    head, slash, name = pattern.rpartition("/")
    folder = head or slash or "."
    tokens = _tokens(name, pattern)
    folders = _found(folder) if _META.intersection(folder) else [folder]
    found: list[str] = []
    for each in folders:
        try:
            names = sorted(os.listdir(each))
        except OSError:
            continue
        found += [
            os.path.normpath(os.path.join(each, here)) for here in names if _fits(tokens, here)
        ]
    return found


def _tokens(part: str, pattern: str) -> list[_Fits | None]:
    """What each character of a name has to fit; None for any number of any characters."""
    tokens: list[_Fits | None] = []
    at = 0
    while at < len(part):
        character, at = part[at], at + 1
        if character == "*":
            tokens.append(None)
        elif character == "?":
            tokens.append(lambda _: True)
        elif character == "[":
            ranges, negated, at = _ranges(part, at, pattern)
            tokens.append(
                lambda c, ranges=ranges, negated=negated: (  # type: ignore[misc]
                    any(low <= c <= high for low, high in ranges) != negated
                )
            )
        else:
            if character == "\\":
                character, at = _literal(part, at - 1, pattern)
            tokens.append(character.__eq__)
    return tokens


def _ranges(part: str, at: int, pattern: str) -> tuple[list[tuple[str, str]], bool, int]:
    """The ranges behind a `[`, whether they are what does not fit, and where the rest begins."""
    negated = part.startswith("^", at)
    at += negated
    ranges: list[tuple[str, str]] = []
    while not (ranges and part.startswith("]", at)):
        low, at = _bound(part, at, pattern)
        high = low
        if part.startswith("-", at):
            high, at = _bound(part, at + 1, pattern)
        ranges.append((low, high))
    return ranges, negated, at + 1


def _bound(part: str, at: int, pattern: str) -> tuple[str, int]:
    """A character between `[` and `]`, and where the rest begins."""
    if part[at : at + 1] in ("", "]", "-"):
        raise BadPattern(pattern, "a [ is not followed by characters, ranges and a ]")
    return _literal(part, at, pattern)


def _literal(part: str, at: int, pattern: str) -> tuple[str, int]:
    """A character, which may be escaped, and where the rest begins."""
    if part.startswith("\\", at):
        at += 1
    if at >= len(part):
        raise BadPattern(pattern, "it ends in the middle of an escape")
    return part[at], at + 1


def _fits(tokens: Sequence[_Fits | None], name: str) -> bool:
    """Whether a name fits, in a time that grows with the product of both lengths at most."""
    at = token = 0
    star = back = -1
    while at < len(name):
        fits = tokens[token] if token < len(tokens) else None
        if token < len(tokens) and fits is None:
            star, back = token, at
            token += 1
        elif fits is not None and fits(name[at]):
            token += 1
            at += 1
        elif star >= 0:
            back += 1
            token, at = star + 1, back
        else:
            return False
    return all(fits is None for fits in tokens[token:])
