"""Reading a file again after a small change: only the touched top-level item is parsed anew.

This needs a file that had no problem before; where a change reaches further than it seems (an open
quote, a comment that is not closed), the whole file has to be read, and None says so.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import fields
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from oxtui.template.hcl import tokens as t
from oxtui.template.hcl.edit.extent import line_end
from oxtui.template.hcl.parse import parse_tokens
from oxtui.template.hcl.scanner import scan
from oxtui.template.hcl.source import Span
from oxtui.template.hcl.tokens import Token
from oxtui.template.hcl.tree import bodies, expressions
from oxtui.template.hcl.tree.bodies import Attribute, Body

if TYPE_CHECKING:
    from collections.abc import Sequence

    from oxtui.template.hcl.edit.text_edit import TextEdit
    from oxtui.template.hcl.source import SourceFile
    from oxtui.template.hcl.tree.bodies import Item

_OPEN: Final = frozenset(
    ("{", "[", "(", t.INTERPOLATION, t.DIRECTIVE, t.OPEN_QUOTE, t.OPEN_HEREDOC)
)
_CLOSE: Final = frozenset(("}", "]", ")", t.SEQUENCE_END, t.CLOSE_QUOTE, t.CLOSE_HEREDOC))
_NODES: Final[dict[type, tuple[str, ...]]] = {
    node: tuple(field.name for field in fields(node))
    for module in (bodies, expressions)
    for node in vars(module).values()
    if isinstance(node, type) and hasattr(node, "__dataclass_fields__")
}


class _Moved(Body):
    """A body that stands further on than when it was read; what is in it is moved once it is looked at.

    Items and how far they have to move are kept as one, so that two threads may look at once.
    """

    __slots__ = ("_kept",)

    def __init__(self, span: Span, items: list[Item], by: int) -> None:
        self.span = span
        self._kept = (items, by)

    @property
    def items(self) -> list[Item]:  # type: ignore[override]  # a field of Body
        """The attributes and blocks, where they are now."""
        items, by = self._kept
        if by:
            items = [_shifted(item, by) for item in items]
            self._kept = (items, 0)
        return items

    def further(self, by: int) -> _Moved:
        """The same that much further on still."""
        span = Span(self.span.start + by, self.span.end + by)
        items, before = self._kept
        return _Moved(span, items, before + by)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Body):
            return NotImplemented
        return (self.span, self.items) == (other.span, other.items)

    __hash__ = None  # type: ignore[assignment]  # like every node


def reparse_body(before: SourceFile, body: Body, edit: TextEdit, after: SourceFile) -> Body | None:
    """The tree of a text after an edit, or None where it must be read whole.

    `body` is the tree of `before`, which was read without a problem.
    """
    items = body.items
    if not items or any(isinstance(item, Attribute) for item in items):
        return None
    ends = [line_end(before.text, item.span.end) for item in items]  # each item's lines end there
    first = bisect_right(ends, edit.start)  # the first item that the edit can touch
    last = bisect_right(ends, edit.end - 1 if edit.end > edit.start else edit.end)
    start = ends[first - 1] if first else 0
    shift = len(after.text) - len(before.text)
    stop = ends[last] + shift if last < len(items) - 1 else len(after.text)
    tokens = scan(after.text[start:stop])
    if not _complete(after.text, start, tokens):
        return None
    moved = [Token(token.kind, token.start + start, token.end + start) for token in tokens]
    part, diagnostics = parse_tokens(after, moved)
    if diagnostics or any(isinstance(item, Attribute) for item in part.items):
        return None
    rest = items[last + 1 :]
    behind = rest if not shift else [_shifted(item, shift) for item in rest]
    return Body(Span(0, len(after.text)), [*items[:first], *part.items, *behind])


def _complete(text: str, offset: int, tokens: Sequence[Token]) -> bool:
    """Whether a piece of a text stands for itself, so that what follows is read as before."""
    depth = 0
    for token, after in pairwise(tokens):
        depth += (token.kind in _OPEN) - (token.kind in _CLOSE)
        if depth < 0 or (token.kind == "/" and after.kind == "*"):  # a comment that is not closed
            return False
    end = offset + tokens[-1].end
    return depth == 0 and (end == len(text) or text.endswith("\n", 0, end))


def _shifted(value: Any, by: int) -> Any:
    """A copy of a node with everything in it that much further on."""
    kind = type(value)
    if kind is Span:
        return Span(value[0] + by, value[1] + by)
    if kind is Body:
        return _Moved(_shifted(value.span, by), value.items, by)
    if kind is _Moved:
        return value.further(by)
    if kind is list:
        return [_shifted(part, by) for part in value]
    names = _NODES.get(kind)
    if names is None:
        return value
    return kind(*(_shifted(getattr(value, name), by) for name in names))
