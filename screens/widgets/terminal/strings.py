"""Takes out of a program's output what the emulator would show as text: device control strings and the like."""

from __future__ import annotations

import re

_WHOLE = re.compile(
    r"\x1b[P_^X].*?(?:\x1b\\|\x07)"  # DCS, APC, PM, SOS strings
    r"|\x1b\[[>=<][0-9;:]*[ -/]*[@-~]"  # private CSI of xterm: key protocols, versions
    r"|\x1b\[\?[0-9;]*m"  # private SGR: queries of key protocols
    r"|\x1b\[[0-9;?]*[ !\"'*]+[@-~]"  # CSI with intermediates: cursor style, soft reset
    r"|\x1b[ #%()*+\-./][0-9A-Za-z]",  # character sets and widths
    re.DOTALL,
)
_COLONS = re.compile(r"\x1b\[[0-9;:]*:[0-9;:]*m")
_PARTIAL = re.compile(
    r"\x1b(?:[P_^X][^\x1b\x07]*\x1b?|\[[0-9;:?>=<]*[ -/]*|[ #%()*+\-./])?$", re.DOTALL
)

LONGEST = 64 * 1024
"""Characters of a control string that are waited for; a longer one is dropped."""


class ControlStrings:
    """A filter over pieces of text; a sequence may be cut anywhere."""

    def __init__(self) -> None:
        self._held = ""

    def feed(self, text: str) -> str:
        """What is left to draw; an unfinished sequence waits for the next piece."""
        text = self._held + text
        text = _COLONS.sub(lambda match: match.group().replace(":", ";"), _WHOLE.sub("", text))
        partial = _PARTIAL.search(text)
        if partial is None:
            self._held = ""
            return text
        self._held = partial.group() if len(partial.group()) < LONGEST else ""
        return text[: partial.start()]
