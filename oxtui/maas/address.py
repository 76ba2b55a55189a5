"""The address of a MAAS, in the forms that its users know."""

from __future__ import annotations

from urllib.parse import urlsplit

from oxtui.maas.errors import SettingError
from oxtui.service.address import is_loopback

API = "api/2.0/"
_DEFAULT_PATH = "/MAAS/"
_EXAMPLE = "http://maas.example.com:5240/MAAS"


def api_url(text: str, origin: str) -> str:
    """The root of version 2.0 of the API, with a slash at the end; `origin` tells where the text stood.

    Taken are the server alone (`http://host:5240`), the address of the web pages (`…/MAAS`, `…/MAAS/r/`)
    and that of the API itself.

    Raises:
        SettingError: it is no such address.
    """
    given = text.strip()
    try:
        parts = urlsplit(given)
        name, _ = parts.hostname, parts.port
    except ValueError as error:
        raise SettingError(f"The MAAS URL from {origin} is not valid: {error}.") from None
    if parts.username is not None or parts.password is not None:
        raise SettingError(
            f"The MAAS URL from {origin} holds a user or password, which MAAS does not use. Write it as "
            f"{_EXAMPLE}, and give the API key by OXTUI_MAAS_API_KEY."
        )
    if parts.scheme not in ("http", "https") or not name or any(map(str.isspace, given)):
        raise SettingError(f'The MAAS URL "{given}" from {origin} is none; write it as {_EXAMPLE}.')
    path = parts.path.rstrip("/") + "/"
    for ending in (f"/{API}", "/api/", "/r/"):
        path = path.removesuffix(ending[1:]) if path.endswith(ending) else path
    base = path if path != "/" else _DEFAULT_PATH
    return f"{parts.scheme}://{parts.netloc}{base}{API}"


def shows_secrets(url: str) -> bool:
    """Whether whoever is on the way can read the key: PLAINTEXT sends the secret itself."""
    return url.startswith("http://") and not is_loopback(url)


def web_url(url: str) -> str:
    """The page that lists images, for an operator, from the root of the API."""
    return f"{url.removesuffix(API)}r/images"
