"""Writes the files of a base system: what /etc, /home, /var and the rest hold before first boot.

Only names and public data are taken from the host (library cache, links of alternatives, public
certificates); its accounts, keys and settings stay out.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from oxtui.rack.guest import layout
from oxtui.rack.guest.bases import Base
from oxtui.rack.guest.request import Users

LOGIN_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
SUDO_GROUP = 27
SHADOW_GROUP = 42

_FOLDERS = {
    "boot": 0o755, "dev": 0o755, "etc": 0o755, "etc/skel": 0o755, "etc/ssh": 0o755,
    "etc/profile.d": 0o755, "etc/cron.d": 0o755, "etc/systemd/system": 0o755, "home": 0o755,
    "media": 0o755, "mnt": 0o755, "opt": 0o755, "proc": 0o555, "root": 0o700, "run": 0o755,
    "srv": 0o755, "sys": 0o555, "tmp": 0o1777, "var": 0o755, "var/cache": 0o755,
    "var/lib/cloud": 0o755, "var/lib/dpkg": 0o755, "var/log": 0o755, "var/mail": 0o2775,
    "var/opt": 0o755, "var/spool/cron": 0o755, "var/tmp": 0o1777,
}  # fmt: skip
_FROM_HOST = (
    "etc/ld.so.cache", "etc/ld.so.conf", "etc/ld.so.conf.d", "etc/alternatives", "etc/localtime",
    "etc/services", "etc/protocols", "etc/mime.types", "etc/terminfo", "etc/inputrc",
    "etc/ssl/certs/ca-certificates.crt", "etc/ssl/openssl.cnf", "etc/pki/tls/certs",
    "etc/magic", "etc/gai.conf", "etc/rpc", "etc/bash_completion.d",
)  # fmt: skip
_SYSTEM_ACCOUNTS = (
    ("daemon", 1), ("bin", 2), ("sys", 3), ("games", 5), ("man", 6), ("mail", 8), ("news", 9),
    ("proxy", 13), ("www-data", 33), ("backup", 34), ("nobody", 65534),
)  # fmt: skip
_GROUPS = {
    "tty": 5, "adm": 4, "disk": 6, "dialout": 20, "cdrom": 24, "floppy": 25, "sudo": SUDO_GROUP,
    "audio": 29, "dip": 30, "shadow": SHADOW_GROUP, "video": 44, "plugdev": 46, "staff": 50,
    "users": 100, "systemd-journal": 101, "lxd": 105, "nogroup": 65534,
}  # fmt: skip


def write(target: Path, base: Base, users: Users, owner: tuple[int, int]) -> None:
    """Writes the base below `target` (a folder that does not exist yet).

    owner: user and group id that the default user gets: 1000 where users are separate, else the
    ids under which everything in the instance runs.
    """
    root = target
    root.mkdir(parents=True)
    for name, mode in _FOLDERS.items():
        folder = root / name
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(mode)
    for name in layout.system_folders():
        (root / name).mkdir()
    for name, destination in layout.system_links().items():
        (root / name).symlink_to(destination)
    (root / "var/run").symlink_to("/run")
    (root / "var/lock").symlink_to("/run/lock")
    for name in _FROM_HOST:
        _take_from_host(root, name)
    for name, (content, mode) in _files(base, owner).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        path.chmod(mode)
    _write_homes(root, base, users, owner)


def _take_from_host(root: Path, name: str) -> None:
    source, target = Path("/", name), root / name
    if not os.path.lexists(source):
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_symlink() or source.is_file():
        shutil.copy2(source, target, follow_symlinks=False)
    else:
        shutil.copytree(source, target, symlinks=True)


def _write_homes(root: Path, base: Base, users: Users, owner: tuple[int, int]) -> None:
    home = root / "home" / base.user
    shutil.copytree(root / "etc/skel", home)
    home.chmod(0o750)
    shutil.copytree(root / "etc/skel", root / "root", dirs_exist_ok=True)
    (root / "root").chmod(0o700)
    if users == "separate":
        for path in (home, *home.rglob("*")):
            os.chown(path, *owner)
        os.chown(root / "etc/shadow", 0, SHADOW_GROUP)


def _files(base: Base, owner: tuple[int, int]) -> dict[str, tuple[str, int]]:
    uid, gid = owner
    accounts = [("root", 0, 0, "root", "/root", "/bin/bash")]
    accounts += [
        (name, number, number, name, "/nonexistent", "/usr/sbin/nologin")
        for name, number in _SYSTEM_ACCOUNTS
    ]
    accounts.append((base.user, uid, gid, base.distribution, f"/home/{base.user}", "/bin/bash"))
    groups = {"root": 0, **dict(_SYSTEM_ACCOUNTS[:-1]), **_GROUPS}
    group_lines = [
        f"{name}:x:{number}:{base.user if name in base.groups else ''}\n"
        for name, number in groups.items()
    ]
    if gid not in groups.values():
        group_lines.append(f"{base.user}:x:{gid}:\n")
    return {
        "etc/passwd": ("".join(f"{n}:x:{u}:{g}:{c}:{h}:{s}\n" for n, u, g, c, h, s in accounts),
                       0o644),
        "etc/group": ("".join(group_lines), 0o644),
        "etc/shadow": ("".join(f"{line[0]}:!*:20000:0:99999:7:::\n" for line in accounts), 0o640),
        "etc/os-release": (base.os_release, 0o644),
        "etc/issue": (f"{base.pretty} \\n \\l\n\n", 0o644),
        "etc/debian_version": (f"{base.codename}/sid\n", 0o644),
        "etc/environment": (f'PATH="{LOGIN_PATH}"\n', 0o644),
        "etc/nsswitch.conf": (
            "passwd: files\ngroup: files\nshadow: files\n"
            "hosts: files dns\nservices: files\nprotocols: files\n", 0o644),
        "etc/hosts": ("127.0.0.1 localhost\n::1 localhost ip6-localhost\n", 0o644),
        "etc/hostname": (f"{base.identifier}\n", 0o644),
        "etc/shells": ("/bin/sh\n/bin/bash\n/usr/bin/bash\n", 0o644),
        "etc/fstab": ("LABEL=cloudimg-rootfs / ext4 discard,errors=remount-ro 0 1\n", 0o644),
        "etc/profile": (
            f'if [ -z "$OXTUI_ROOT" ]; then PATH="{LOGIN_PATH}"; export PATH; fi\n'
            'for script in "$OXTUI_ROOT"/etc/profile.d/*.sh; do\n'
            '    if [ -r "$script" ]; then . "$script"; fi\ndone\nunset script\n', 0o644),
        "etc/bash.bashrc": ("[ -z \"$PS1\" ] || PS1='\\u@\\h:\\w\\$ '\n", 0o644),
        "etc/skel/.bashrc": (
            "case $- in *i*) ;; *) return ;; esac\nHISTCONTROL=ignoreboth\n"
            "PS1='\\[\\e[01;32m\\]\\u@\\h\\[\\e[00m\\]:\\[\\e[01;34m\\]\\w\\[\\e[00m\\]\\$ '\n"
            "alias ls='ls --color=auto'\nalias ll='ls -alF'\n", 0o644),
        "etc/skel/.profile": (
            '[ -z "$BASH_VERSION" ] || [ ! -f ~/.bashrc ] || . ~/.bashrc\n'
            '[ ! -d ~/bin ] || PATH="$HOME/bin:$PATH"\n'
            '[ -z "$OXTUI_ROOT" ] || PATH="$OXTUI_ROOT/usr/sbin:$OXTUI_ROOT/usr/bin:$PATH"\n',
            0o644),
        "var/lib/dpkg/status": ("", 0o644),
    }  # fmt: skip
