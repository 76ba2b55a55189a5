"""File patterns: `*`, `?`, `[a-z]`, `{a,b}` and `**` for any number of folders."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

MAX_FILES: Final = 100_000


def pattern_regex(pattern: str) -> re.Pattern[str]:
    """A regular expression for whole relative paths. Raises ValueError for a broken pattern."""
    pieces: list[str] = []
    at = depth = 0
    while at < len(pattern):
        character = pattern[at]
        at += 1
        if pattern.startswith("**/", at - 1) and (at == 1 or pattern[at - 2] in "/{,"):
            pieces.append("(?:[^/]+/)*")
            at += 2
        elif character == "*":
            double = pattern.startswith("*", at)
            pieces.append(".*" if double else "[^/]*")
            at += double
        elif character == "?":
            pieces.append("[^/]")
        elif character == "{":
            depth += 1
            pieces.append("(?:")
        elif character == "}" and depth:
            depth -= 1
            pieces.append(")")
        elif character == "," and depth:
            pieces.append("|")
        elif character == "[":
            end = pattern.find("]", at + 1)
            if end < 0:
                raise ValueError("syntax error in pattern: [ is not closed")
            pieces.append(_class(pattern[at:end]))
            at = end + 1
        else:
            if character == "\\" and at < len(pattern):
                character = pattern[at]
                at += 1
            pieces.append(re.escape(character))
    if depth:
        raise ValueError("syntax error in pattern: { is not closed")
    try:
        return re.compile("".join(pieces), re.DOTALL)
    except re.error as problem:
        raise ValueError(f"syntax error in pattern: {problem}") from None


def _class(text: str) -> str:
    negated = text[:1] in ("^", "!")
    body = text[1:] if negated else text
    escaped = body.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
    return f"(?![/])[{'^' if negated else ''}{escaped.replace('^', chr(92) + '^')}]"


def glob_files(root: Path, pattern: str) -> list[str]:
    """The regular files below a folder whose path from there fits; none if there is no such folder.

    Raises OSError, and ValueError for a broken pattern or far too many files.
    """
    wanted = pattern_regex(os.path.normpath(pattern))
    found: list[str] = []
    seen = 0
    deep = "**" in pattern
    levels = pattern.count("/")
    for folder, folders, names in os.walk(root):
        inside = os.path.relpath(folder, root)
        prefix = "" if inside == "." else inside.replace(os.sep, "/") + "/"
        seen += len(names)
        if seen > MAX_FILES:
            raise ValueError(f"more than {MAX_FILES} files are below {root}")
        found += [
            prefix + name
            for name in names
            if wanted.fullmatch(prefix + name) and os.path.isfile(os.path.join(folder, name))
        ]
        if not deep and prefix.count("/") >= levels:
            folders.clear()
    return sorted(found)
