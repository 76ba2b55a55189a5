"""The serial console of an instance: lines out, and a login prompt that lets nobody in."""

from __future__ import annotations

from collections.abc import Callable

from oxtui.rack.guest.bases import Base


class Console:
    """Writes what a machine writes to ttyS0."""

    def __init__(self, send: Callable[[bytes], None]) -> None:
        """send: takes the bytes that appear on the console."""
        self._send = send
        self._prompt = ""
        self._asks_password = False

    def line(self, text: str = "") -> None:
        """Prints lines, each ended as a terminal wants it."""
        self._send("".join(f"{part}\r\n" for part in text.split("\n")).encode())

    def output(self, data: bytes) -> None:
        """Prints a program's output."""
        self._send(data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))

    def log_in(self, base: Base, hostname: str) -> None:
        """Prints the issue and the login prompt, and answers what is typed from now on."""
        self._prompt = f"{hostname} login: "
        self._send(f"\r\n{base.pretty} {hostname} ttyS0\r\n\r\n{self._prompt}".encode())

    def typed(self, data: bytes) -> None:
        """Answers typed bytes as getty does on an image whose accounts have no password."""
        if not self._prompt:
            return
        for byte in data:
            if byte not in b"\r\n":
                if not self._asks_password:
                    self._send(bytes([byte]))
            elif self._asks_password:
                self._asks_password = False
                self._send(f"\r\n\r\nLogin incorrect\r\n{self._prompt}".encode())
            else:
                self._asks_password = True
                self._send(b"\r\nPassword: ")

    def silence(self) -> None:
        """No login any more: the machine goes down."""
        self._prompt = ""
