"""What of a guest's output does not reach the real terminal while the guest has all of it."""

from __future__ import annotations

import re

LONGEST = 64 * 1024
"""Bytes of a control string that is waited for; what is longer is dropped."""

_CLIPBOARD = 52
_ALTERNATE = {b"47", b"1047", b"1049"}
_IGNORED = rb"[\x00-\x17\x19\x1c-\x1f]*"  # controls that do not end a sequence within it
_OSC = rb"(?:\x1b" + _IGNORED + rb"\]|\xc2\x9d)"
_NEXT = re.compile(
    rb"(?P<osc>" + _OSC + rb")|(?P<dcs>\x1b" + _IGNORED + rb"P|\xc2\x90)"
    rb"|\x1b\[\?(?P<modes>[0-9;]*)(?P<set>[hl])"
)
_END = re.compile(rb"\x07|\x1b\\|\xc2\x9c|[\x18\x1a]")
_PARTIAL = re.compile(rb"(?:\x1b" + _IGNORED + rb"|\x1b\[\??[0-9;]*|\xc2)$")


class Guard:
    """A filter over pieces of output: the clipboard is refused, and so is changing between screens.

    Control strings for a terminal around ours (tmux's passing through) are dropped, too. The alternate screen
    is ours: oxtui gave the terminal away on it, and paints anew where the guest changes its own.
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
            if found["set"]:
                kept = [each for each in found["modes"].split(b";") if each not in _ALTERNATE]
                if kept:
                    passed.append(b"\x1b[?" + b";".join(kept) + found["set"])
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
