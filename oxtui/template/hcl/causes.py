"""Leaves out of a file's messages those that only follow from a string that was never closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxtui.template.hcl.parse.bodies import UNCLOSED_BLOCK
from oxtui.template.hcl.parse.invalid import MULTI_LINE
from oxtui.template.hcl.parse.templates import UNTERMINATED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from oxtui.template.hcl.diagnostic import Diagnostic
    from oxtui.template.hcl.source import SourceFile


def causes(diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
    """The messages without those that follow from an open string; their order stays.

    Behind a quote that is not closed, strings and what stands between them have changed places. So of
    each file with one, what is told behind it is left out, and so are the blocks that it left open.
    """
    first: dict[SourceFile, Diagnostic] = {}
    for each in diagnostics:
        if each.file is not None and each.summary in (MULTI_LINE, UNTERMINATED):
            known = first.get(each.file)
            if known is None or _start(each) < _start(known):
                first[each.file] = each
    for file, opened in first.items():
        # What is wrong before it on the same line, such as an open "${", is why it never ended.
        line = [d for d in diagnostics if d.file is file and d.line == opened.line]
        first[file] = min((d for d in line if d.summary != UNCLOSED_BLOCK), key=_start)
    return [d for d in diagnostics if d.file is None or _counts(d, first.get(d.file))]


def _counts(diagnostic: Diagnostic, cause: Diagnostic | None) -> bool:
    """Whether a message says more than its file's open string does."""
    if cause is None or diagnostic is cause:
        return True
    return _start(diagnostic) < _start(cause) and diagnostic.summary != UNCLOSED_BLOCK


def _start(diagnostic: Diagnostic) -> int:
    return diagnostic.span.start if diagnostic.span is not None else 0
