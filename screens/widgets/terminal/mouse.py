"""From the mouse to the bytes that a terminal sends (xterm's modes 9, 1000, 1002, 1003 and 1006)."""

from __future__ import annotations

from typing import Literal

from screens.widgets.terminal.emulator import Emulator

Happening = Literal["press", "release", "move"]
WHEEL_UP, WHEEL_DOWN = 64, 65
_NONE = 3
_FURTHEST = 222
"""Column or row that still is one byte in the old form."""


def mouse_bytes(
    emulator: Emulator,
    happening: Happening,
    button: int | None,
    place: tuple[int, int],
    modifiers: tuple[bool, bool, bool],
) -> bytes | None:
    """What the guest is sent; None where its program does not want to hear of it.

    Args:
        emulator: knows what the program wants.
        happening: what the mouse did.
        button: 0 left, 1 middle, 2 right, WHEEL_UP or WHEEL_DOWN; None if none is held.
        place: column and row, from 0.
        modifiers: whether shift, meta and ctrl are held.
    """
    wanted = emulator.mouse
    if not wanted or not _wants(wanted, happening, button, emulator):
        return None
    shift, meta, ctrl = modifiers
    code = _NONE if button is None else button
    code += 4 * shift + 8 * meta + 16 * ctrl + 32 * (happening == "move")
    column, row = place[0] + 1, place[1] + 1
    if emulator.sgr_mouse:
        final = "m" if happening == "release" else "M"
        return f"\x1b[<{code};{column};{row}{final}".encode()
    if max(column, row) > _FURTHEST + 1:
        return None
    if happening == "release":
        code = code & ~3 | _NONE
    return b"\x1b[M" + bytes((32 + code, 32 + column, 32 + row))


def _wants(wanted: str, happening: Happening, button: int | None, emulator: Emulator) -> bool:
    if happening == "press":
        return True
    if happening == "release":
        return not emulator.modes.presses_only and button not in (WHEEL_UP, WHEEL_DOWN)
    return wanted == "move" or (wanted == "drag" and button is not None)
