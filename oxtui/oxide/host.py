"""The address of a rack, in the one form that everything compares."""

from __future__ import annotations

from urllib.parse import urlsplit

from oxtui.oxide.errors import CredentialsError

_DEFAULT_PORTS = {"http": 80, "https": 443}


def normalise_host(text: str) -> str:
    """Scheme, host name and port of a rack, without a slash at the end.

    No scheme means https; user, path, query and fragment are dropped, as the `oxide` command does;
    `localhost:8080` is a host and a port.

    Raises:
        CredentialsError: It is no http or https address.
    """
    text = text.strip()
    shown = text.rpartition("@")[2]  # without a password that someone put before the host
    try:
        address = urlsplit(text if "://" in text else f"https://{text}")
        name, port = address.hostname, address.port
    except ValueError as error:
        raise CredentialsError(f'The rack\'s address "{shown}" is not valid: {error}.') from None
    if address.scheme not in _DEFAULT_PORTS:
        raise CredentialsError(
            f'The rack\'s address "{shown}" begins with {address.scheme}://; a rack speaks https'
            " (or http)."
        )
    if not name or any(character.isspace() for character in name):
        raise CredentialsError(
            f'The rack\'s address "{shown}" names no host; it looks like'
            " https://my-silo.sys.example.com."
        )
    if ":" in name:
        name = f"[{name}]"
    if port is None or port == _DEFAULT_PORTS[address.scheme]:
        return f"{address.scheme}://{name}"
    return f"{address.scheme}://{name}:{port}"
