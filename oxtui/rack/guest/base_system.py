"""The programs of a base system: the host's, shared through an overlay or copied."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from oxtui.rack.guest import layout
from oxtui.rack.guest.request import Namespace

_DEPTH = 2
_DEEPER = (
    "lib/systemd/system", "lib/systemd/user", "lib/python3/dist-packages",
    "share/bash-completion/completions", *(f"share/man/man{number}" for number in range(1, 9)),
)  # fmt: skip
"""Folders of /usr into which packages install, below the depth to which all are mirrored."""
_LONGEST_CHAIN = 16

_COMMANDS = """
    arch awk base64 basename bash cat chgrp chmod chown chroot cksum cmp comm cp csplit curl cut
    date dd df diff dir dircolors dirname du echo ed egrep env expand expr false fgrep find flock
    fmt fold getconf getent getopt grep groupadd groups gunzip gzip head hexdump hostname iconv
    id install ionice join kill less link ln locale logger ls md5sum mkdir mkfifo mktemp more mv
    nano nice nl nohup nproc numfmt od openssl passwd paste patch pgrep pidof pkill pr printenv
    printf ps pwd readlink realpath rev rm rmdir run-parts sed seq setpriv setsid sh sha1sum
    sha256sum sha512sum shred shuf sleep sort split stat stdbuf stty su sum tac tail tar tee
    test time timeout top touch tput tr true truncate tsort tty uname unexpand uniq unlink unxz
    uptime useradd userdel usermod wc wget which whoami xargs xz xzcat yes zcat zstd
"""
"""Commands that a base system has where the host's are copied, as far as the host has them."""

_DATA = (
    "usr/lib/locale/C.utf8", "usr/lib/x86_64-linux-gnu/gconv/gconv-modules.cache",
    "usr/share/zoneinfo/UTC", "usr/share/zoneinfo/Etc/UTC", "usr/lib/os-release", "lib/terminfo",
    *(
        f"usr/share/terminfo/{name[0]}/{name}"
        for name in (
            "alacritty", "ansi", "dumb", "foot", "linux", "rxvt-unicode-256color", "screen",
            "screen-256color", "tmux", "tmux-256color", "vt100", "vt220", "xterm",
            "xterm-256color", "xterm-kitty",
        )
    ),
)  # fmt: skip
_NAME_SERVICE = ("libnss_files.so.2", "libnss_dns.so.2", "libgcc_s.so.1", "libresolv.so.2")


def write_shared_folders(layer: Path, namespace: Namespace) -> None:
    """Prepares a layer's folders above the host's system folders.

    In a user namespace the host's folders belong to an unknown user, who lets nobody write: the
    upper ones are made again here, owned by the instance's root, and overlay merges them.
    """
    for name in layout.system_folders():
        top = layer / name
        top.mkdir(parents=True)
        top.chmod(0o755)
        if namespace != "host":
            _mirror_folders(Path("/", name), top, _DEPTH)
            for deeper in _DEEPER:
                if Path("/", name, deeper).is_dir():
                    (top / deeper).mkdir(parents=True, exist_ok=True)
    write_local_folders(layer)


def write_local_folders(root: Path) -> None:
    """Makes the folders of /usr/local that every distribution has."""
    for name in ("bin", "sbin", "lib", "share", "etc"):
        folder = root / "usr/local" / name
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)


def _mirror_folders(source: Path, target: Path, depth: int) -> None:
    for entry in os.scandir(source):
        if entry.is_dir(follow_symlinks=False):
            folder = target / entry.name
            folder.mkdir(mode=0o755, exist_ok=True)
            if depth > 1 and os.access(entry.path, os.R_OK | os.X_OK):
                _mirror_folders(Path(entry.path), folder, depth - 1)


def copy_programs(root: Path) -> None:
    """Copies the host's commands of `_COMMANDS` with the libraries that they load, and some data.

    Never links: a write through a hard link would change the host.
    """
    programs = [
        found for name in _COMMANDS.split() if (found := shutil.which(name, path=_SEARCH_PATH))
    ]
    files = set(programs) | _libraries(programs) | _name_service_libraries()
    for name in _DATA:
        source = Path("/", name)
        if source.is_dir():
            target = root / str(source.resolve()).lstrip("/")
            shutil.copytree(source.resolve(), target, symlinks=True, dirs_exist_ok=True)
        elif source.exists():
            files.add(str(source))
    wanted: dict[Path, set[str]] = {}
    for name in files:
        place = _copy_links(Path(name), root)
        wanted.setdefault(place.parent, set()).add(str(place))
    for folder, members in wanted.items():
        goal = root / str(folder).lstrip("/")
        goal.mkdir(parents=True, exist_ok=True)
        command = ["cp", "--reflink=auto", "--preserve=mode", "-t", str(goal), "--"]
        subprocess.run([*command, *sorted(members)], check=True, capture_output=True, text=True)


_SEARCH_PATH = "/usr/sbin:/usr/bin:/sbin:/bin"


def _libraries(programs: list[str]) -> set[str]:
    """Shared libraries and loaders of the programs, as the host's own loader resolves them."""
    listed = subprocess.run(
        ["ldd", *programs],
        capture_output=True,
        text=True,
        env={"PATH": _SEARCH_PATH, "LC_ALL": "C"},
        check=False,  # it fails for scripts among the programs
    )
    found: set[str] = set()
    for line in listed.stdout.splitlines():
        if not line.startswith("\t"):
            continue
        words = line.split()
        path = words[2] if len(words) > 2 and words[1] == "=>" else words[0]
        if path.startswith("/") and os.path.exists(path):
            found.add(path)
    return found


def _name_service_libraries() -> set[str]:
    return {
        str(path)
        for folder in ("/usr/lib", "/lib", "/usr/lib64", *_multiarch_folders())
        for name in _NAME_SERVICE
        if (path := Path(folder, name)).exists()
    }


def _multiarch_folders() -> list[str]:
    return [str(path) for path in Path("/usr/lib").glob("*-linux-gnu*") if path.is_dir()]


def _copy_links(source: Path, root: Path) -> Path:
    """Copies every symbolic link on the way to a file; returns the file that is none."""
    for _ in range(_LONGEST_CHAIN):
        place = source.parent.resolve() / source.name
        if not place.is_symlink():
            return place
        link = root / str(place).lstrip("/")
        link.parent.mkdir(parents=True, exist_ok=True)
        if not os.path.lexists(link):
            link.symlink_to(os.readlink(place))
        source = place.parent / os.readlink(place)
    raise OSError(f"{source}: too many symbolic links")
