"""`python -m oxtui.rack.guest FD`: the fork server, on a socket that the rack left open."""

from __future__ import annotations

import socket
import sys

from oxtui.rack.guest.server import serve

if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as connection:
        serve(connection)
