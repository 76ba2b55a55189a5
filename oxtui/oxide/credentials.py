"""Which rack, as whom: found in the order of the `oxide` command, each value with its source."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar

from oxtui.oxide.api_version import API_VERSION
from oxtui.oxide.errors import CredentialsError
from oxtui.oxide.host import normalise_host
from oxtui.oxide.profiles import (
    CONFIG,
    CREDENTIALS,
    Profile,
    default_config_dir,
    default_profile,
    permission_warning,
    profiles,
)
from oxtui.oxide.token import Token

__all__ = [
    "Connection",
    "ConnectionOptions",
    "Profile",
    "default_config_dir",
    "of_template",
    "permission_warning",
    "profiles",
    "resolve",
]

TRANSPORT_VARIABLES = {
    "insecure": "OXTUI_INSECURE",
    "cacert": "OXTUI_CACERT",
    "api_version": "OXTUI_API_VERSION",
}
"""Environment variables for what the `oxide` command takes only as flags."""


@dataclass(frozen=True, slots=True)
class Connection:
    """A rack and how to talk to it.

    `source` says for `host`, `token`, `profile`, `insecure`, `cacert` and `api_version` where the
    value came from, such as `OXIDE_HOST`, `credentials.toml [profile.web]`, `--profile`, `default`.
    """

    host: str
    token: Token
    profile: str | None = None
    insecure: bool = False
    cacert: Path | None = None
    api_version: str = API_VERSION
    source: Mapping[str, str] = field(default_factory=dict, hash=False)
    provider: ClassVar[str] = "oxide"

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must appear nowhere."""
        return (self.token.reveal(),)

    @property
    def variables(self) -> Mapping[str, str]:
        """Environment variables by which other programs reach it; those that are empty must not be set."""
        return {
            "OXIDE_HOST": self.host,
            "OXIDE_TOKEN": self.token.reveal(),
            "OXIDE_PROFILE": "",
        }


@dataclass(frozen=True, slots=True)
class ConnectionOptions:
    """What was asked for by name; None where nothing was.

    `source` says where each came from (such as `web.pkr.hcl:12`); the default is the flag, `--host`.
    """

    host: str | None = None
    token: Token | None = None
    profile: str | None = None
    insecure: bool | None = None
    cacert: Path | None = None
    api_version: str | None = None
    source: Mapping[str, str] = field(default_factory=dict, hash=False)

    def origin(self, field_name: str) -> str:
        """Where a value came from."""
        return self.source.get(field_name, f"--{field_name.replace('_', '-')}")


def of_template(host: str, token: str, profile: str, *, insecure: bool) -> ConnectionOptions:
    """What a template asks for by name; empty where it says nothing."""
    return ConnectionOptions(
        host=host or None,
        token=Token(token) if token else None,
        profile=profile or None,
        insecure=insecure or None,
        source=dict.fromkeys(("host", "token", "profile"), "the template"),
    )


def resolve(
    explicit: ConnectionOptions,
    environ: Mapping[str, str],
    config_dir: Path,
    *,
    connected: Connection | None = None,
) -> Connection:
    """The connection that all sources together name.

    Order: explicit host and token or explicit profile; then the environment (OXIDE_TOKEN with
    OXIDE_HOST, OXIDE_HOST alone for the profile of that host, OXIDE_PROFILE); then `connected`,
    the rack that the operator already works with, if any; then the default profile of config.toml.
    `insecure`, `cacert` and `api_version`: explicit, else OXTUI_INSECURE, OXTUI_CACERT and
    OXTUI_API_VERSION, else those of `connected`, else the defaults.

    Raises:
        CredentialsError: The sources contradict each other, or name nothing usable.
    """
    found = (
        _explicit(explicit, environ, config_dir)
        or _environment(environ, config_dir)
        or connected
        or _default(config_dir)
    )
    return _with_transport_options(found, explicit, environ)


def _explicit(
    explicit: ConnectionOptions, environ: Mapping[str, str], config_dir: Path
) -> Connection | None:
    if explicit.host is None and explicit.token is None:
        if explicit.profile is None:
            return None
        _refuse_two_racks(environ)
        return _from_profile(explicit.profile, explicit.origin("profile"), config_dir)
    if explicit.profile is not None:
        given = "host" if explicit.host is not None else "token"
        raise CredentialsError(
            f"The profile ({explicit.origin('profile')}) and the {given}"
            f" ({explicit.origin(given)}) are both given; give one of the two."
        )
    env_host = environ.get("OXIDE_HOST")
    if explicit.host is None:
        if not env_host or explicit.token is None:
            raise CredentialsError(
                f"A token is given ({explicit.origin('token')}) but no host; give the host too."
            )
        return _plain(env_host, explicit.token, "OXIDE_HOST", explicit.origin("token"))
    if explicit.token is not None:
        return _plain(
            explicit.host, explicit.token, explicit.origin("host"), explicit.origin("token")
        )
    host = normalise_host(explicit.host)
    env_token = environ.get("OXIDE_TOKEN")
    if env_token and (not env_host or normalise_host(env_host) == host):
        return _plain(host, Token(env_token), explicit.origin("host"), "OXIDE_TOKEN")
    return _of_host(host, explicit.origin("host"), config_dir)


