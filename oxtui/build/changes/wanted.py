"""Whether a guest is looked at for what a build changes in it."""

from __future__ import annotations

from oxtui.settings import Settings


def changes_wanted(settings: Settings, *, attended: bool, flag: bool | None = None) -> bool:
    """`flag` (of the command line) counts most; "auto" means: where somebody follows on the screens."""
    if flag is not None:
        return flag
    return settings.build.changes == "on" or (settings.build.changes == "auto" and attended)
