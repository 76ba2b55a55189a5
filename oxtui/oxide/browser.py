"""Opening the page on which a login is confirmed."""

from __future__ import annotations

import sys
import webbrowser
from collections.abc import Mapping


def open_browser(url: str, environ: Mapping[str, str]) -> bool:
    """Open a browser with windows and say whether that was done.

    One that draws in this terminal would cover the code; where there are no windows none is opened.
    """
    if sys.platform == "darwin" or environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"):
        return webbrowser.open(url)
    return False
