"""The sockets between the rack and its guest processes.

The fork server reads requests: a length, the JSON of one request, and two file descriptors that
ride with the first byte (the control socket of the new process, and its listening socket or the
control socket again). Each process answers on its control socket with frames; what the rack
writes to it is typed into the serial console, and the end of its writing means: stop.
"""

from __future__ import annotations

import array
import json
import os
import socket
import struct
from collections.abc import Iterator
from typing import Any

_LENGTH = struct.Struct(">I")
_HEADER = struct.Struct(">cI")

SERIAL = b"S"
"""Bytes of the serial console."""
ENTERED = b"E"
"""The instance is in its own root and boots; the payload is JSON."""
FAILED = b"F"
"""The request failed; the payload is JSON with `error`."""
ENDED = b"X"
"""Last frame: everything of the request is done or gone; the payload is JSON."""


def frame(kind: bytes, payload: bytes) -> bytes:
    """One frame."""
    return _HEADER.pack(kind, len(payload)) + payload


def report(kind: bytes, **fields: object) -> bytes:
    """One frame with a JSON payload."""
    return frame(kind, json.dumps(fields).encode())


class Decoder:
    """Cuts a byte stream into frames."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Yields (kind, payload) of each frame that is complete now."""
        self._buffer += data
        while len(self._buffer) >= _HEADER.size:
            kind, length = _HEADER.unpack_from(self._buffer)
            end = _HEADER.size + length
            if len(self._buffer) < end:
                return
            payload = bytes(self._buffer[_HEADER.size : end])
            del self._buffer[:end]
            yield kind, payload


def fields(payload: bytes) -> dict[str, Any]:
    """The fields of a JSON frame."""
    decoded: dict[str, Any] = json.loads(payload)
    return decoded


def send_request(connection: socket.socket, data: bytes, descriptors: list[int]) -> None:
    """Sends a request with its descriptors; the socket must block or have room."""
    message = _LENGTH.pack(len(data)) + data
    rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", descriptors).tobytes())]
    sent = connection.sendmsg([message], rights)
    connection.sendall(message[sent:])


def receive_request(connection: socket.socket) -> tuple[bytes, list[int]] | None:
    """The next request and its descriptors; None at the end of the stream."""
    head, descriptors, _, _ = socket.recv_fds(connection, _LENGTH.size, 2)
    if len(head) < _LENGTH.size:
        return None
    for descriptor in descriptors:
        os.set_inheritable(descriptor, False)
    (length,) = _LENGTH.unpack(head)
    data = bytearray()
    while len(data) < length:
        part = connection.recv(length - len(data))
        if not part:
            return None
        data += part
    return bytes(data), descriptors
