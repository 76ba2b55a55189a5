"""The Linux calls that Python's os module lacks or has only since 3.12, through the C library."""

from __future__ import annotations

import ctypes
import os
import struct

CLONE_NEWNS = 0x00020000
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000

MS_RDONLY = 0x1
MS_NOSUID = 0x2
MS_NODEV = 0x4
MS_NOEXEC = 0x8
MS_REMOUNT = 0x20
MS_BIND = 0x1000
MS_REC = 0x4000
MS_PRIVATE = 0x40000

CAPABILITIES = {
    "CHOWN": 0,
    "DAC_OVERRIDE": 1,
    "FOWNER": 3,
    "FSETID": 4,
    "KILL": 5,
    "SETGID": 6,
    "SETUID": 7,
    "SYS_CHROOT": 18,
}
"""Numbers of the capabilities that an instance may have, from linux/capability.h."""

_IN_MODIFY = 0x2
_IN_CLOSE_WRITE = 0x8
_MNT_DETACH = 2
_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_SET_NAME = 15
_PR_CAPBSET_READ = 23
_PR_CAPBSET_DROP = 24
_PR_SET_CHILD_SUBREAPER = 36
_PR_SET_NO_NEW_PRIVS = 38
_CAPABILITY_VERSION_3 = 0x20080522
_LAST_POSSIBLE_CAPABILITY = 63

_libc = ctypes.CDLL(None, use_errno=True)


def _check(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def unshare(flags: int) -> None:
    """Moves this process (for CLONE_NEWPID: its next children) into new namespaces."""
    _check(_libc.unshare(ctypes.c_int(flags)), "unshare")


def mount(source: str, target: str, filesystem: str = "", flags: int = 0, data: str = "") -> None:
    """mount(2); the error names the target."""
    result = _libc.mount(
        os.fsencode(source),
        os.fsencode(target),
        os.fsencode(filesystem),
        ctypes.c_ulong(flags),
        os.fsencode(data),
    )
    _check(result, f"mount {filesystem or source} on {target}")


def change_root(new_root: str) -> None:
    """Makes a mount point the root of this mount namespace and lets go of the old root."""
    os.chdir(new_root)
    _check(_libc.pivot_root(b".", b"."), f"pivot_root {new_root}")
    _check(_libc.umount2(b".", ctypes.c_int(_MNT_DETACH)), "umount of the old root")
    os.chdir("/")


def _prctl(option: int, argument: int, what: str) -> int:
    zero = ctypes.c_ulong(0)
    result: int = _libc.prctl(ctypes.c_int(option), ctypes.c_ulong(argument), zero, zero, zero)
    return _check(result, what)


def die_with_parent(signal_number: int) -> None:
    """Has the kernel send a signal to this process when its parent ends."""
    _prctl(_PR_SET_PDEATHSIG, signal_number, "prctl PR_SET_PDEATHSIG")


def adopt_orphans() -> None:
    """Makes this process the parent of every descendant whose own parent ends."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1, "prctl PR_SET_CHILD_SUBREAPER")


def forbid_new_privileges() -> None:
    """From here on no exec gains privileges: set-user-ID programs run as the caller."""
    _prctl(_PR_SET_NO_NEW_PRIVS, 1, "prctl PR_SET_NO_NEW_PRIVS")


def hide_memory() -> None:
    """Keeps other processes of the same user out of this one (ptrace, /proc/PID/exe and fd)."""
    _prctl(_PR_SET_DUMPABLE, 0, "prctl PR_SET_DUMPABLE")


def rename_process(name: str) -> None:
    """Sets the name that `ps` shows in its short form."""
    buffer = ctypes.create_string_buffer(name.encode()[:15])
    _prctl(_PR_SET_NAME, ctypes.addressof(buffer), "prctl PR_SET_NAME")


def keep_capabilities(names: frozenset[str]) -> None:
    """Cuts the bounding set and this process's own capabilities down to the named ones."""
    keep = {CAPABILITIES[name] for name in names}
    for number in range(_LAST_POSSIBLE_CAPABILITY + 1):
        if number in keep:
            continue
        try:
            present = _prctl(_PR_CAPBSET_READ, number, "prctl PR_CAPBSET_READ")
        except OSError:  # past the last capability that this kernel knows
            break
        if present:
            _prctl(_PR_CAPBSET_DROP, number, "prctl PR_CAPBSET_DROP")
    header = ctypes.create_string_buffer(struct.pack("=Ii", _CAPABILITY_VERSION_3, 0))
    current = ctypes.create_string_buffer(struct.calcsize("=6I"))
    _check(_libc.capget(header, current), "capget")
    _, permitted_low, _, _, permitted_high, _ = struct.unpack("=6I", current.raw)
    mask = sum(1 << number for number in keep)
    low, high = mask & 0xFFFFFFFF & permitted_low, (mask >> 32) & permitted_high
    _check(_libc.capset(header, struct.pack("=6I", low, low, 0, high, high, 0)), "capset")


def watch_writes(path: str) -> int:
    """A descriptor that becomes readable whenever the file is written to (inotify)."""
    flags = os.O_NONBLOCK | os.O_CLOEXEC  # IN_NONBLOCK and IN_CLOEXEC are the same numbers
    watch = _check(_libc.inotify_init1(ctypes.c_int(flags)), "inotify_init1")
    event = ctypes.c_uint32(_IN_MODIFY | _IN_CLOSE_WRITE)
    _check(_libc.inotify_add_watch(watch, os.fsencode(path), event), f"inotify of {path}")
    return watch


def system_call(number: int, *arguments: int | bytes | None) -> int:
    """A system call without a wrapper in the C library, by its number."""
    converted = [
        ctypes.c_ulong(value) if isinstance(value, int) else ctypes.c_char_p(value)
        for value in arguments
    ]
    result: int = _libc.syscall(ctypes.c_long(number), *converted)
    return _check(result, f"system call {number}")
