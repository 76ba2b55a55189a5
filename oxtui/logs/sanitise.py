"""Untrusted text made safe to draw: output of guests, replies of racks, names that others chose.

Such text can hold codes that move the cursor, set the clipboard or the title, hide text or turn its direction
around. Of all escape codes only colours and the like stay, as data beside the text.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from oxtui.logs.cells import text_cells
from oxtui.logs.sgr import PLAIN, Style, apply

TAB = 8

# Each alternative ends at the next introducer at the latest, so the search is linear. A string that is
# never ended loses its introducer only: better a bit of rubbish on the screen than lost output.
_ESCAPE = re.compile(
    r"(?:\x1b\[|\x9b)(?P<parameters>[0-9:;<=>?]*)[ -/]*(?P<final>[@-~])"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x90-\x9f\n]*(?:\x07|\x1b\\|\x9c)"
    r"|\x1b[ -/]*[0-~]?"
)
_INVISIBLE = {
    **{code: None for code in (*range(0x20), *range(0x7F, 0xA0)) if code not in (9, 10)},
    **dict.fromkeys(range(65024, 65040)),
    0x2028: " ",
    0x2029: " ",
}


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the safe text (character indices) that is not drawn plainly."""

    start: int
    end: int
    style: Style


@dataclass(frozen=True, slots=True)
class SafeText:
    """Text without a control character, and how its parts are drawn."""

    text: str
    spans: tuple[Span, ...] = ()

    @property
    def cells(self) -> int:
        """Terminal cells that the text takes."""
        return text_cells(self.text)


def sanitise(text: str, *, expand: bool = True) -> SafeText:
    """One line of untrusted text: colours as spans, everything else that is not text removed.

    Tabs are expanded to blanks, as cells of a screen need; without `expand` they stay.
    """
    if text.isascii() and text.isprintable():
        return SafeText(text)
    parts: list[str] = []
    spans: list[Span] = []
    style = PLAIN
    at = column = done = 0

    def take(piece: str) -> None:
        nonlocal at, column
        piece, column = _visible(piece, column, expand)
        if piece and style != PLAIN:
            if spans and spans[-1].end == at and spans[-1].style == style:
                spans[-1] = Span(spans[-1].start, at + len(piece), style)
            else:
                spans.append(Span(at, at + len(piece), style))
        parts.append(piece)
        at += len(piece)

    for match in _ESCAPE.finditer(text):
        take(text[done : match.start()])
        done = match.end()
        if match["final"] == "m" and not match["parameters"].startswith(("<", "=", ">", "?")):
            style = apply(style, match["parameters"])
    take(text[done:])
    return SafeText("".join(parts), tuple(spans))


def plain(text: str, *, expand: bool = True) -> str:
    """One line of untrusted text without any style, for labels, tables and messages.

    Without `expand` tabs stay, as whoever reads a log or a record may part its columns by them.
    """
    return sanitise(text, expand=expand).text


def plain_lines(text: str) -> str:
    """Untrusted text of several lines without any style, for messages on a terminal."""
    return "\n".join(map(plain, text.split("\n")))


_HIDDEN_IN_JSON = re.compile(
    "[\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ud800-\udfff]"
)


def safe_json(text: str) -> str:
    """JSON of the same value that no terminal obeys: what JSON allows as it is, but is not to be seen, escaped.

    JSON itself escapes only the control characters below U+0020.
    """
    return _HIDDEN_IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _visible(piece: str, column: int, expand: bool) -> tuple[str, int]:
    """`piece` without invisible characters, its tabs expanded if asked, and the column behind it."""
    if not (piece.isascii() and piece.isprintable()):
        piece = piece.translate(_INVISIBLE).replace("\n", " ")
        if not piece.isascii():
            piece = "".join(map(_harmless, piece))
        if expand and "\t" in piece:
            return _tabs_expanded(piece, column)
    return piece, column + text_cells(piece)


def _tabs_expanded(piece: str, column: int) -> tuple[str, int]:
    first, *others = piece.split("\t")
    parts = [first]
    column += text_cells(first)
    for part in others:
        gap = TAB - column % TAB
        parts += [" " * gap, part]
        column += gap + text_cells(part)
    return "".join(parts), column


def _harmless(character: str) -> str:
    """Format characters (bidi, zero width, tags) are removed; what no terminal can draw is replaced."""
    if character.isascii():
        return character
    category = unicodedata.category(character)
    if category == "Cf":
        return ""
    return "\ufffd" if category in ("Cs", "Cn") else character
