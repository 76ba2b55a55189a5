"""File patterns: `*`, `?`, `[a-z]`, `{a,b}` and `**` for any number of folders."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any, Final

import re2

if TYPE_CHECKING:
    from pathlib import Path

MAX_FILES: Final = 100_000


def pattern_regex(pattern: str, *, paths: bool = True) -> Any:
    """A regular expression for whole relative paths. Raises ValueError for a broken pattern.

    Without `paths` it is for names, in which a slash is a character like others, and only `!` negates a
    set, as where Packer compares names of builds. RE2 makes it, whose time does not grow with the number
    of ways in which a text can fit.
    """
    some, one = ("[^/]*", "[^/]") if paths else (".*", ".")
    pieces: list[str] = []
    at = depth = 0
    while at < len(pattern):
        character = pattern[at]
        at += 1
        if paths and pattern.startswith("**/", at - 1) and (at == 1 or pattern[at - 2] in "/{,"):
            pieces.append("(?:[^/]+/)*")
            at += 2
        elif character == "*":
            double = pattern.startswith("*", at)
            pieces.append(".*" if double else some)
            at += double
        elif character == "?":
            pieces.append(one)
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
            pieces.append(_class(pattern[at:end], paths=paths))
            at = end + 1
        else:
            if character == "\\" and at < len(pattern):
                character = pattern[at]
                at += 1
            pieces.append(re.escape(character))
    if depth:
        raise ValueError("syntax error in pattern: { is not closed")
    options = re2.Options()
    options.log_errors, options.dot_nl = False, True
    try:
        return re2.compile("".join(pieces), options)
    except re2.error as problem:
        reason = problem.args[0] if problem.args else "invalid"
        shown = reason.decode(errors="replace") if isinstance(reason, bytes) else reason
        raise ValueError(f"syntax error in pattern: {shown}") from None


def _class(text: str, *, paths: bool) -> str:
    """A set of characters; whatever is in it, in a path a slash never fits."""
    negated = text[:1] in (("^", "!") if paths else ("!",))
    ranges: list[str] = []
    for first, last in re.findall(r"(.)(?:-(.))?", text[negated:], re.DOTALL):
        if first > (last or first):
            raise ValueError(f"syntax error in pattern: {first}-{last} is no range")
        ends = [(first, last or first)]
        if paths and not negated and first <= "/" <= ends[0][1]:
            ends = [(first, chr(ord("/") - 1)), (chr(ord("/") + 1), ends[0][1])]
        ranges += [f"{re.escape(a)}-{re.escape(b)}" for a, b in ends if a <= b]
    if not ranges and not negated:
        return "[^\\x00-\\x{10FFFF}]"
    negation = "" if not negated else "^/" if paths else "^"
    return f"[{negation}{''.join(ranges)}]"


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
            if _is_text(prefix + name)
            and wanted.fullmatch(prefix + name)
            and os.path.isfile(os.path.join(folder, name))
        ]
        if not deep and prefix.count("/") >= levels:
            folders.clear()
    return sorted(found)


def _is_text(path: str) -> bool:
    """Whether a path is UTF-8, as every string of HCL is."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True
