"""The fork server: forks a fresh process for every request, with all that it needs imported already.

It never starts a thread or an event loop, so that each child may enter a user namespace.
"""

from __future__ import annotations

import gc
import os
import select
import signal
import socket
import subprocess
import traceback
from contextlib import suppress

from oxtui.rack.guest import namespaces, probe, roots, storage, supervisor, wire
from oxtui.rack.guest.request import Boot, Probe, Request, decode

_IDLE_SECONDS = 3.0
"""Without a request, after which what only a boot needs is imported: the rack is ready before it."""


def serve(requests: socket.socket) -> None:
    """Answers requests until the rack closes the socket."""
    os.umask(0o022)  # what is written for guests must be readable by their users
    ready = False
    waiting = select.poll()
    waiting.register(requests, select.POLLIN)
    _share()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel reaps this process's children
    while True:
        if not ready and not waiting.poll(_IDLE_SECONDS * 1000):
            _import_boot()
            ready = True
        received = wire.receive_request(requests)
        if received is None:
            return
        data, descriptors = received
        request = decode(data)
        if not ready and isinstance(request, Boot):
            _import_boot()
            ready = True
        if os.fork() == 0:
            _serve_child(requests, request, descriptors)
        for descriptor in descriptors:
            os.close(descriptor)


def _import_boot() -> None:
    """Import what a boot needs, asyncssh above all: a child's imports would be gone with it."""
    from oxtui.rack.guest import boot, preload  # noqa: F401

    preload.everything()
    _share()


def _share() -> None:
    """Keep the collector from what children share with this process: it would copy the pages."""
    gc.collect()
    gc.freeze()


def _serve_child(requests: socket.socket, request: Request, descriptors: list[int]) -> None:
    status = 70
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        _hear_signals()
        requests.close()
        control = socket.socket(fileno=descriptors[0])
        listener = socket.socket(fileno=descriptors[1]) if len(descriptors) > 1 else None
        _answer(request, control, listener)
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
    from oxtui.rack.guest import boot

    os.setpgid(0, 0)
    namespaces.enter(request.mode.namespace)
    supervisor.hold_processes(request.mode)

    def first_process() -> int:
        run = request.place.run(request.instance)
        try:
            root, devices = roots.enter(
                request.mode, request.place, request.stack, run, request.hostname,
                [each for each in request.devices if each[0]],
            )  # fmt: skip
        except OSError as error:
            _fail(control, str(error))
            return 1
        control.sendall(wire.report(wire.ENTERED))
        return boot.run(request, root, control, listener, devices)

    supervisor.supervise(request, control, first_process)


def _fail(control: socket.socket, text: str) -> None:
    with suppress(OSError):  # the rack may have given up
        control.sendall(wire.report(wire.FAILED, error=text))
