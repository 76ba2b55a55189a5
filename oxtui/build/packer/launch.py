"""Starts a program on the terminal that is its standard input, and minds it when oxtui dies.

It runs by its path in an interpreter of its own. While oxtui lives it does nothing. When oxtui is gone,
however that came, it sends SIGTERM to the program, so that packer cleans up, and takes what it still
writes: a packer whose terminal is gone hangs for ever.
"""

import fcntl
import os
import select
import signal
import sys
import termios

_IGNORED = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)
"""Meant for the program, which is in the same group."""


def prepare_terminal() -> None:
    """Takes the terminal as its own, and has bytes pass as they are."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    settings = termios.tcgetattr(0)
    settings[0] &= ~(
        termios.ICRNL | termios.INLCR | termios.IGNCR
    )  # an answer ends in \r, as typed
    settings[1] &= ~termios.OPOST
    settings[3] &= ~(termios.ECHO | termios.ICANON)
    termios.tcsetattr(0, termios.TCSANOW, settings)


def become(command: list[str]) -> None:
    """Never returns; exits with 127 where the program cannot be started."""
    # What a script has started in its background ignores SIGINT; packer is to heed it all the same.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    try:
        os.execv(command[0], command)  # noqa: S606 - the operator's packer
    except OSError as problem:
        os.write(2, f"{command[0]}: {problem.strerror}\n".encode())
        os._exit(127)


def mind(child: int, life: int, terminal: int, ended: int) -> int:
    """The exit code of the program, 128 and more for a signal; `life` ends when oxtui does."""
    watched = [life, ended]
    while True:
        ready, _, _ = select.select(watched, [], [])
        if ended in ready:
            os.read(ended, 64)
            found, status = os.waitpid(child, os.WNOHANG)
            if found:
                code = os.waitstatus_to_exitcode(status)
                return code if code >= 0 else 128 - code
        if life in ready:
            os.kill(child, signal.SIGTERM)
            watched = [terminal, ended]
        if terminal in ready:
            try:
                os.read(terminal, 65536)
            except BlockingIOError:
                continue


def main(life: int, terminal: int, command: list[str]) -> None:
    """Runs `command`; exits with its code."""
    prepare_terminal()
    ended, woken = os.pipe()
    os.set_blocking(woken, False)
    signal.set_wakeup_fd(woken)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    for number in _IGNORED:
        signal.signal(number, signal.SIG_IGN)
    child = os.fork()
    if child == 0:
        os.close(life)
        os.close(terminal)
        become(command)
    os._exit(mind(child, life, terminal, ended))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
