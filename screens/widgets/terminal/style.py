"""From an emulator's looks to Rich's styles."""

from __future__ import annotations

from functools import lru_cache

from rich.cells import cell_len
from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style

from oxtui.logs.sgr import Color
from screens.widgets.terminal.cells import cell
from screens.widgets.terminal.lines import Run
from screens.widgets.terminal.look import Look


@lru_cache(maxsize=4096)
def style(look: Look, base: Style) -> Style:
    """How Rich draws a look on top of the pane's own colours."""
    return base + Style(
        color=_color(look.fg), bgcolor=_color(look.bg), bold=look.bold, dim=look.dim,
        italic=look.italic, underline=look.underline, blink=look.blink, reverse=look.reverse,
        conceal=look.conceal, strike=look.strike, overline=look.overline,
    )  # fmt: skip


def _color(color: Color | None) -> RichColor | None:
    if color is None:
        return None
    return RichColor.from_rgb(*color) if isinstance(color, tuple) else RichColor.from_ansi(color)


def segments(runs: list[Run], base: Style) -> list[Segment]:
    """Runs as Rich's segments, each as many cells long as the emulator's.

    Rich counts some neighbours together, such as an emoji and its skin colour; they are kept apart.
    """
    made = []
    for text, look in runs:
        drawn = style(look, base)
        if text.isascii() or cell_len(text) == sum(max(cell(each)[1], 0) for each in text):
            made.append(Segment(text, drawn))
        else:
            made += [Segment(each, drawn) for each in text]
    return made
