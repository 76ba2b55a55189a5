"""What of a guest's output does not reach the real terminal while the guest has all of it."""

from __future__ import annotations

import re

LONGEST = 64 * 1024
"""Bytes of a control string that is waited for; what is longer is dropped."""

PLAIN = (
    b"\x1b[?9l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1005l\x1b[?1006l\x1b[?1015l\x1b[?1016l\x1b[?1004l\x1b[?2004l"
    b"\x1b[?2026l\x1b[?2031l\x1b[?2048l\x1b[?1l\x1b>\x1b[?5l\x1b[?6l\x1b[?69l\x1b[?7h\x1b[?45l\x1b[4l\x1b[20l\x1b[r"
    b"\x1b(B\x1b)B\x0f\x1b[0 q\x1b[?25h\x1b[0m\x1b]104\x07\x1b]110\x07\x1b]111\x07\x1b]112\x07"
)
"""Switches off what a guest's program may have left on: mouse, focus, paste marks, synchronised output, reports of
size and theme, application keys, reversed video, margins, character sets, the cursor's shape, colours."""

_CLIPBOARD = 52
_REFUSED_MODES = {b"3", b"40", b"47", b"1047", b"1049"}
"""The alternate screen, and 132 columns."""
_IGNORED = rb"[\x00-\x17\x19\x1c-\x1f]*"  # controls that do not end a sequence within it
_NUMBERS = rb"[0-9;:\x00-\x17\x19\x1c-\x1f]*"
_OSC = rb"(?:\x1b" + _IGNORED + rb"\]|\xc2\x9d)"
_CSI = rb"(?:\x1b" + _IGNORED + rb"\[|\xc2\x9b)"
_RESET = rb"\x1b" + _IGNORED + rb"c"
_DCS = rb"\x1b" + _IGNORED + rb"P|\xc2\x90"
_ENDS = (rb"\?N[hl]", rb"[<>=?]Nu", rb"[>?]Nm", rb">Nn", rb"Nt", rb"\??NJ")
"""Control sequences that are looked at; N stands for numbers."""
_NEXT = re.compile(
    b"(?P<osc>%b)|(?P<dcs>%b)|(?P<reset>%b)|%b(?P<csi>%b)"
    % (_OSC, _DCS, _RESET, _CSI, b"|".join(_ENDS).replace(b"N", _NUMBERS))
)
_CONTROLS = re.compile(rb"[\x00-\x1f]")
_MODES = re.compile(rb"\?([0-9;]*)([hl])")
_KEYBOARD = re.compile(rb"[<>=?][0-9;:]*u|[>?][0-9;:]*m|>[0-9;:]*n")
_WINDOW = re.compile(rb"(?!(?:14|16|18|19)(?:;|t))[0-9;]*t")
_SCROLLED_AWAY = re.compile(rb"\??(?:[0-9;]*;)?0*3(?:;[0-9;]*)?J")
_END = re.compile(rb"\x07|\x1b\\|\xc2\x9c|[\x18\x1a]")
_PARTIAL = re.compile(rb"(?:" + _CSI + rb"[<>=?]?" + _NUMBERS + rb"|\x1b" + _IGNORED + rb"|\xc2)$")


class Guard:
    """A filter over pieces of output: the clipboard is refused, and so is changing between screens.

    Control strings for a terminal around ours (tmux's passing through) are dropped, too. The alternate screen
    is ours: oxtui gave the terminal away on it, and paints anew where the guest changes its own. A reset, which
    would leave it, becomes one of all else. Of the operator's window nothing is changed: neither its size, nor what
    scrolled away, nor how its keyboard tells keys: there ctrl+] would come as `ESC [ 93 ; 5 u` or, from what xterm
    calls modifyOtherKeys, as `ESC [ 27 ; 5 ; 93 ~`, and nobody could come back.
    """

    def __init__(self) -> None:
        self._held = b""

    def feed(self, data: bytes) -> bytes:
        """What may pass; an unfinished sequence waits for the next piece."""
        data, self._held = self._held + data, b""
        passed = []
        at = 0
        while found := _NEXT.search(data, at):
            passed.append(data[at : found.start()])
            at = found.end()
            if found["reset"]:
                passed.append(PLAIN + b"\x1b[H\x1b[2J")
                continue
            if found["csi"]:
                passed.append(_allowed(found["csi"], found[0]))
                continue
            end = _END.search(data, at)
            if end is None:
                self._held = data[found.start() :][:LONGEST]
                return b"".join(passed)
            if not (_refused_string(data[at : end.start()]) if found["osc"] else
                    data.startswith(b"tmux;", at)):  # fmt: skip
                passed.append(data[found.start() : end.end()])
            at = end.end()
        rest = data[at:]
        partial = _PARTIAL.search(rest)
        if partial is not None:
            self._held = partial[0][:LONGEST]
            rest = rest[: partial.start()]
        return b"".join([*passed, rest])


def _refused_string(body: bytes) -> bool:
    digits = re.match(rb"[0-9]*", re.sub(rb"[\x00-\x1f\x7f]", b"", body[:100]))
    return digits is not None and int(digits[0] or b"0") == _CLIPBOARD


def _allowed(sequence: bytes, written: bytes) -> bytes:
    sequence = _CONTROLS.sub(b"", sequence)
    if (modes := _MODES.fullmatch(sequence)) is not None:
        all_of_them = modes[1].split(b";")
        kept = [mode for mode in all_of_them if mode.lstrip(b"0") not in _REFUSED_MODES]
        if kept != all_of_them:
            return b"\x1b[?" + b";".join(kept) + modes[2] if kept else b""
    refused = any(each.fullmatch(sequence) for each in (_KEYBOARD, _WINDOW, _SCROLLED_AWAY))
    return b"" if refused else written
