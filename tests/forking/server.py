"""`python -m tests.forking.server SOCKET`: imports oxtui once, and forks a process for each relay."""

from __future__ import annotations

import gc
import os
import selectors
import shutil
import signal
import socket
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path

IMPORTED = (
    "oxtui.builders.oxide.builder",
    "oxtui.cli.build",
    "oxtui.cli.headless",
    "oxtui.cli.sweep",
    "oxtui.provisioners.breakpoint",
    "oxtui.provisioners.file",
    "oxtui.provisioners.shell",
    "oxtui.rack.guest.sshd",
    "oxtui.rack.serve",
    "oxtui.template.hcl.functions.table",
)


class Server:
    """Has a process for each relay that runs."""

    def __init__(self, path: Path) -> None:
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(path))
        self._listening.listen(64)
        self._selector = selectors.DefaultSelector()
        self._selector.register(0, selectors.EVENT_READ, self._end)
        self._selector.register(self._listening, selectors.EVENT_READ, self._begin)
        self._relays: dict[int, tuple[int, socket.socket]] = {}
        """Process and relay, by the file descriptor that tells of the process's end."""

    def serve(self) -> list[str] | None:
        """Until standard input ends; in each forked process, the words with which it was asked for."""
        while self._listening.fileno() >= 0:
            for key, _ in self._selector.select():
                words = key.data(key.fd)
                if words is not None:
                    return words
        return None

    def _end(self, _descriptor: int) -> None:
        for pid, _ in self._relays.values():
            os.kill(pid, signal.SIGKILL)
        self._close()

    def _begin(self, _descriptor: int) -> list[str] | None:
        relay = self._listening.accept()[0]
        size, streams, _, _ = socket.recv_fds(relay, 4, 3)
        message = b""
        while len(message) < int.from_bytes(size) and (part := relay.recv(1 << 20)):
            message += part
        if not size or len(message) < int.from_bytes(size):
            for stream in streams:  # the relay was killed before it had asked
                os.close(stream)
            relay.close()
            return None
        # A SIGINT for the new process is kept until it heeds it: this one ignores it, and so it would be lost.
        signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT,))
        pid = os.fork()
        if not pid:
            relay.close()
            self._close()
            return _become(message, streams)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, (signal.SIGINT,))
        for stream in streams:
            os.close(stream)
        ended = os.pidfd_open(pid)
        self._relays[ended] = pid, relay
        self._selector.register(ended, selectors.EVENT_READ, self._ended)
        _tell(relay, pid)
        self._selector.register(relay, selectors.EVENT_READ, lambda _: self._killed(ended))
        return None

    def _killed(self, ended: int) -> None:
        """The relay was, so what it stood for is."""
        if ended in self._relays:
            pid, relay = self._relays[ended]
            self._selector.unregister(relay)
            os.kill(pid, signal.SIGKILL)

    def _ended(self, ended: int) -> None:
        pid, relay = self._relays.pop(ended)
        self._selector.unregister(ended)
        os.close(ended)
        with suppress(KeyError):
            self._selector.unregister(relay)
        _tell(relay, os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
        relay.close()

    def _close(self) -> None:
        self._selector.close()
        self._listening.close()
        for ended, (_, relay) in self._relays.items():
            os.close(ended)
            relay.close()


def _tell(relay: socket.socket, number: int) -> None:
    with suppress(BrokenPipeError, ConnectionResetError):
        relay.sendall(b"%d\n" % number)


def _become(message: bytes, streams: list[int]) -> list[str]:
    """Take the streams, folder, environment and signals of the process; returns its words."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    count, *rest = message.split(b"\0")
    words, (folder, *environ) = rest[: int(count)], rest[int(count) :]
    os.chdir(folder)
    os.environb.clear()
    os.environb.update(dict(item.split(b"=", 1) for item in environ))
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, (signal.SIGINT,))
    return [os.fsdecode(word) for word in words]


def main() -> int:
    """Serve; in each forked process, what `oxtui` ends with."""
    path = Path(sys.argv[1])
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in IMPORTED:
        import_module(name)
    gc.freeze()
    server = Server(path)
    print("ready", flush=True)
    words = server.serve()
    if words is None:
        shutil.rmtree(path.parent)
        return 0
    sys.argv = ["oxtui", *words]
    code: int = import_module("oxtui.cli").main()
    return code


if __name__ == "__main__":
    sys.exit(main())
