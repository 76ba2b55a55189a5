"""What the screens are given: built once at the top and passed in."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from oxtui.settings import Settings
from screens.connection import Open, Target, opener


@dataclass(frozen=True, slots=True)
class Services:
    """Everything outside of the screens that they use."""

    settings: Settings
    environment: Mapping[str, str]
    oxide_config: Path
    """The folder of the `oxide` command's credentials."""
    open: Open
    """Opens a rack."""
    clock: Callable[[], float] = time.time
    """Unix seconds."""
    start: Target | None = None
    """The rack to begin with; None: the one that the credentials choose."""


def services(settings: Settings, start: Target | None = None) -> Services:
    """The real ones."""
    from oxtui.oxide.profiles import default_config_dir

    return Services(
        settings=settings,
        environment=os.environ,
        oxide_config=default_config_dir(os.environ),
        open=opener(settings.paths),
        start=start,
    )
