"""The profiles that the `oxide` command keeps: credentials.toml and config.toml.

Both lie in `$HOME/.config/oxide` on every system; XDG is not consulted, as in the official SDKs.
"""

from __future__ import annotations

import stat
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oxtui.oxide.errors import CredentialsError
from oxtui.oxide.host import normalise_host
from oxtui.oxide.token import Token

if TYPE_CHECKING:
    from collections.abc import Mapping

CREDENTIALS = "credentials.toml"
CONFIG = "config.toml"
DEFAULT_PROFILE = "default-profile"


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile of credentials.toml.

    `problem` says why it cannot be used (then host or token is missing); otherwise it is None.
    `time_expires` is the text of the file.
    """

    name: str
    host: str
    token: Token | None
    default: bool
    user: str | None = None
    token_id: str | None = None
    time_expires: str | None = None
    problem: str | None = None


def default_config_dir(environ: Mapping[str, str]) -> Path:
    """Where the `oxide` command keeps its files."""
    home = environ.get("HOME")
    return (Path(home) if home else Path.home()) / ".config" / "oxide"


def profiles(config_dir: Path) -> list[Profile]:
    """All profiles in the order of the file; none if there is no file.

    Raises:
        CredentialsError: A file cannot be read, or is not TOML.
    """
    tables = _read(config_dir / CREDENTIALS).get("profile", {})
    if not isinstance(tables, dict):
        raise CredentialsError(f"{config_dir / CREDENTIALS}: `profile` is not a table of profiles.")
    default = default_profile(config_dir)
    return [_profile(name, table, name == default) for name, table in tables.items()]


def default_profile(config_dir: Path) -> str | None:
    """The name that config.toml gives as default, whether or not such a profile exists."""
    name = _read(config_dir / CONFIG).get(DEFAULT_PROFILE)
    return name if isinstance(name, str) and name else None


def permission_warning(config_dir: Path) -> str | None:
    """A sentence when others may read the tokens, with the command that ends it."""
    path = config_dir / CREDENTIALS
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except OSError:
        return None
    if not mode & 0o077:
        return None
    return f"Others can read the tokens in {path} (mode {mode:04o}): run `chmod 600 {path}`."


def _profile(name: str, table: Any, default: bool) -> Profile:
    if not isinstance(table, dict):
        return Profile(name, "", None, default, problem="it is not a table")
    host, token = _text(table, "host"), _text(table, "token")
    problem = None
    try:
        host = normalise_host(host) if host else ""
    except CredentialsError as error:
        problem = str(error)
    if not host or not token:
        problem = f"it has no {'token' if host else 'host'}"
    return Profile(
        name=name,
        host=host or "",
        token=Token(token) if token else None,
        default=default,
        user=_text(table, "user"),
        token_id=_text(table, "token_id"),
        time_expires=None if table.get("time_expires") is None else str(table["time_expires"]),
        problem=problem,
    )


def _text(table: Mapping[str, Any], key: str) -> str | None:
    value = table.get(key)
    return value if isinstance(value, str) else None


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise CredentialsError(f"{path} cannot be read: {reason}.") from None
    except tomllib.TOMLDecodeError as error:
        raise CredentialsError(f"{path} is not valid TOML: {error}.") from None
