"""Provisioners that are switched off: commented out under a marker line, so that Packer skips them.

    # oxtui: disabled
    # provisioner "shell" {
    #   inline = ["echo hi"]
    # }

Behind the `#` and one blank stands the line as it was, less the block's indentation. A line that does
not have that indentation, and a heredoc's lines where every blank counts, follow `#|` as they are.
`packer fmt` may indent the comment anew without harm, and switching on brings back the block.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from oxtui.template.hcl import tokens as t
from oxtui.template.hcl.edit.extent import (
    Extent,
    indentation,
    line_end,
    line_start,
    lines_of,
    newline_of,
)
from oxtui.template.hcl.parse import parse_body
from oxtui.template.hcl.scanner import scan
from oxtui.template.hcl.source import SourceFile, Span
from oxtui.template.hcl.tree.bodies import Block

if TYPE_CHECKING:
    from collections.abc import Iterator

    from oxtui.template.hcl.tree.bodies import Body

MARKER: Final = "# oxtui: disabled"
_MARKER_LINE = re.compile(r"^([ \t]*)# oxtui: disabled[ \t]*\r?\n", re.MULTILINE)
_LINE = re.compile(r"[ \t]*#(?:(\|)| ?)([^\n]*\n?)")


@dataclass(frozen=True)
class DisabledBlock:
    """A block that is commented out. `text` is what it will be again, `block` its tree.

    Spans of the tree are those of `text`; `place` gives them in the document.
    """

    extent: Extent
    indent: str
    text: str
    block: Block
    line_starts: tuple[tuple[int, int], ...]  # of each line: in `text`, in the document

    def place(self, span: Span) -> Span:
        """Where in the document something of the block stands."""
        return Span(self._offset(span.start), self._offset(span.end))

    def _offset(self, offset: int) -> int:
        inside, outside = max(pair for pair in self.line_starts if pair[0] <= offset)
        return outside + offset - inside


def comment_out(lines: str, indent: str, newline: str) -> str:
    """The lines of a block as comments under a marker."""
    commented = [f"{indent}{MARKER}{newline}"]
    exact = _exact_lines(lines, indent)
    for number, line in enumerate(lines_of(lines)):
        content = line.rstrip("\r\n")
        if number in exact or not (content.startswith(indent) or not content):
            commented.append(f"{indent}#|{line}")
        elif content:
            commented.append(f"{indent}# {line[len(indent) :]}")
        else:
            commented.append(f"{indent}#{line}")
    return "".join(commented)


def _exact_lines(lines: str, indent: str) -> set[int]:
    """The lines of heredocs in which indentation means something that must not move with the block."""
    found: set[int] = set()
    opened: list[tuple[int, bool]] = []
    all_lines = lines_of(lines)
    for token in scan(lines):
        if token.kind == t.OPEN_HEREDOC:
            opened.append((token.end, lines.startswith("<<-", token.start)))
        elif token.kind == t.CLOSE_HEREDOC:
            start, flush = opened.pop()
            first, last = lines.count("\n", 0, start), lines.count("\n", 0, token.end)
            numbers = range(first, last + 1)
            movable = all(
                not all_lines[n].strip("\r\n") or all_lines[n].startswith(indent) for n in numbers
            )
            if not (flush and movable):
                found.update(numbers)
    return found


def disable(text: str, block: Block) -> str:
    """The text with a block commented out."""
    start, end = line_start(text, block.span.start), line_end(text, block.span.end)
    indent = indentation(text, block.span.start)
    return text[:start] + comment_out(text[start:end], indent, newline_of(text)) + text[end:]


def enable(text: str, disabled: DisabledBlock) -> str:
    """The text with a block that is commented out brought back."""
    return text[: disabled.extent.start] + disabled.text + text[disabled.extent.end :]


def find_disabled(text: str, body: Body) -> Iterator[DisabledBlock]:
    """The blocks that are commented out between the items of a body, in order."""
    spans = [item.span for item in body.items]
    for found in _MARKER_LINE.finditer(text, body.span.start, body.span.end):
        if not any(span.start <= found.start() < span.end for span in spans):
            read = _read(text, found.start(), found.end(), found.group(1), body.span.end)
            if read is not None:
                yield read


def _read(text: str, start: int, at: int, indent: str, limit: int) -> DisabledBlock | None:
    lines: list[str] = []
    starts: list[tuple[int, int]] = []
    size = 0
    while at < limit and (found := _LINE.match(text, at)) is not None:
        content = found.group(2)
        prefix = "" if found.group(1) or not content.strip("\r\n") else indent
        starts.append((size + len(prefix), found.start(2)))
        lines.append(prefix + content)
        size += len(lines[-1])
        at = found.end()
    whole = "".join(lines)
    block = _first_block(whole)
    if block is None:
        return None
    end = line_end(whole, block.span.end)
    used = tuple(pair for pair in starts if pair[0] < end)
    last = line_end(text, used[-1][1])
    return DisabledBlock(Extent(start, last), indent, whole[:end], block, used)


def _first_block(text: str) -> Block | None:
    body, _ = parse_body(SourceFile("", text))
    first = body.items[0] if body.items else None
    if isinstance(first, Block) and not text[: first.span.start].strip():
        return first
    return None
