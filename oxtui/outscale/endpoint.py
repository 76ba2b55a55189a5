"""Where the API of a region is, and the forms in which people write that."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from oxtui.outscale.errors import CredentialsError

API_PATH = "/api/v1"
_REGION = re.compile(r"[a-z][a-z0-9-]*\Z")


def of_region(region: str, protocol: str = "https") -> str:
    """The address of a region's API.

    Raises:
        CredentialsError: It is no name of a region.
    """
    if not _REGION.match(region):
        raise CredentialsError(
            f'"{region}" is no name of a region; it looks like eu-west-2, us-east-2 or cloudgouv-eu-west-1.'
        )
    return f"{protocol}://api.{region}.outscale.com{API_PATH}"


def normalise_endpoint(text: str) -> str:
    """An endpoint that somebody wrote: https where no scheme is given, `/api/v1` where no path is.

    A path is kept, as the action is appended to it, also that of the older `outscale.com/oapi/latest`.

    Raises:
        CredentialsError: It is no http or https address.
    """
    shown = text.strip().rpartition("@")[2]  # without a password that someone put before the host
    written = text.strip()
    try:
        address = urlsplit(written if "://" in written else f"https://{written}")
        name, port = address.hostname, address.port
    except ValueError as error:
        raise CredentialsError(f'The endpoint "{shown}" is not valid: {error}.') from None
    if address.scheme not in ("http", "https") or not name or re.search(r"\s", name):
        raise CredentialsError(
            f'The endpoint "{shown}" is no http or https address; it looks like '
            f"https://api.eu-west-2.outscale.com{API_PATH}."
        )
    host = f"[{name}]" if ":" in name else name
    own = {"http": 80, "https": 443}[address.scheme]
    place = host if port in (None, own) else f"{host}:{port}"
    return f"{address.scheme}://{place}{address.path.rstrip('/') or API_PATH}"
