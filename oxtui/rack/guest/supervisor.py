"""The outer process of an instance: enters what must be entered before the first process is
forked, waits for it, and leaves nothing of the instance behind."""

from __future__ import annotations

import contextlib
import fcntl
import os
import select
import signal
import socket
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

from oxtui.rack.guest import descendants, kernel, unsynced
from oxtui.rack.guest.power import EXIT_STATUS
from oxtui.rack.guest.request import Boot, Mode
from oxtui.rack.guest.trees import remove_tree
from oxtui.rack.guest.wire import ENDED, report

_PEER_CLOSED = getattr(select, "POLLRDHUP", 0)


def hold_processes(mode: Mode) -> None:
    """Makes sure that every process of the instance can be ended; its first is forked next.

    Raises:
        OSError: the kernel refuses.
    """
    if mode.kind == "overlay":
        kernel.unshare(kernel.CLONE_NEWPID)
    elif sys.platform == "linux":
        kernel.adopt_orphans()


def supervise(request: Boot, control: socket.socket, first_process: Callable[[], int]) -> None:
    """Runs an instance to its end; the rack's end of writing on `control` ends it by force.

    first_process: enters the root and runs the instance; its result is the exit status.
    """
    run = Path(request.place.run(request.instance))
    run.mkdir(parents=True, exist_ok=True)
    (run / "lock").touch()  # its time: what was on the disk before is synced
    wake_read, wake_write = os.pipe()
    os.set_blocking(wake_read, False)
    os.set_blocking(wake_write, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake_write)
    child = fork(first_process)
    with (run / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        status = _wait(child, control, wake_read)
        if request.mode.kind != "overlay":  # a pid namespace has ended all of its processes
            descendants.end_all()
        lost = _lose_unsynced(request)
        (run / "lock").unlink()  # from here on the disk is what it stays
        remove_tree(str(run))
    control.setblocking(True)
    with contextlib.suppress(OSError):  # the rack may be gone
        control.sendall(report(ENDED, **_account(status), lost=lost))


def fork(body: Callable[[], int]) -> int:
    """Forks a process that runs `body`, ends with its result, and dies with this process."""
    pid = os.fork()
    if pid:
        return pid
    status = 70  # EX_SOFTWARE: what is left when `body` raises
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        status = body()
    except BaseException:
        traceback.print_exc()
        raise
    finally:
        os._exit(status)


def _wait(child: int, control: socket.socket, wake: int) -> int:
    """Waits for the first process, reaps what else ends meanwhile, and ends it when told to."""
    poll = select.poll()
    poll.register(control, _PEER_CLOSED)
    poll.register(wake, select.POLLIN)
    while True:
        with contextlib.suppress(ChildProcessError):
            while (found := os.waitpid(-1, os.WNOHANG))[0]:
                if found[0] == child:
                    return found[1]
        for descriptor, _ in poll.poll():
            if descriptor == wake:
                os.read(wake, 4096)
            else:
                poll.unregister(control)
                os.kill(child, signal.SIGKILL)


def _lose_unsynced(request: Boot) -> int:
    place, stack = request.place, request.stack
    top = place.layer(stack[-1])
    if request.keep_unsynced or not os.path.isdir(top):
        return 0
    marks = place.sync_marks(request.mode, request.instance, stack[-1])
    synced = unsynced.last_sync(*marks)
    folders = [entry.path for entry in os.scandir(top) if entry.name != "work"]
    return sum(unsynced.lose(folder, unsynced.unsynced(folder, synced)) for folder in folders)


def _account(status: int) -> dict[str, str]:
    code = os.waitstatus_to_exitcode(status)
    for reason, expected in EXIT_STATUS.items():
        if code == expected:
            return {"reason": reason, "detail": ""}
    if code < 0:
        return {"reason": "crash", "detail": f"ended by {signal.Signals(-code).name}"}
    return {"reason": "crash", "detail": f"ended with status {code}"}
