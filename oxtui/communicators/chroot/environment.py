"""What programs in the root find in their environment: what a login there would have, and nothing of this user's."""

from __future__ import annotations

from collections.abc import Mapping

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
LOGIN = {"HOME": "/root", "LOGNAME": "root", "PATH": PATH, "SHELL": "/bin/sh", "USER": "root"}
"""A root need not have the shell that this user has."""
_PROXIES = ("http_proxy", "https_proxy", "ftp_proxy", "all_proxy", "no_proxy")


def inside(environ: Mapping[str, str]) -> dict[str, str]:
    """For programs of the root; `environ` is this machine's, of which only the way to the network is kept."""
    kept = {name: value for name, value in environ.items() if name.lower() in _PROXIES}
    # What runs chroot itself may lie elsewhere, such as the program that a wrapper names.
    return {**kept, **LOGIN, "PATH": _joined(PATH, environ.get("PATH", ""))}


def outside(environ: Mapping[str, str]) -> dict[str, str]:
    """For programs of this machine: `environ`, in whose path those of the administrator need not be."""
    return {**environ, "PATH": _joined(environ.get("PATH", ""), PATH)}


def _joined(*paths: str) -> str:
    folders = (folder for path in paths for folder in path.split(":"))
    return ":".join(filter(None, dict.fromkeys(folders)))


def exported() -> str:
    """Tells a shell in the root so once more: sudo sets most of it anew."""
    return " ".join(f"{name}={value}" for name, value in LOGIN.items())
