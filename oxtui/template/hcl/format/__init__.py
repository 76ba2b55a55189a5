"""The canonical layout of HCL, byte for byte what `packer fmt` writes.

Only blanks between the tokens of a line change: line breaks, comments and the order of tokens stay.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxtui.template.hcl.diagnostic import has_errors
from oxtui.template.hcl.format.columns import align
from oxtui.template.hcl.format.indent import indent
from oxtui.template.hcl.format.lines import FormatToken, split_lines
from oxtui.template.hcl.format.spacing import space
from oxtui.template.hcl.parse import parse_body
from oxtui.template.hcl.scanner import scan

if TYPE_CHECKING:
    from oxtui.template.hcl.diagnostic import Diagnostic
    from oxtui.template.hcl.source import SourceFile


def format_tokens(text: str) -> str:
    """The text in canonical layout, whether or not it can be parsed."""
    *tokens, end = scan(text)
    made = [FormatToken(token.kind, text[token.start : token.end]) for token in tokens]
    lines = split_lines(made)
    indent(lines)
    space(lines)
    align(lines)
    body = "".join(" " * token.spaces + token.text for token in made)
    last = tokens[-1].end if tokens else 0
    return body + text[last : end.start]


def format_file(file: SourceFile) -> tuple[str | None, list[Diagnostic]]:
    """A file's text in canonical layout, or None and the errors that keep it from being read."""
    _, diagnostics = parse_body(file)
    if has_errors(diagnostics):
        return None, diagnostics
    return format_tokens(file.text), diagnostics
