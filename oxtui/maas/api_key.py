"""The API key of a MAAS user, and the header that proves it: OAuth 1 with the method PLAINTEXT.

The signature is the secret itself (RFC 5849, 3.4.4), so neither the address nor the body enters it.
"""

from __future__ import annotations

import secrets
import time
from urllib.parse import quote

from oxtui.maas.errors import SettingError

MASK = "maas-api-key-…"


class ApiKey:
    """Consumer key, token key and token secret. Only the header has their text; all else shows a mask."""

    __slots__ = ("_consumer", "_secret", "_token")

    def __init__(self, consumer: str, token: str, secret: str) -> None:
        self._consumer = consumer
        self._token = token
        self._secret = secret

    @classmethod
    def parse(cls, text: str, origin: str) -> ApiKey:
        """The key from its usual form, `consumer:token:secret`; `origin` tells where it stood.

        Raises:
            SettingError: it has another form. The text is not shown.
        """
        parts = text.strip().split(":")
        if len(parts) != 3 or not all(map(_is_plain, parts)):
            raise SettingError(
                f"The MAAS API key from {origin} has not the form CONSUMER:TOKEN:SECRET. Copy it from "
                "the user's API keys in MAAS, or from `maas apikey --username USER`."
            )
        return cls(*parts)

    @property
    def secret_texts(self) -> tuple[str, ...]:
        """What must appear nowhere: the whole key, and its secret part."""
        return f"{self._consumer}:{self._token}:{self._secret}", self._secret

    def authorization(self, nonce: str | None = None, timestamp: int | None = None) -> str:
        """The value of the Authorization header; a fresh nonce and the time in Unix seconds, unless given."""
        fields = {
            "oauth_nonce": secrets.token_hex(16) if nonce is None else nonce,
            "oauth_timestamp": str(int(time.time()) if timestamp is None else timestamp),
            "oauth_version": "1.0",
            "oauth_signature_method": "PLAINTEXT",
            "oauth_consumer_key": self._consumer,
            "oauth_token": self._token,
            # An empty consumer secret, then the token's, each percent-encoded.
            "oauth_signature": f"&{_encoded(self._secret)}",
        }
        return "OAuth " + ", ".join(f'{name}="{_encoded(text)}"' for name, text in fields.items())

    def __repr__(self) -> str:
        return f"ApiKey({MASK})"

    def __str__(self) -> str:
        return MASK

    def __reduce__(self) -> str:
        raise TypeError("an API key is not to be pickled")


def _is_plain(part: str) -> bool:
    return bool(part) and all("!" <= character <= "~" for character in part)


def _encoded(text: str) -> str:
    """As RFC 5849, 3.6 wants it: all but letters, digits and four signs."""
    return quote(text, safe="-._~")
