"""Whether the images of a build are promoted to the silo."""

from __future__ import annotations

from oxtui.settings import Settings


def promotion(settings: Settings, flag: bool | None = None) -> str:
    """What asked for it, as an operator knows it (`--promote`, a line of the settings file); or "".

    flag: of the command line, which counts more than the settings; None if it was not given.
    """
    if flag is not None:
        return "--promote" if flag else ""
    return str(settings.source("build.promote")) if settings.build.promote else ""
