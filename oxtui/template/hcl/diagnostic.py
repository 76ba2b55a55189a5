"""Messages about a template: what is wrong, where, why, and what to do; drawn as HashiCorp's tools do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from oxtui.template.hcl.clusters import cluster_count

if TYPE_CHECKING:
    from collections.abc import Iterable

    from oxtui.template.hcl.source import SourceFile, Span


_LONGEST = 400
"""Characters of a line that are shown; of a longer one only what is around the place."""
_BEFORE = 80


class Severity(Enum):
    """How bad it is: an error stops a build, a warning does not."""

    ERROR = "Error"
    WARNING = "Warning"


@dataclass(frozen=True)
class Diagnostic:
    """One message. `file` and `span` are both present or both absent.

    `context` names the block around the place, such as `source "null" "a"`.
    `code` is the class of an expression's error (`operand`, `index`, …), empty elsewhere.
    """

    severity: Severity
    summary: str
    detail: str = ""
    span: Span | None = None
    file: SourceFile | None = None
    context: str | None = None
    code: str = ""

    @property
    def is_error(self) -> bool:
        """Whether it stops a build."""
        return self.severity is Severity.ERROR

    @property
    def line(self) -> int | None:
        """The line, from 1, or None for a message about no place."""
        if self.file is None or self.span is None:
            return None
        return self.file.line_number(self.span.start)

    def __str__(self) -> str:
        text = f"{self.summary}: {self.detail}" if self.detail else self.summary
        if self.file is None or self.span is None:
            return text
        line, column = self.file.position(self.span.start)
        return f"{self.file.name}:{line}:{column}: {text}"


class TemplateError(Exception):
    """A template cannot be used; carries every diagnostic, not only the first."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = list(diagnostics)
        super().__init__("; ".join(str(d) for d in self.diagnostics if d.is_error))


def error(summary: str, detail: str, span: Span, file: SourceFile, code: str = "") -> Diagnostic:
    """An error at a place."""
    return Diagnostic(Severity.ERROR, summary, detail, span, file, code=code)


def warning(summary: str, detail: str, span: Span, file: SourceFile) -> Diagnostic:
    """A warning at a place."""
    return Diagnostic(Severity.WARNING, summary, detail, span, file)


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether any of the messages stops a build."""
    return any(diagnostic.is_error for diagnostic in diagnostics)


def sentence(text: object) -> str:
    """A text as a sentence of its own: upper case first, and an end."""
    said = str(text)
    return said[:1].upper() + said[1:] + ("" if said.endswith((".", "?", "!")) else ".")


def render(diagnostic: Diagnostic) -> str:
    """A message as text of several lines: summary, place, the line with its range marked, detail.

    The lines are Packer's (packer.md 1.12), so that programs which know those find the place. It stands
    once more behind the mark, with its column, where HashiCorp's tools have nothing.
    """
    lines = [f"{diagnostic.severity.value}: {diagnostic.summary}", ""]
    if diagnostic.file is not None and diagnostic.span is not None:
        lines += [*_excerpt(diagnostic.file, diagnostic.span, diagnostic.context), ""]
    if diagnostic.detail:
        lines += [diagnostic.detail, ""]
    return "\n".join(lines)


def _excerpt(file: SourceFile, span: Span, context: str | None) -> list[str]:
    line, column = file.position(span.start)
    where = f", in {context}" if context else ""
    whole, offset = file.line_text(line), span.start - file.line_start(line)
    first = max(0, offset - _BEFORE) if len(whole) > _LONGEST else 0
    text = whole[first : first + _LONGEST]
    end = min(span.end - file.line_start(line), first + len(text))
    width = max(1, cluster_count(whole[offset:end]))
    margin = f"  {line}: " + ("…" if first else "")
    blank = "".join("\t" if c == "\t" else " " for c in text[: offset - first])
    return [
        f"  on {file.name} line {line}{where}:",
        margin + text + ("…" if first + len(text) < len(whole) else ""),
        f"{' ' * len(margin)}{blank}{'^' * width} {file.name}:{line}:{column}",
    ]
