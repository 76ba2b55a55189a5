"""Tries a mode: installs a base, enters it, and runs commands as instances will."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from oxtui.rack.guest import landlock, roots, storage, supervisor
from oxtui.rack.guest.bases import layer_name
from oxtui.rack.guest.request import Install, Probe
from oxtui.rack.guest.skeleton import LOGIN_PATH, SUDO_GROUP
from oxtui.rack.guest.trees import remove_tree


def run(request: Probe) -> dict[str, object]:
    """Tries the mode of the request.

    Returns:
        `landlock`: version of Landlock here, 0 without.

    Raises:
        OSError, RuntimeError: the mode does not work; the text says what was refused.
    """
    mode, place = request.mode, request.place
    run_folder, base = place.run(request.layer), layer_name(request.base)
    fresh = not os.path.isdir(place.layer(base))
    try:
        os.makedirs(run_folder, exist_ok=True)  # a killed rack may have left it
        storage.write_tools(Path(place.tools), mode)
        if fresh:
            storage.run(Install(mode, place, request.base, base))
        stack = (base, request.layer) if mode.layered else (base,)
        _try_inside(request, stack, run_folder)
    except BaseException:
        if fresh:  # written by this mode's owner: of no use to another
            for path in (place.layer(base), place.tools, place.programs):
                remove_tree(path)
        raise
    finally:
        for path in (place.layer(request.layer), run_folder):
            remove_tree(path)
    return {"landlock": landlock.version()}


def _try_inside(request: Probe, stack: tuple[str, ...], run_folder: str) -> None:
    read, write = os.pipe()

    def body() -> int:
        os.close(read)
        try:
            root, devices = roots.enter(request.mode, request.place, stack, run_folder, "probe")
            if devices is not None:
                os.close(devices)
            _check(request, root)
        except (OSError, RuntimeError) as error:
            os.write(write, str(error).encode()[:4000])
            return 1
        return 0

    supervisor.hold_processes(request.mode)
    child = supervisor.fork(body)
    os.close(write)
    with os.fdopen(read, "rb") as complaints:
        complaint = complaints.read()
    _, status = os.waitpid(child, 0)
    if status:
        raise RuntimeError(complaint.decode(errors="replace") or "the trial instance died")


def _check(request: Probe, root: Path) -> None:
    mode = request.mode
    if mode.kind == "none":
        _run(["/bin/sh", "-c", ": >probe && rm probe"], str(root))
        return
    _run(["/bin/bash", "-c", ": >/usr/probe && rm /usr/probe && cat /etc/os-release"], "/")
    if mode.users == "separate":
        found = _run(["/usr/bin/sudo", "id", "-u"], "/", as_login_user=True)
        if found.strip() != "0":
            raise RuntimeError("a set-user-ID program does not become root")


def _run(command: list[str], folder: str, *, as_login_user: bool = False) -> str:
    done = subprocess.run(
        command,
        cwd=folder,
        env={"PATH": LOGIN_PATH},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        user=1000 if as_login_user else None,
        group=1000 if as_login_user else None,
        extra_groups=[SUDO_GROUP] if as_login_user else None,
    )
    if done.returncode:
        complaint = done.stderr.strip() or f"status {done.returncode}"
        raise RuntimeError(f"{' '.join(command)} failed inside: {complaint}")
    return done.stdout
