"""A template as a flat list, before its `if` and `for` are paired; trimming and indentation happen here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from oxtui.template.hcl.clusters import cluster_count, clusters

if TYPE_CHECKING:
    from collections.abc import Sequence

    from oxtui.template.hcl.source import Span
    from oxtui.template.hcl.tree.expressions import Expression, Interpolation


@dataclass(slots=True)
class TextPart:
    """Literal text: at most one line of a heredoc."""

    span: Span
    text: str


@dataclass(slots=True)
class IfPart:
    """`%{ if … }`."""

    span: Span
    condition: Expression


@dataclass(slots=True)
class ForPart:
    """`%{ for … in … }`."""

    span: Span
    key_name: str | None
    value_name: str
    collection: Expression


@dataclass(slots=True)
class WordPart:
    """`%{ else }`, `%{ endif }` or `%{ endfor }`."""

    span: Span
    word: str


FlatPart: TypeAlias = "TextPart | IfPart | ForPart | WordPart | Interpolation"


def remove_indentation(parts: Sequence[FlatPart]) -> None:
    """Takes the smallest indentation from each line of a `<<-` heredoc.

    A line is what follows a literal that ends in a line break; blank lines do not count. A line
    break that a strip marker has eaten makes the next line a part of the one before, as in HCL.
    """
    smallest: int | None = None
    adjust: list[TextPart] = []
    line_start = True
    for part in parts:
        text = part.text if isinstance(part, TextPart) else None
        if line_start:
            line_start = False
            spaces: int | None = 0
            if isinstance(part, TextPart):
                blank = part.text[: len(part.text) - len(part.text.lstrip())]
                if blank == part.text and blank.endswith("\n"):
                    spaces = None
                else:
                    spaces = cluster_count(blank)
                    adjust.append(part)
            if spaces is not None:
                smallest = spaces if smallest is None else min(smallest, spaces)
        if text is not None and text.endswith("\n"):
            line_start = True
    for line in adjust:
        line.text = "".join(clusters(line.text)[smallest or 0 :]) if smallest else line.text
