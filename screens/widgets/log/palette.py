"""Colours of a log: the theme's own for what we add, and readable ones for the sixteen of terminals."""

from __future__ import annotations

from functools import lru_cache

from rich.color import Color as RichColor
from rich.style import Style as RichStyle
from textual.widget import Widget

from oxtui.logs import sgr

PARTS = (
    "time", "ours", "stderr", "error", "match", "found", "pointer", "selected", "cut", "pill", "bar",
    "thumb", "mark", "empty", *(f"ansi-{number}" for number in range(8)),
)  # fmt: skip
"""Component classes of a log view are `log--` and one of these."""


class Palette:
    """The rich styles of a log view, looked up once and kept until the theme changes."""

    def __init__(self, widget: Widget) -> None:
        self.base = widget.rich_style
        self._parts = {
            part: widget.get_component_rich_style(f"log--{part}", partial=True) for part in PARTS
        }
        self._own_colours = not widget.app.native_ansi_color
        self.output = lru_cache(maxsize=1024)(self._output)

    def __getitem__(self, part: str) -> RichStyle:
        return self._parts[part]

    def _output(self, style: sgr.Style) -> RichStyle:
        """A style of the program's as it is drawn.

        Of the sixteen named colours the theme's are taken, because a terminal's dark blue on dark grey cannot
        be read; where the program sets a background, it is left its own two colours.
        """
        foreground = style.foreground
        themed = (
            self._own_colours
            and style.background is None
            and isinstance(foreground, int)
            and foreground < 16
        )
        if themed and isinstance(foreground, int):
            color = self[f"ansi-{foreground % 8}"].color if foreground != 8 else self["time"].color
        else:
            color = _rich_color(foreground)
        return RichStyle(
            color=color,
            bgcolor=_rich_color(style.background),
            bold=style.bold or None,
            dim=style.dim or None,
            italic=style.italic or None,
            underline=style.underline or None,
            reverse=style.reverse or None,
            strike=style.strike or None,
        )


def _rich_color(color: sgr.Color | None) -> RichColor | None:
    if color is None:
        return None
    return RichColor.from_rgb(*color) if isinstance(color, tuple) else RichColor.from_ansi(color)
