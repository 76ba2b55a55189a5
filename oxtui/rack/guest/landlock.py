"""Landlock: a process limits itself and its children (Documentation/userspace-api/landlock.rst)."""

from __future__ import annotations

import os
import stat
import struct
from contextlib import suppress
from pathlib import Path

from oxtui.rack.guest import kernel

_CREATE_RULESET = 444
_ADD_RULE = 445
_RESTRICT_SELF = 446
_ONLY_VERSION = 1
_RULE_PATH_BENEATH = 1

_EXECUTE = 1 << 0
_WRITE_FILE = 1 << 1
_READ_FILE = 1 << 2
_READ_DIR = 1 << 3
_FIRST_VERSION_RIGHTS = (1 << 13) - 1
_REFER = 1 << 13
_TRUNCATE = 1 << 14
_IOCTL_DEVICE = 1 << 15
_SCOPE_SIGNAL = 1 << 1
_READ = _EXECUTE | _READ_FILE | _READ_DIR
_FILE_RIGHTS = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEVICE

_READABLE = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/proc", "/nix", "/sys")
_DEVICES = ("null", "zero", "full", "random", "urandom", "tty", "ptmx", "pts", "shm")


def version() -> int:
    """Version of Landlock's interface here; 0 where the kernel has none or it is off."""
    try:
        return kernel.system_call(_CREATE_RULESET, None, 0, _ONLY_VERSION)
    except OSError:
        return 0


def _handled(interface: int) -> int:
    rights = _FIRST_VERSION_RIGHTS
    if interface >= 2:
        rights |= _REFER
    if interface >= 3:
        rights |= _TRUNCATE
    if interface >= 5:
        rights |= _IOCTL_DEVICE
    return rights


def _ruleset(files: int, scopes: int, interface: int) -> int:
    # struct landlock_ruleset_attr grew: handled_access_fs, _net (version 4), scoped (version 6).
    attribute = struct.pack("=QQQ", files, 0, scopes)
    size = 24 if interface >= 6 else 8
    return kernel.system_call(_CREATE_RULESET, attribute, size, 0)


def confine(root: Path) -> bool:
    """Leaves this process full access to `root`, and reading to the system's programs.

    Returns whether the kernel does it; the caller must have given up new privileges.
    """
    interface = version()
    if interface == 0:
        return False
    handled = _handled(interface)
    ruleset = _ruleset(handled, _SCOPE_SIGNAL if interface >= 6 else 0, interface)
    _allow(ruleset, str(root), handled)
    for path in (*_READABLE, *_public_settings()):
        _allow(ruleset, path, _READ)
    for name in _DEVICES:
        _allow(ruleset, f"/dev/{name}", handled & (_FILE_RIGHTS | _READ_DIR))
    kernel.system_call(_RESTRICT_SELF, ruleset, 0)
    os.close(ruleset)
    return True


def _public_settings() -> list[str]:
    """What /etc has for everybody: as root, a process could read the rest as well."""
    with os.scandir("/etc") as entries:
        return [
            entry.path
            for entry in entries
            if entry.name != "ssh" and os.path.exists(entry.path) and entry.stat().st_mode & 0o004
        ]


def keep_signals_inside() -> bool:
    """Lets this process and its children signal only each other; returns whether it is possible.

    The caller must have given up new privileges.
    """
    interface = version()
    if interface < 6:
        return False
    ruleset = _ruleset(0, _SCOPE_SIGNAL, interface)
    kernel.system_call(_RESTRICT_SELF, ruleset, 0)
    os.close(ruleset)
    return True


def _allow(ruleset: int, path: str, rights: int) -> None:
    with suppress(FileNotFoundError):
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            if not stat.S_ISDIR(os.fstat(descriptor).st_mode):
                rights &= _FILE_RIGHTS
            rule = struct.pack("=Qi", rights, descriptor)
            kernel.system_call(_ADD_RULE, ruleset, _RULE_PATH_BENEATH, rule, 0)
        finally:
            os.close(descriptor)
