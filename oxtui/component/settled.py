"""Which values of options are known before a build begins."""

from __future__ import annotations

from oxtui.template.resolve.context import UNKNOWN


def settled(text: str) -> str:
    """What is given, where it is known before the build begins; else nothing."""
    return "" if "{{" in text or UNKNOWN in text else text
