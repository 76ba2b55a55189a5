"""Who may call the API: device tokens and the grants that lead to them (RFC 8628)."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from oxtui.rack.store.records import Token
from oxtui.rack.timestamps import rfc3339
from oxtui.rack.web import errors

if TYPE_CHECKING:
    from oxtui.rack.store.database import Store
    from oxtui.rack.timestamps import Clock

GRANT_SECONDS = 300
MAX_TTL_SETTING = "device_token_max_ttl_seconds"
_PREFIX = "oxide-token-"
_USER_CODE_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"


@dataclass(slots=True)
class Grant:
    """A device that waits for its user to confirm; `token` is its token once that happened."""

    device_code: str = field(repr=False)
    user_code: str
    client_id: str
    ttl_seconds: int | None
    expires: datetime
    token: tuple[Token, str] | None = field(default=None, repr=False)


class Login:
    """Tokens, which last, and grants, which live in memory for five minutes."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._grants: dict[str, Grant] = {}

    def check(self, authorization: str | None) -> Token:
        """Return the token of an `Authorization` header; ApiError 401 if it opens nothing."""
        scheme, _, secret = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not secret.startswith(_PREFIX):
            raise errors.unauthorized()
        token = self._store.tokens.find(digest=_digest(secret))
        if token is None:
            raise errors.unauthorized()
        if token.time_expires is not None and token.time_expires <= rfc3339(self._clock()):
            raise errors.unauthorized()
        return token

    def issue(self, secret: str, expires: datetime | None = None) -> Token:
        """Keep a token under its secret and return it."""
        token = Token(
            id=str(uuid.uuid4()),
            digest=_digest(secret),
            time_created=rfc3339(self._clock()),
            time_expires=None if expires is None else rfc3339(expires),
        )
        self._store.tokens.insert(token)
        return token

    def request(self, client_id: str, ttl_seconds: int | None) -> Grant:
        """Begin a grant for a device."""
        self._forget_expired()
        letters = "".join(secrets.choice(_USER_CODE_LETTERS) for _ in range(8))
        grant = Grant(
            device_code=secrets.token_hex(20),
            user_code=f"{letters[:4]}-{letters[4:]}",
            client_id=client_id,
            ttl_seconds=ttl_seconds,
            expires=self._clock() + timedelta(seconds=GRANT_SECONDS),
        )
        self._grants[grant.device_code] = grant
        return grant

    def confirm(self, user_code: str, confirming: Token) -> None:
        """Let the device of a user code in; ApiError if there is none or its life is too long."""
        self._forget_expired()
        grant = next((g for g in self._grants.values() if g.user_code == user_code), None)
        if grant is None or grant.token is not None:
            raise errors.not_found_name("device-auth-request", user_code)
        expires = self._expiry(grant.ttl_seconds, confirming)
        secret = new_secret()
        grant.token = self.issue(secret, expires), secret

    def collect(self, device_code: str, client_id: str) -> tuple[Token, str] | None:
        """Return the token of a confirmed grant, once, or None while it is not confirmed."""
        grant = self._grants.get(device_code)
        if grant is None or grant.client_id != client_id or grant.token is None:
            return None
        del self._grants[device_code]
        return grant.token

    def _expiry(self, ttl_seconds: int | None, confirming: Token) -> datetime | None:
        maximum = self._store.setting(MAX_TTL_SETTING)
        if maximum is not None and ttl_seconds is not None and ttl_seconds > int(maximum):
            raise errors.invalid_request(
                f"Requested TTL {ttl_seconds} seconds exceeds maximum allowed TTL for this silo of "
                f"{maximum} seconds"
            )
        seconds = ttl_seconds if ttl_seconds is not None else maximum
        expires = None if seconds is None else self._clock() + timedelta(seconds=int(seconds))
        limit = confirming.time_expires
        if limit is not None and (expires is None or rfc3339(expires) > limit):
            if ttl_seconds is not None:
                raise errors.invalid_request(
                    "Requested token TTL would exceed this token's expiration time"
                )
            return datetime.fromisoformat(limit)
        return expires

    def _forget_expired(self) -> None:
        now = self._clock()
        self._grants = {code: g for code, g in self._grants.items() if g.expires > now}


def new_secret() -> str:
    """Return a fresh bearer token."""
    return _PREFIX + secrets.token_hex(20)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
