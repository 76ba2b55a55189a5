"""Which isolation works here: found by trying, best first."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Literal, get_args

from oxtui.rack.guest.request import Mode, ModeKind, Place, Probe
from oxtui.rack.isolation.errors import IsolationError, RackMachineError
from oxtui.rack.isolation.guests import Guests

Wanted = Literal["auto", "overlay", "chroot", "none"]

_TRIAL_BASE = "ubuntu-24.04"
"""The base that a trial installs, and that stays for who uses it next."""

_SHARED = "they share this machine's kernel and network."
_BANNERS = {
    ("overlay", "host"): "Instances have their own root, users and processes (overlay); " + _SHARED,
    ("overlay", "mapped"): "Instances have their own root, users and processes (overlay in a user "
    "namespace); " + _SHARED,
    ("overlay", "single"): "Instances have their own root and processes (overlay in a user "
    "namespace); inside, every user is root, nothing checks permissions.",
    ("chroot", "host"): "Instances have their own root but not their own processes (chroot); what "
    "runs as root in them is root of this container: run only what you trust.",
}


def candidates(wanted: Wanted) -> list[Mode]:
    """Modes to try, best first.

    Raises:
        IsolationError: the word is none that the rack knows, or no mode of it can work here.
    """
    if wanted not in get_args(Wanted):
        raise IsolationError(f"unknown isolation {wanted!r}; use auto, overlay, chroot or none")
    root, linux = os.geteuid() == 0, sys.platform == "linux"
    modes: list[Mode] = []
    if linux and root:
        modes.append(Mode("overlay"))
    if linux:
        modes.append(Mode("overlay", namespace="mapped"))
        modes.append(Mode("overlay", namespace="single", users="single"))
    if linux and root:
        modes.append(Mode("chroot"))
        modes.append(Mode("chroot", users="single"))
    modes.append(Mode("none", users="single"))
    if wanted == "auto":
        return modes
    chosen = [mode for mode in modes if mode.kind == wanted]
    if not chosen:
        needs = "Linux and root" if wanted == "chroot" else "Linux"
        raise IsolationError(f"isolation {wanted} needs {needs}; --isolation auto takes what works")
    return chosen


async def choose(
    guests: Guests, place: Place, wanted: Wanted, allow_none: bool = True
) -> tuple[Mode, int]:
    """Tries the candidates and returns the first that works, with Landlock's version (0: none).

    Disks that were written in one mode are of no use in another: a state keeps its mode.
    allow_none: whether `auto` may end at plain folders, which keep nothing apart.

    Raises:
        IsolationError: none works; the text names what each was refused.
    """
    modes = candidates(wanted)
    record = Path(place.disks, "mode.json")
    kept = _recorded(record)
    if kept is not None:
        if kept not in modes:
            raise IsolationError(
                f"the disks in {place.disks} were made with isolation {kept.kind}, not {wanted}; "
                f"use --isolation {kept.kind} or another --state folder"
            )
        modes = [kept]
    unasked = wanted == "auto" and not allow_none
    if unasked:
        modes = [mode for mode in modes if mode.kind != "none"]
    refused: list[str] = []
    for number, mode in enumerate(modes):
        try:
            found = await guests.run(Probe(mode, place, _TRIAL_BASE, f"probe{number}"))
        except RackMachineError as error:
            refused.append(f"{_describe(mode)}: {error}")
            continue
        record.write_text(json.dumps([mode.kind, mode.namespace, mode.users]))
        return mode, int(found["landlock"])
    advice = (
        f"; the disks in {place.disks} need it, another --state folder does not" if kept else ""
    )
    if unasked:
        why = "; ".join(refused) or f"the disks in {place.disks} were made so"
        raise IsolationError(
            "only plain folders (isolation none) work here, and commands of instances would run as "
            f"you: say --isolation none if you want that ({why})"
        )
    raise IsolationError(f"isolation {wanted} does not work here: {'; '.join(refused)}{advice}")


def banner(mode: Mode, landlock: int) -> str:
    """One sentence for the operator: what keeps instances and this machine apart."""
    if mode.kind == "none":
        if landlock:
            return (
                "Instances are plain folders, not isolated: their commands run as you; Landlock "
                "lets them write in their own folder only."
            )
        return (
            "Instances are plain folders, not isolated: their commands run as you and nothing "
            "keeps them from your files."
        )
    if mode.users == "single" and mode.kind == "chroot":
        return _BANNERS["chroot", "host"].removesuffix(".") + "; every user in them is root."
    return _BANNERS[mode.kind, mode.namespace]


def _describe(mode: Mode) -> str:
    names = {"host": "as root", "mapped": "user namespace with a range of ids",
             "single": "user namespace with one id"}  # fmt: skip
    if mode.kind == "overlay":
        return f"overlay ({names[mode.namespace]})"
    return f"{mode.kind} ({'two users' if mode.users == 'separate' else 'one user'})"


def _recorded(record: Path) -> Mode | None:
    try:
        kind, namespace, users = json.loads(record.read_text())
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise IsolationError(f"{record} is damaged: {error}; use another --state folder") from error
    kinds: tuple[str, ...] = get_args(ModeKind)
    if kind not in kinds:
        raise IsolationError(f"{record} names an unknown isolation {kind!r}")
    return Mode(kind, namespace, users)
