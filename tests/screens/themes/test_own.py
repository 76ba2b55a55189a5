"""Every text can be read on every background it stands on, by everybody."""

from __future__ import annotations

import itertools

import pytest
from textual.color import Color
from textual.theme import Theme

from screens.themes import OWN_THEMES, choose_theme

TEXTS = (
    "text",
    "text-muted",
    "text-accent",
    "text-secondary",
    "text-success",
    "text-warning",
    "text-error",
)
BACKGROUNDS = ("background", "surface", "panel", "block-cursor-background", "surface-lighten-2")


def _colours(theme: Theme) -> dict[str, str]:
    return {**theme.to_color_system().generate(), **theme.variables}


def _contrast(one: Color, other: Color) -> float:
    """WCAG 2.2: the ratio of relative luminances."""

    def luminance(color: Color) -> float:
        channels = [
            channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
            for channel in color.normalized
        ]
        return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", OWN_THEMES, ids=lambda theme: theme.name)
def test_texts_have_a_contrast_of_four_and_a_half(theme: Theme) -> None:
    colours = _colours(theme)
    pairs = [*itertools.product(TEXTS, BACKGROUNDS), ("alarm-foreground", "alarm-background")]
    poor = {
        f"{text} on {ground}": round(ratio, 2)
        for text, ground in pairs
        if (ratio := _contrast(Color.parse(colours[text]), Color.parse(colours[ground]))) < 4.5
    }
    assert poor == {}


_KINDS = {
    "protanopia": ((0.152, 1.053, -0.205), (0.115, 0.786, 0.099), (-0.004, -0.048, 1.052)),
    "deuteranopia": ((0.367, 0.861, -0.228), (0.280, 0.673, 0.047), (-0.012, 0.043, 0.969)),
    "tritanopia": ((1.256, -0.077, -0.179), (-0.078, 0.931, 0.148), (0.005, 0.691, 0.304)),
}
"""Machado, Oliveira and Fernandes 2009, severity 1: how others see linear red, green and blue."""


def _seen(color: Color, kind: str) -> tuple[float, float, float]:
    linear = [channel**2.2 for channel in color.normalized]
    red, green, blue = (
        min(1.0, max(0.0, sum(weight * each for weight, each in zip(row, linear, strict=True))))
        for row in _KINDS[kind]
    )
    return red ** (1 / 2.2), green ** (1 / 2.2), blue ** (1 / 2.2)


@pytest.mark.parametrize("kind", _KINDS)
@pytest.mark.parametrize(
    "theme", [each for each in OWN_THEMES if "safe" in each.name], ids=lambda theme: theme.name
)
def test_good_and_bad_look_different_for_every_kind_of_colour_vision(
    theme: Theme, kind: str
) -> None:
    colours = _colours(theme)
    good = _seen(Color.parse(colours["text-success"]), kind)
    bad = _seen(Color.parse(colours["text-error"]), kind)
    assert sum((one - other) ** 2 for one, other in zip(good, bad, strict=True)) ** 0.5 > 0.25


@pytest.mark.parametrize(
    ("setting", "environment", "theme"),
    [
        ("auto", {"COLORTERM": "truecolor"}, "oxtui-dark"),
        ("auto", {"COLORTERM": "truecolor", "COLORFGBG": "0;15"}, "oxtui-light"),
        ("auto", {"COLORTERM": "truecolor", "COLORFGBG": "15;default;0"}, "oxtui-dark"),
        ("auto", {"TERM": "xterm-256color"}, "oxtui-dark"),
        ("auto", {"TERM": "linux"}, "ansi-dark"),
        ("auto", {"TERM": "vt220", "COLORFGBG": "0;7"}, "ansi-light"),
        ("oxtui-safe-light", {"TERM": "linux"}, "oxtui-safe-light"),
    ],
)
def test_the_theme_follows_the_setting_then_the_terminal(
    setting: str, environment: dict[str, str], theme: str
) -> None:
    known = [each.name for each in OWN_THEMES]
    assert choose_theme(setting, environment, known) == (theme, "")


def test_an_unknown_theme_is_told_with_the_nearest_name() -> None:
    theme, problem = choose_theme("oxtui-drak", {"COLORTERM": "24bit"}, ["oxtui-dark"])
    assert theme == "oxtui-dark"
    assert problem == 'general.theme: there is no theme "oxtui-drak"; did you mean "oxtui-dark"?'