def _environment(environ: Mapping[str, str], config_dir: Path) -> Connection | None:
    _refuse_two_racks(environ)
    host, token = environ.get("OXIDE_HOST"), environ.get("OXIDE_TOKEN")
    if token:
        if not host:
            raise CredentialsError(
                "OXIDE_TOKEN is set but OXIDE_HOST is not; set both, or name a profile."
            )
        return _plain(host, Token(token), "OXIDE_HOST", "OXIDE_TOKEN")
    if host:
        return _of_host(normalise_host(host), "OXIDE_HOST", config_dir)
    profile = environ.get("OXIDE_PROFILE")
    return _from_profile(profile, "OXIDE_PROFILE", config_dir) if profile else None


def _default(config_dir: Path) -> Connection:
    name = default_profile(config_dir)
    if name is not None:
        return _from_profile(name, CONFIG, config_dir)
    names = [profile.name for profile in profiles(config_dir)]
    if names:
        raise CredentialsError(
            f"No rack is chosen: name a profile with --profile or OXIDE_PROFILE ({', '.join(names)})"
            f" or set a default in {config_dir / CONFIG}."
        )
    raise CredentialsError(
        "No rack is known: run `oxtui login --host HOST`, or set OXIDE_HOST and OXIDE_TOKEN."
    )


def _refuse_two_racks(environ: Mapping[str, str]) -> None:
    if environ.get("OXIDE_HOST") and environ.get("OXIDE_PROFILE"):
        raise CredentialsError(
            "OXIDE_HOST and OXIDE_PROFILE are both set, only one may be used; unset one of them."
        )


def _plain(host: str, token: Token, host_source: str, token_source: str) -> Connection:
    source = {"host": host_source, "token": token_source}
    return Connection(normalise_host(host), token, source=source)


def _of_host(host: str, host_source: str, config_dir: Path) -> Connection:
    for profile in profiles(config_dir):
        if profile.host == host:
            return _of_profile(profile, host_source)
    raise CredentialsError(
        f"There is no token for {host} ({host_source}): set OXIDE_TOKEN for it, or run"
        f" `oxtui login --host {host}`."
    )


def _from_profile(name: str, name_source: str, config_dir: Path) -> Connection:
    known = {profile.name: profile for profile in profiles(config_dir)}
    profile = known.get(name)
    if profile is None:
        others = f"it has {', '.join(known)}" if known else "it has no profiles"
        raise CredentialsError(
            f'The profile "{name}" ({name_source}) is not in {config_dir / CREDENTIALS}; {others}.'
        )
    return _of_profile(profile, name_source)


def _of_profile(profile: Profile, name_source: str) -> Connection:
    if profile.token is None or profile.problem is not None:
        raise CredentialsError(
            f'The profile "{profile.name}" ({name_source}) of {CREDENTIALS} cannot be used:'
            f" {profile.problem}; run `oxtui login --profile {profile.name}`."
        )
    place = f"{CREDENTIALS} [profile.{profile.name}]"
    source = {"profile": name_source, "host": place, "token": place}
    return Connection(profile.host, profile.token, profile=profile.name, source=source)


def _with_transport_options(
    connection: Connection, explicit: ConnectionOptions, environ: Mapping[str, str]
) -> Connection:
    source = dict.fromkeys(TRANSPORT_VARIABLES, "default") | dict(connection.source)
    given: dict[str, Any] = {}
    for name, variable in TRANSPORT_VARIABLES.items():
        value = getattr(explicit, name)
        text = environ.get(variable)
        if value is not None:
            given[name], source[name] = value, explicit.origin(name)
        elif text:
            given[name], source[name] = _PARSERS[name](text), variable
    return replace(connection, source=MappingProxyType(source), **given)


def _switch(text: str) -> bool:
    if text.lower() in {"1", "true", "yes", "on"}:
        return True
    if text.lower() in {"0", "false", "no", "off"}:
        return False
    raise CredentialsError(f'OXTUI_INSECURE is "{text}"; set it to true or false.')


_PARSERS: Mapping[str, Callable[[str], object]] = {
    "insecure": _switch,
    "cacert": Path,
    "api_version": str,
}
