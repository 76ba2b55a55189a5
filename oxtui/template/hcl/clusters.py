"""Characters as a reader sees them: grapheme clusters, which HCL counts where Python counts code points."""

from __future__ import annotations

from functools import cache
from typing import Any


def cluster_count(text: str) -> int:
    """How many characters a reader sees: grapheme clusters, not code points."""
    return len(text) if text.isascii() and "\r" not in text else len(_cluster().findall(text))


def clusters(text: str) -> list[str]:
    """The grapheme clusters of a text, in order."""
    if text.isascii() and "\r" not in text:
        return list(text)
    return [str(cluster) for cluster in _cluster().findall(text)]


@cache
def _cluster() -> Any:
    import regex  # type: ignore[import-untyped]  # only text that is not ASCII needs it

    return regex.compile(r"\X")
