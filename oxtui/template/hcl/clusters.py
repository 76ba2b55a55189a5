"""Characters as a reader sees them: grapheme clusters, which HCL counts where Python counts code points."""

from __future__ import annotations

import regex  # type: ignore[import-untyped]

_CLUSTER = regex.compile(r"\X")


def cluster_count(text: str) -> int:
    """How many characters a reader sees: grapheme clusters, not code points."""
    return len(text) if text.isascii() and "\r" not in text else len(_CLUSTER.findall(text))


def clusters(text: str) -> list[str]:
    """The grapheme clusters of a text, in order."""
    if text.isascii() and "\r" not in text:
        return list(text)
    return [str(cluster) for cluster in _CLUSTER.findall(text)]
