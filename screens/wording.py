"""Sizes, ages, counts and states in the words of the screens."""

from __future__ import annotations

from datetime import datetime

from screens.tables.cell import Cell, Tone

_GIB = 2**30
_SIZES = ((2**40, "TiB"), (_GIB, "GiB"), (2**20, "MiB"), (2**10, "KiB"))

_AGES = (
    (365 * 86400, "year"),
    (30 * 86400, "month"),
    (7 * 86400, "week"),
    (86400, "day"),
    (3600, "hour"),
    (60, "minute"),
)

_STATES: dict[str, tuple[str, Tone]] = {
    "running": ("●", "good"),
    "ready": ("●", "good"),
    "available": ("●", "good"),
    "in-use": ("●", "good"),
    "completed": ("●", "good"),
    "attached": ("●", "good"),
    "enabled": ("●", "good"),
    "stopped": ("○", "muted"),
    "detached": ("○", "muted"),
    "disabled": ("○", "muted"),
    "destroyed": ("○", "muted"),
    "terminated": ("○", "muted"),
    "failed": ("✗", "bad"),
    "faulted": ("✗", "bad"),
    "error": ("✗", "bad"),
    "maintenance": ("!", "warn"),
    "quarantine": ("!", "warn"),
    "repairing": ("!", "warn"),
    "import_ready": ("◇", "warn"),
}


def state(name: str) -> Cell:
    """A state: glyph, word and tone; what is on its way has a half-filled circle."""
    glyph, tone = _STATES.get(name, ("◐", "busy"))
    return Cell(f"{glyph} {name.replace('_', ' ')}", tone)


def size(count: int) -> str:
    """Bytes in the largest binary unit that gives one or more, with at most one decimal."""
    for unit, name in _SIZES:
        if count >= unit:
            value = count / unit
            return f"{value:.0f} {name}" if value == int(value) else f"{value:.1f} {name}"
    return f"{count} B"


def age(moment: datetime, now: float) -> str:
    """How long ago; `now` in Unix seconds."""
    seconds = now - moment.timestamp()
    for length, unit in _AGES:
        if seconds >= length:
            return f"{plural(int(seconds // length), unit)} ago"
    return "just now"


def moment(time: datetime) -> str:
    """A time in full, in UTC."""
    return time.strftime("%Y-%m-%d %H:%M:%S UTC")


def plural(count: int, one: str, many: str = "") -> str:
    """A count with its noun: `1 image`, `3 images`."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def in_sentence(title: str) -> str:
    """A title within a sentence: `images`, `public IPs`, but `VPCs` and `IP pools` as they are."""
    return title if title[1].isupper() else title[0].lower() + title[1:]
