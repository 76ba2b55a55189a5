"""The difference that a new layout makes to a text, as `diff -u` writes it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

CONTEXT = 3
"""Lines that are shown around a change."""


def unified(before: str, after: str, name: str) -> str:
    """Every change with the lines around it. Both texts must have as many lines as each other.

    A layout changes lines and neither adds nor removes any, so no search for what belongs to what is needed.
    """
    old, new = _lines(before), _lines(after)
    changed = [at for at, pair in enumerate(zip(old, new, strict=True)) if pair[0] != pair[1]]
    if not changed:
        return ""
    parts = [f"--- old/{name}\n+++ new/{name}\n"]
    for start, end in _hunks(changed, len(old)):
        place = f"{start + 1},{end - start}" if end - start > 1 else f"{start + 1}"
        parts.append(f"@@ -{place} +{place} @@\n")
        parts += _hunk(old[start:end], new[start:end])
    return "".join(parts)


def _lines(text: str) -> list[str]:
    lines = text.split("\n")
    return [line + "\n" for line in lines[:-1]] + lines[-1:] * bool(lines[-1])


def _hunks(changed: Sequence[int], count: int) -> Iterator[tuple[int, int]]:
    start, end = changed[0], changed[0] + 1
    for at in changed[1:]:
        if at - end > 2 * CONTEXT:
            yield max(0, start - CONTEXT), min(count, end + CONTEXT)
            start = at
        end = at + 1
    yield max(0, start - CONTEXT), min(count, end + CONTEXT)


def _hunk(old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    removed: list[str] = []
    added: list[str] = []
    for one, other in zip(old, new, strict=True):
        if one != other:
            removed.append("-" + one)
            added.append("+" + other)
            continue
        yield from map(_ended, removed + added)
        removed, added = [], []
        yield _ended(" " + one)
    yield from map(_ended, removed + added)


def _ended(line: str) -> str:
    return line if line.endswith("\n") else line + "\n\\ No newline at end of file\n"
