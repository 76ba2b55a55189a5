"""Which MAAS, and as whom: what was given explicitly, then the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from oxtui.maas.address import api_url, shows_secrets
from oxtui.maas.api_key import ApiKey
from oxtui.maas.errors import SettingError

URL_NAMES = ("OXTUI_MAAS_URL", "MAAS_URL")
KEY_NAMES = ("OXTUI_MAAS_API_KEY", "MAAS_API_KEY")


@dataclass(frozen=True, slots=True)
class Connection:
    """A MAAS and a user of it."""

    url: str
    """Root of the API, with a slash at the end."""
    key: ApiKey
    insecure: bool = False
    """Certificates are not checked."""
    cacert: Path | None = None
    """PEM file of a further authority."""

    @property
    def warnings(self) -> tuple[str, ...]:
        """What an operator should know of it, as sentences."""
        if not shows_secrets(self.url):
            return ()
        return (
            f"{self.url} is not encrypted, so the API key crosses the network readable. Use MAAS over "
            "https where others share the way.",
        )


def resolve(
    url: str,
    key: str,
    environ: Mapping[str, str],
    *,
    insecure: bool = False,
    cacert: Path | None = None,
    named: tuple[str, str] = ("maas_url", "api_key"),
) -> Connection:
    """The connection that options and environment name.

    Args:
        url: explicitly given, or empty.
        key: explicitly given, or empty.
        environ: the environment.
        insecure: do not check certificates.
        cacert: PEM file of a further authority.
        named: what the two are called where they are given.

    Raises:
        SettingError: one of them is missing or cannot be used.
    """
    where, origin = _first(url, named[0], URL_NAMES, environ)
    if not where:
        raise SettingError(
            f"No MAAS is named. Give {named[0]} or {URL_NAMES[0]}, such as "
            "http://maas.example.com:5240/MAAS."
        )
    text, key_origin = _first(key, named[1], KEY_NAMES, environ)
    if not text:
        raise SettingError(
            f"There is no MAAS API key. Give it by {KEY_NAMES[0]} or {named[1]}; MAAS shows it in the "
            "user's preferences, and `maas apikey --username USER` prints it."
        )
    return Connection(api_url(where, origin), ApiKey.parse(text, key_origin), insecure, cacert)


def _first(
    given: str, name: str, variables: tuple[str, ...], environ: Mapping[str, str]
) -> tuple[str, str]:
    if given:
        return given, name
    return next(((environ[each], each) for each in variables if environ.get(each)), ("", ""))
