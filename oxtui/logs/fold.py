"""Progress lines: what a terminal would show of a line that goes back over itself."""

from __future__ import annotations


def fold(line: bytes) -> bytes:
    """The last state of a line: after its last carriage return, backspaces applied.

    >>> fold(b"10%\\r55%\\r100%\\r")
    b'100%'
    """
    if b"\r" in line:
        line = line.rstrip(b"\r")
        line = line[line.rfind(b"\r") + 1 :]
    if b"\b" in line:
        kept = bytearray()
        for byte in line:
            if byte != 0x08:
                kept.append(byte)
            else:
                while kept and kept.pop() & 0xC0 == 0x80:  # the later bytes of a UTF-8 character
                    pass
        line = bytes(kept)
    return line
