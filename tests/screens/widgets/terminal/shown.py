"""What an emulator shows, in forms that tests compare."""

from __future__ import annotations

from screens.widgets.terminal.emulator import Emulator
from screens.widgets.terminal.look import Look
from tests.screens.widgets.terminal.tmux import Cell, Shown, trimmed


def text_of(emulator: Emulator) -> list[str]:
    """Rows of the screen without the blanks at their ends."""
    return ["".join(run.text for run in emulator.row(n)).rstrip() for n in range(emulator.rows)]


def shown_by(emulator: Emulator) -> Shown:
    """Rows as cells."""
    rows: list[list[Cell]] = []
    for number in range(emulator.rows):
        rows.append(
            trimmed([(c, _key(run.look)) for run in emulator.row(number) for c in run.text])
        )
    return Shown(rows, emulator.place)


def _key(look: Look) -> tuple[object, ...]:
    return (look.fg, look.bg, *sorted(n for n in look._fields[2:] if getattr(look, n)))
