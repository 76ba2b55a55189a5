"""Host keys and authorized keys of a first boot, and how cloud-init prints them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import asyncssh

from oxtui.rack.guest.accounts import Account
from oxtui.rack.guest.console import Console
from oxtui.rack.guest.sshd import KEY_TYPES

_ROOT_OPTIONS = (
    "no-port-forwarding,no-agent-forwarding,no-X11-forwarding,"
    'command="echo \'Please login as the user \\"{user}\\" rather than the user \\"root\\".\';'
    'echo;sleep 10;exit 142"'
)


def _files(root: Path) -> dict[str, Path]:
    return {kind: root / f"etc/ssh/ssh_host_{kind}_key" for kind in KEY_TYPES}


def make_host_keys(root: Path, hostname: str) -> None:
    """Replaces the host keys on the disk, as cloud-init does for every new instance."""
    for kind, path in _files(root).items():
        key = asyncssh.generate_private_key(KEY_TYPES[kind], comment=f"root@{hostname}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        path.touch(mode=0o600)
        path.write_bytes(key.export_private_key())
        path.with_name(path.name + ".pub").write_bytes(key.export_public_key())


def load_host_keys(root: Path, hostname: str) -> list[asyncssh.SSHKey]:
    """The host keys on the disk; makes them where one is missing or lost its contents."""
    try:
        return [asyncssh.read_private_key(path) for path in _files(root).values()]
    except (OSError, asyncssh.KeyImportError):
        make_host_keys(root, hostname)
        return [asyncssh.read_private_key(path) for path in _files(root).values()]


def authorize(home: str, account: Account, keys: tuple[str, ...], own: Account | None) -> None:
    """Adds public keys to ~/.ssh/authorized_keys that are not in it yet.

    home: the account's home folder as this process finds it.
    own: whom the files shall belong to; None leaves that.
    """
    _append_keys(Path(home), keys)
    if own is not None:
        for path in (Path(home, ".ssh"), Path(home, ".ssh/authorized_keys")):
            os.chown(path, account.uid, account.gid)


def authorize_root(home: str, user: str, keys: tuple[str, ...]) -> None:
    """Adds the keys for root with a command that only says who to log in as."""
    options = _ROOT_OPTIONS.format(user=user)
    _append_keys(Path(home), tuple(f"{options} {key}" for key in keys))


def _append_keys(home: Path, keys: tuple[str, ...]) -> None:
    folder = home / ".ssh"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / "authorized_keys"
    present = path.read_text(errors="replace").splitlines() if path.exists() else []
    wanted = [*present, *(key.strip() for key in keys if key.strip() not in present)]
    path.touch(mode=0o600)
    path.write_text("".join(f"{line}\n" for line in wanted))


def print_host_keys(console: Console, host_keys: list[asyncssh.SSHKey]) -> None:
    """Prints fingerprints and public keys between the marks that tools look for."""
    console.line("-----BEGIN SSH HOST KEY FINGERPRINTS-----")
    for line in _fingerprints(host_keys):
        console.line(line)
    console.line("-----END SSH HOST KEY FINGERPRINTS-----")
    console.line("-----BEGIN SSH HOST KEY KEYS-----")
    for key in host_keys:
        console.line(key.export_public_key().decode().strip())
    console.line("-----END SSH HOST KEY KEYS-----")


def _fingerprints(host_keys: list[asyncssh.SSHKey]) -> Iterator[str]:
    for key, (kind, bits) in zip(host_keys, (("ECDSA", 256), ("ED25519", 256)), strict=True):
        comment = key.get_comment() or "no comment"
        yield f"{bits} {key.get_fingerprint()} {comment} ({kind})"


def print_authorized_keys(console: Console, user: str, home: str, keys: tuple[str, ...]) -> None:
    """Prints the table of keys that may log in as the default user."""
    if not keys:
        console.line(f"ci-info: no authorized SSH keys fingerprints found for user {user}.")
        return
    heads = ("Keytype", "Fingerprint (sha256)", "Options", "Comment")
    rows = [_key_row(key) for key in keys]
    widths = [max(len(row[column]) for row in (heads, *rows)) for column in range(4)]
    rule = "+" + "+".join("-" * (width + 2) for width in widths) + "+"
    title = f"Authorized keys from {home}/.ssh/authorized_keys for user {user}"
    console.line(f"ci-info: {title:+^{len(rule)}}")
    for row in (None, heads, None, *rows, None):
        cells = (
            rule
            if row is None
            else "|"
            + "|".join(f" {cell:^{width}} " for cell, width in zip(row, widths, strict=True))
            + "|"
        )
        console.line(f"ci-info: {cells}")


def _key_row(key: str) -> tuple[str, str, str, str]:
    try:
        public = asyncssh.import_public_key(key)
    except asyncssh.KeyImportError:
        return (key.split(" ", 1)[0][:20], "not a public key", "-", "-")
    fingerprint = public.get_fingerprint("sha256").removeprefix("SHA256:")
    return (public.get_algorithm(), fingerprint, "-", public.get_comment() or "-")
