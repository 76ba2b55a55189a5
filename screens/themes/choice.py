"""Which theme suits the terminal, where the operator left that to us."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from difflib import get_close_matches

_LIGHT_BACKGROUNDS = {"7", "9", "10", "11", "12", "13", "14", "15"}
"""Numbers of light colours in COLORFGBG, which rxvt began and many terminals set."""


def choose_theme(
    setting: str, environment: Mapping[str, str], known: Collection[str]
) -> tuple[str, str]:
    """The name of the theme to use, and what is wrong with the setting (empty if nothing is).

    `auto`: light or dark by COLORFGBG, dark where that is not set; the terminal's own palette where
    it has 16 colours.
    """
    if setting in known:
        return setting, ""
    problem = ""
    if setting != "auto":
        close = get_close_matches(setting, known, n=1)
        hint = f'did you mean "{close[0]}"?' if close else "the theme dialog lists all"
        problem = f'general.theme: there is no theme "{setting}"; {hint}'
    light = environment.get("COLORFGBG", "").rpartition(";")[2] in _LIGHT_BACKGROUNDS
    palette = "light" if light else "dark"
    return ("oxtui-" if _many_colours(environment) else "ansi-") + palette, problem


def _many_colours(environment: Mapping[str, str]) -> bool:
    if environment.get("COLORTERM", "") in ("truecolor", "24bit"):
        return True
    term = environment.get("TERM", "")
    return "256" in term or "direct" in term or term in ("xterm-kitty", "alacritty", "foot")
