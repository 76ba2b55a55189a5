"""The fork server: imports everything once, then forks a fresh process for every request.

It never starts a thread or an event loop, so that each child may enter a user namespace.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import subprocess
import traceback
from contextlib import suppress

from oxtui.rack.guest import boot, namespaces, preload, probe, roots, storage, supervisor, wire
from oxtui.rack.guest.request import Boot, Probe, Request, decode


def serve(requests: socket.socket) -> None:
    """Answers requests until the rack closes the socket."""
    preload.everything()
    os.umask(0o022)  # what is written for guests must be readable by their users
    gc.collect()
    gc.freeze()  # children share these pages with this process
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel reaps this process's children
    while (received := wire.receive_request(requests)) is not None:
        data, descriptors = received
        if os.fork() == 0:
            _serve_child(requests, data, descriptors)
        for descriptor in descriptors:
            os.close(descriptor)


def _serve_child(requests: socket.socket, data: bytes, descriptors: list[int]) -> None:
    status = 70
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        _hear_signals()
        requests.close()
        control = socket.socket(fileno=descriptors[0])
        listener = socket.socket(fileno=descriptors[1]) if len(descriptors) > 1 else None
        _answer(decode(data), control, listener)
        status = 0
    except BaseException:
        traceback.print_exc()
        raise
    finally:
        os._exit(status)


def _hear_signals() -> None:
    """Signals that the rack was told to ignore, by nohup or a shell's `&`, reach programs of a guest.

    What is ignored stays ignored in every program that is started; a handler does not.
    """
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, lambda _number, _frame: None)


def _answer(request: Request, control: socket.socket, listener: socket.socket | None) -> None:
    try:
        if isinstance(request, Boot):
            _boot(request, control, listener)
            return
        namespaces.enter(request.mode.namespace)
        if isinstance(request, Probe):
            found = probe.run(request)
        else:
            storage.run(request)
            found = {}
        control.sendall(wire.report(wire.ENDED, **found))
    except subprocess.CalledProcessError as error:
        _fail(control, f"{error.cmd} failed: {(error.stderr or '').strip()}")
    except (OSError, RuntimeError) as error:
        _fail(control, str(error))


def _boot(request: Boot, control: socket.socket, listener: socket.socket | None) -> None:
    os.setpgid(0, 0)
    namespaces.enter(request.mode.namespace)
    supervisor.hold_processes(request.mode)

    def first_process() -> int:
        run = request.place.run(request.instance)
        try:
            root, devices = roots.enter(
                request.mode, request.place, request.stack, run, request.hostname
            )
        except OSError as error:
            _fail(control, str(error))
            return 1
        control.sendall(wire.report(wire.ENTERED))
        return boot.run(request, root, control, listener, devices)

    supervisor.supervise(request, control, first_process)


def _fail(control: socket.socket, text: str) -> None:
    with suppress(OSError):  # the rack may have given up
        control.sendall(wire.report(wire.FAILED, error=text))
