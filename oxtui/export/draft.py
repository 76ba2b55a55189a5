"""The template while it is made: the document, and what is to be said about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from oxtui.logs.sanitise import plain
from oxtui.template.document import Document
from oxtui.template.hcl.edit.extent import indentation, line_start, newline_of, rest_of_line


@dataclass(slots=True)
class Draft:
    """What the rewrites work on, one after the other."""

    document: Document
    notes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    scripts: dict[Path, str] = field(default_factory=dict)
    copies: dict[Path, Path] = field(default_factory=dict)
    """Files that are copied beside it: by the path of the copy."""
    secrets: list[str] = field(default_factory=list)
    """Variables that take a secret which was left out."""

    def replace(self, start: int, end: int, text: str) -> None:
        """Replaces a range of the text; raises TemplateError if it cannot be read any more."""
        before = self.document.text
        self.document.rewrite(before[:start] + text + before[end:])

    def comment(self, address: str, attribute: str, text: str) -> None:
        """Says something about an attribute: behind it, or above it where another comment stands."""
        span = self.document.span_of(address, attribute)
        if span is None:
            return
        words = f"# {plain(text)}"
        before = self.document.text
        if not rest_of_line(before, span.end).strip():
            self.replace(span.end, span.end, f" {words}")
            return
        at = line_start(before, span.start)
        line = indentation(before, span.start) + words + newline_of(before)
        self.replace(at, at, line)

    def comment_above(self, address: str, text: str) -> None:
        """Says something about a block, on a line of its own above it."""
        span = self.document.span_of(address)
        if span is None:
            return
        before = self.document.text
        at = line_start(before, span.start)
        line = f"{indentation(before, span.start)}# {plain(text)}{newline_of(before)}"
        self.replace(at, at, line)

    def comment_last(self, block: int, text: str) -> None:
        """Says something at the end of a build block, behind its last part."""
        build = self.document.body.blocks_of("build")[block]
        before = self.document.text
        at = line_start(before, build.close.start)
        indent = indentation(before, build.type_span.start) + "  "
        self.replace(at, at, f"{indent}# {plain(text)}{newline_of(before)}")
