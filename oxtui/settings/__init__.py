"""Settings: what the operator chose, with the place that each value came from."""

from oxtui.settings.errors import SettingsError
from oxtui.settings.load import Settings, load
from oxtui.settings.paths import Paths, private_folder
from oxtui.settings.sections import Build, General, Profile, Waits
from oxtui.settings.source import Source

__all__ = [
    "Build",
    "General",
    "Paths",
    "Profile",
    "Settings",
    "SettingsError",
    "Source",
    "Waits",
    "load",
    "private_folder",
]
