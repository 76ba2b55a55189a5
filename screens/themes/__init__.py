"""How oxtui looks: own themes, and the choice that suits the terminal."""

from screens.themes.choice import choose_theme
from screens.themes.own import OWN_THEMES

__all__ = ["OWN_THEMES", "choose_theme"]
