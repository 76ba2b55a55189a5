"""Pseudo-terminals of SSH sessions: opening them, and the modes that the client asks for."""

from __future__ import annotations

import fcntl
import os
import struct
import termios
from collections.abc import Mapping
from contextlib import suppress

import asyncssh

from oxtui.rack.guest.accounts import Account

_TTY_GROUP = 5
_TIOCGPTPEER = 0x5441
_TIOCSPTLCK = 0x40045431

_CHARACTERS = {
    asyncssh.PTY_VINTR: termios.VINTR, asyncssh.PTY_VQUIT: termios.VQUIT,
    asyncssh.PTY_VERASE: termios.VERASE, asyncssh.PTY_VKILL: termios.VKILL,
    asyncssh.PTY_VEOF: termios.VEOF, asyncssh.PTY_VSUSP: termios.VSUSP,
    asyncssh.PTY_VSTART: termios.VSTART, asyncssh.PTY_VSTOP: termios.VSTOP,
    asyncssh.PTY_WERASE: termios.VWERASE, asyncssh.PTY_VLNEXT: termios.VLNEXT,
}  # fmt: skip
_INPUT, _OUTPUT, _LOCAL = 0, 1, 3  # indexes of tcgetattr's list
_IUTF8 = 0x4000
_FLAGS = {
    asyncssh.PTY_ICRNL: (_INPUT, termios.ICRNL), asyncssh.PTY_INLCR: (_INPUT, termios.INLCR),
    asyncssh.PTY_IXON: (_INPUT, termios.IXON), asyncssh.PTY_IXOFF: (_INPUT, termios.IXOFF),
    asyncssh.PTY_IXANY: (_INPUT, termios.IXANY), asyncssh.PTY_ISTRIP: (_INPUT, termios.ISTRIP),
    asyncssh.PTY_IUTF8: (_INPUT, _IUTF8),
    asyncssh.PTY_OPOST: (_OUTPUT, termios.OPOST), asyncssh.PTY_ONLCR: (_OUTPUT, termios.ONLCR),
    asyncssh.PTY_ISIG: (_LOCAL, termios.ISIG), asyncssh.PTY_ICANON: (_LOCAL, termios.ICANON),
    asyncssh.PTY_ECHO: (_LOCAL, termios.ECHO), asyncssh.PTY_ECHOE: (_LOCAL, termios.ECHOE),
    asyncssh.PTY_ECHOK: (_LOCAL, termios.ECHOK), asyncssh.PTY_ECHONL: (_LOCAL, termios.ECHONL),
    asyncssh.PTY_IEXTEN: (_LOCAL, termios.IEXTEN),
}  # fmt: skip


class Terminal:
    """A pseudo-terminal; leaving the block closes what is still open of it."""

    def __init__(
        self,
        account: Account | None,
        devices: int | None,
        size: tuple[int, int],
        modes: Mapping[int, int],
    ) -> None:
        """Opens a terminal.

        account: whom it shall belong to; None leaves that.
        devices: an open folder with `ptmx`, where this process's root has none.
        size: columns and rows; 0 means unknown.
        modes: terminal modes by their SSH number (RFC 4254, section 8).

        Raises:
            OSError: no terminal is to be had.
        """
        self.master, self.slave = _open(devices)
        self._slave_open = True
        self.name = ""
        """Name inside, empty where the instance has no /dev/pts."""
        if devices is None:
            self.name = os.ttyname(self.slave)
        _apply(self.slave, modes)
        columns, rows = size
        if columns or rows:
            fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        if account is not None:
            os.fchown(self.slave, account.uid, _TTY_GROUP)
            os.fchmod(self.slave, 0o620)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        self.close_slave()
        os.close(self.master)

    def close_slave(self) -> None:
        """Closes the programs' end: it is theirs now."""
        if self._slave_open:
            self._slave_open = False
            os.close(self.slave)


def _open(devices: int | None) -> tuple[int, int]:
    if devices is None:
        return os.openpty()
    flags = os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC
    master = os.open("ptmx", flags, dir_fd=devices)
    fcntl.ioctl(master, _TIOCSPTLCK, struct.pack("i", 0))
    return master, fcntl.ioctl(master, _TIOCGPTPEER, flags)


def _apply(terminal: int, modes: Mapping[int, int]) -> None:
    attributes = termios.tcgetattr(terminal)
    for number, (index, flag) in _FLAGS.items():
        if number in modes:
            attributes[index] &= ~flag
            attributes[index] |= flag if modes[number] else 0
    for number, index in _CHARACTERS.items():
        if number in modes:
            # 255 means that the character is disabled (RFC 4254, section 8).
            attributes[6][index] = b"\0" if modes[number] == 255 else bytes([modes[number] & 255])
    with suppress(termios.error):
        termios.tcsetattr(terminal, termios.TCSANOW, attributes)
