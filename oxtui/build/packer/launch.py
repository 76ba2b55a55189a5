"""Becomes the program that it is given, as the leader of the terminal that is its standard input.

It runs by its path in an interpreter of its own, so that no code runs between fork and exec in ours. The
program gets SIGTERM when the process that started it dies, however it dies: packer cleans up then. That
the terminal goes away with that process must not end the program before it has cleaned up.
"""

import ctypes
import fcntl
import os
import signal
import sys
import termios

PR_SET_PDEATHSIG = 1


def launch(parent: int, command: list[str]) -> None:
    """Never returns; exits with 127 where the program cannot be started."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    settings = termios.tcgetattr(0)
    settings[0] &= ~(
        termios.ICRNL | termios.INLCR | termios.IGNCR
    )  # an answer ends in \r, as typed
    settings[1] &= ~termios.OPOST
    settings[3] &= ~(termios.ECHO | termios.ICANON)
    termios.tcsetattr(0, termios.TCSANOW, settings)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, ctypes.c_ulong(signal.SIGTERM), 0, 0, 0)
        if os.getppid() != parent:  # it has died meanwhile, and no signal will come
            os._exit(127)
    try:
        os.execv(command[0], command)  # noqa: S606 - the operator's packer
    except OSError as problem:
        os.write(2, f"{command[0]}: {problem.strerror}\n".encode())
        os._exit(127)


if __name__ == "__main__":
    launch(int(sys.argv[1]), sys.argv[2:])
