"""The folders of oxtui."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from platformdirs import PlatformDirs


@dataclass(frozen=True, slots=True)
class Paths:
    """Where oxtui keeps its files; no folder exists before something is written into it."""

    config: Path
    """The operator's choices: settings.toml, themes."""
    data: Path
    """What the operator would miss: the demo rack, templates."""
    state: Path
    """What happened so far: sessions, crash reports."""
    cache: Path
    """What can be made anew."""
    sessions: Path
    """A folder for each session: journal, output, scripts."""

    @property
    def settings_file(self) -> Path:
        """The settings file, which need not exist."""
        return self.config / "settings.toml"


VARIABLES = {
    "config": "OXTUI_CONFIG_DIR",
    "data": "OXTUI_DATA_DIR",
    "state": "OXTUI_STATE_DIR",
    "cache": "OXTUI_CACHE_DIR",
    "sessions": "OXTUI_SESSIONS_DIR",
}
"""The environment variable of each folder."""

HELP = {
    "config": "The settings file lies here, so no line of it can move this one.",
    "data": "The demo rack and saved templates.",
    "state": "Crash reports and what was on screen last.",
    "cache": "What can be made anew.",
    "sessions": "A folder for each session: journal, output, scripts.",
}


def platform_defaults() -> dict[str, Path]:
    """The folders that the platform gives an application (XDG base directories on Linux)."""
    dirs = PlatformDirs("oxtui", appauthor=False)
    return {
        "config": dirs.user_config_path,
        "data": dirs.user_data_path,
        "state": dirs.user_state_path,
        "cache": dirs.user_cache_path,
    }


def private_folder(folder: Path) -> Path:
    """Make a folder, with its parents, that only its owner can look into, and return it.

    Raises OSError, which names the folder, where that cannot be done.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.stat().st_mode & 0o077:
        os.chmod(folder, 0o700)
    return folder
