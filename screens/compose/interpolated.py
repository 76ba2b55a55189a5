"""Texts in which `${ }` may be HCL's or the shell's: typed as they are, written so that each stays what it is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from oxtui.template.hcl.tree import expressions as x
from oxtui.template.hcl.write import Code, heredoc, quote
from screens.compose.literal import expression_in

_ROOTS = {"var", "local", "data", "build", "path", "packer", "source"}
_MARK = re.compile(r"\$\{")


def pieces(text: str) -> Iterator[str | Code]:
    """Plain texts and HCL's `${ }` in turn.

    `${HOME}` is the shell's, `${var.name}` and `${upper(…)}` are HCL's: no shell has a variable of
    such a name.
    """
    at = 0
    for found in _MARK.finditer(text):
        if found.start() < at:
            continue
        end = _end(text, found.end())
        if end:
            if found.start() > at:
                yield text[at : found.start()]
            yield Code(text[found.start() : end])
            at = end
    if at < len(text):
        yield text[at:]


def _end(text: str, start: int) -> int:
    """Where the `${` whose inside begins at `start` is closed, if HCL can read it; else 0."""
    line = text.find("\n", start)
    at = text.find("}", start, len(text) if line < 0 else line)
    while at >= 0:
        inside = expression_in(text[start:at])
        if inside is not None:
            return at + 1 if _is_ours(inside) else 0
        at = text.find("}", at + 1, len(text) if line < 0 else line)
    return 0


def _is_ours(node: x.Expression) -> bool:
    match node:
        case x.Call():
            return True
        case x.Traversal(source=x.Variable(name=name)):
            return name in _ROOTS
        case x.Traversal(source=source):
            return _is_ours(source)
        case _:
            return False


def write_text(text: str, indent: str = "  ") -> str | Code:
    """What a typed text is written as: itself, or a template where HCL's `${ }` is in it."""
    found = list(pieces(text))
    if all(isinstance(piece, str) for piece in found):
        return text
    if "\n" in text[:-1] and text.endswith("\n"):
        return Code(_heredoc(found, indent))
    inside = (p.text if isinstance(p, Code) else quote(p)[1:-1] for p in found)
    return Code(f'"{"".join(inside)}"')


def _heredoc(found: list[str | Code], indent: str) -> str:
    """A heredoc whose escapes spare HCL's own parts; signs of the private area stand in for them."""
    codes = [piece.text for piece in found if isinstance(piece, Code)]
    stand_ins = (f"\ue000{number}\ue001" for number in range(len(codes)))
    text = "".join(next(stand_ins) if isinstance(p, Code) else p for p in found)
    written = heredoc(text, indent)
    for number, code in enumerate(codes):
        written = written.replace(f"\ue000{number}\ue001", code)
    return written
