"""Writing the two files of the `oxide` command, so that both programs share one login.

Only what a login changes is changed: comments, unknown keys and the order of the rest stay. A file
is replaced as a whole or not at all.
"""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError

from oxtui.oxide.errors import CredentialsError
from oxtui.oxide.profiles import CONFIG, CREDENTIALS, DEFAULT_PROFILE, default_profile, profiles
from oxtui.oxide.token import Token


@dataclass(frozen=True, slots=True)
class Entry:
    """What a profile holds."""

    host: str
    token: Token
    user: str
    token_id: str | None = None
    time_expires: str | None = None


def profile_name_for(config_dir: Path, entry: Entry, silo: str) -> str:
    """The name that a login without a chosen name gets.

    A profile of the same rack and user is renewed; else it is the silo's name, with a number from
    2 on if that is taken.
    """
    known = profiles(config_dir)
    for profile in known:
        if (profile.host, profile.user) == (entry.host, entry.user):
            return profile.name
    taken = {profile.name for profile in known}
    name, number = silo, 2
    while name in taken:
        name, number = f"{silo}{number}", number + 1
    return name


def save_profile(config_dir: Path, name: str, entry: Entry) -> bool:
    """Write a profile; True if it became the default because there was none.

    Raises:
        CredentialsError: A file cannot be read or written.
    """
    path = config_dir / CREDENTIALS
    document = _read(path)
    tables = document.setdefault("profile", tomlkit.table(is_super_table=True))
    table = tables.setdefault(name, tomlkit.table()) if isinstance(tables, dict) else None
    if not isinstance(table, dict):
        raise CredentialsError(f"{path} is left as it is: `profile.{name}` is not a table in it.")
    fields = {
        "host": entry.host,
        "token": entry.token.reveal(),
        "token_id": entry.token_id,
        "user": entry.user,
        "time_expires": entry.time_expires,
    }
    for key, value in fields.items():
        if value is None:
            table.pop(key, None)
        else:
            table[key] = value
    _write(path, document, mode=0o600)
    if default_profile(config_dir) is not None:
        return False
    config = _read(config_dir / CONFIG)
    config[DEFAULT_PROFILE] = name
    _write(config_dir / CONFIG, config)
    return True


def remove_profile(config_dir: Path, name: str) -> None:
    """Forget a profile; config.toml no longer names it as default.

    Raises:
        CredentialsError: There is no such profile, or a file cannot be read or written.
    """
    path = config_dir / CREDENTIALS
    document = _read(path)
    tables = document.get("profile", {})
    if name not in tables:
        raise CredentialsError(f'There is no profile "{name}" in {path}.')
    del tables[name]
    _write(path, document, mode=0o600)
    if default_profile(config_dir) == name:
        config = _read(config_dir / CONFIG)
        del config[DEFAULT_PROFILE]
        _write(config_dir / CONFIG, config)


def _read(path: Path) -> tomlkit.TOMLDocument:
    try:
        return tomlkit.parse(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return tomlkit.document()
    except (OSError, UnicodeDecodeError, TOMLKitError) as error:
        raise CredentialsError(
            f"{path} cannot be read and is left as it is: {_why(error)}."
        ) from None


def _write(path: Path, document: tomlkit.TOMLDocument, *, mode: int | None = None) -> None:
    """Replace a file as a whole. A link is followed; `mode` None keeps the file's own."""
    target = path.resolve()
    temporary: Path | None = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=target.parent, prefix=f".{target.name}.", delete=False
        ) as file:
            temporary = Path(file.name)
            file.write(tomlkit.dumps(document))
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(mode if mode is not None else _mode_of(target))
        temporary.replace(target)
    except OSError as error:
        if temporary is not None:
            with suppress(OSError):
                temporary.unlink()
        raise CredentialsError(f"{path} cannot be written: {_why(error)}.") from None


def _mode_of(path: Path) -> int:
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        return 0o644


def _why(error: Exception) -> str:
    return str(error.strerror) if isinstance(error, OSError) else str(error)
