"""`relay.py SOCKET WORDS…`: has the server fork `oxtui WORDS`, and stands for it until it ends.

Hands over its standard streams, environment and folder, passes on SIGTERM, SIGINT and SIGHUP, and ends as it does.
"""

import os
import signal
import socket
import sys
from types import FrameType

PASSED_ON = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def main() -> int:
    """The exit status of the forked process, negative for a signal that ended it."""
    early: list[int] = []
    for number in PASSED_ON:
        signal.signal(number, lambda number, _frame: early.append(number))
    with socket.socket(socket.AF_UNIX) as server:
        server.connect(sys.argv[1])
        environ = [b"%b=%b" % item for item in os.environb.items()]
        words = [os.fsencode(word) for word in sys.argv[2:]]
        message = b"\0".join([b"%d" % len(words), *words, os.fsencode(os.getcwd()), *environ])
        socket.send_fds(server, [len(message).to_bytes(4)], [0, 1, 2])
        server.sendall(message)
        answers = server.makefile("r", encoding="ascii")
        pid = int(answers.readline())

        def pass_on(number: int, _frame: FrameType | None) -> None:
            os.kill(pid, number)

        for number in PASSED_ON:
            signal.signal(number, pass_on)
        for number in early:
            os.kill(pid, number)
        return int(answers.readline())


if __name__ == "__main__":
    status = main()
    if status < 0:
        signal.signal(-status, signal.SIG_DFL)
        os.kill(os.getpid(), -status)
    os._exit(status)
