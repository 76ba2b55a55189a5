"""Pictures in which each text stands at its own place, whatever shows them.

Some programs that show SVG (librsvg) drop blanks at the beginning of a text and do not stretch it to
its length: columns would not stand under each other.
"""

from __future__ import annotations

import re
from html import escape, unescape

from rich.cells import cell_len

_CELL = 12.2
"""Width of a character: Rich draws them 20 high and 0.61 as wide."""
_BLANK = "\N{NO-BREAK SPACE}"
_TEXT = re.compile(
    r'(?P<begin><text class="terminal-\d+-r\d+" x=")(?P<x>[\d.]+)(?P<middle>" y="[\d.]+" textLength=")'
    r'[\d.]+(?P<end>"[^>]*>)(?P<text>[^<]*)</text>'
)
_PART = re.compile(f"[^{_BLANK}]+(?:{_BLANK}[^{_BLANK}]+)*")


def trimmed(picture: str) -> str:
    """The same picture; no text begins or ends with a blank or has two in a row."""
    return _TEXT.sub(_parts, picture)


def _parts(found: re.Match[str]) -> str:
    text = unescape(found["text"])
    return "".join(
        f"{found['begin']}{float(found['x']) + cell_len(text[: part.start()]) * _CELL:.6g}"
        f"{found['middle']}{cell_len(part[0]) * _CELL:.6g}{found['end']}"
        f"{escape(part[0]).replace(_BLANK, '&#160;')}</text>"
        for part in _PART.finditer(text)
    )
