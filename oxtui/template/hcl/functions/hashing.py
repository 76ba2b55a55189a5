"""Functions that make digests, identifiers, and undo RSA."""

from __future__ import annotations

import base64
import binascii
import hashlib
import uuid
from typing import TYPE_CHECKING, Final

from oxtui.template.hcl.functions.spec import ArgumentError, CallError, Function, Parameter
from oxtui.template.hcl.values.types import NUMBER, STRING
from oxtui.template.hcl.values.value import string

if TYPE_CHECKING:
    from collections.abc import Sequence

    from oxtui.template.hcl.values.value import Value

_STR = Parameter("str", STRING)
_BCRYPT_LIMIT = 72
"""Bytes of a password; what is behind them would not count."""
_COST, _LEAST, _MOST, _BEARABLE = 10, 4, 31, 16
"""Costs of bcrypt: the usual one, the bounds of the algorithm, and one of a few seconds."""
_NAMESPACES = {
    "dns": uuid.NAMESPACE_DNS,
    "url": uuid.NAMESPACE_URL,
    "oid": uuid.NAMESPACE_OID,
    "x500": uuid.NAMESPACE_X500,
}


def _digest(name: str) -> Function:
    def implementation(arguments: Sequence[Value]) -> Value:
        return string(
            hashlib.new(name, arguments[0].text.encode(), usedforsecurity=False).hexdigest()
        )

    return Function(name, (_STR,), implementation, returns=STRING)


def _uuidv4(_: Sequence[Value]) -> Value:
    return string(str(uuid.uuid4()))


def _uuidv5(arguments: Sequence[Value]) -> Value:
    name = arguments[0].text
    namespace = _NAMESPACES.get(name)
    if namespace is None:
        try:
            namespace = uuid.UUID(name)
        except ValueError:
            detail = 'a namespace is "dns", "url", "oid", "x500" or a UUID'
            raise ArgumentError(0, detail) from None
    return string(str(uuid.uuid5(namespace, arguments[1].text)))


def _rsadecrypt(arguments: Sequence[Value]) -> Value:
    from cryptography.hazmat.primitives.asymmetric import padding
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        secret = base64.b64decode(arguments[0].text, validate=True)
    except (binascii.Error, ValueError):
        raise ArgumentError(0, "the ciphertext must be base64") from None
    try:
        key = load_pem_private_key(arguments[1].text.encode(), password=None)
    except (ValueError, TypeError):
        raise ArgumentError(
            1, "an RSA private key in PEM format, without a password, is required"
        ) from None
    if not isinstance(key, RSAPrivateKey):
        raise ArgumentError(1, "the key is not an RSA key")
    try:
        return string(key.decrypt(secret, padding.PKCS1v15()).decode())
    except (ValueError, UnicodeDecodeError):
        raise CallError("failed to decrypt: the key does not fit, or the text is damaged") from None


def _bcrypt(arguments: Sequence[Value]) -> Value:
    """A hash as Go's library makes it: a cost below the least is the usual one."""
    if len(arguments) > 2:
        raise CallError("it takes a text and a cost, and nothing else")
    password = arguments[0].text.encode()
    cost = _cost(arguments[1]) if len(arguments) > 1 else _COST
    if len(password) > _BCRYPT_LIMIT:
        raise CallError(f"a password has at most {_BCRYPT_LIMIT} bytes, not {len(password)}")
    if cost < _LEAST:
        cost = _COST
    if cost > _MOST:
        raise CallError(f"the cost is a number from {_LEAST} to {_MOST}")
    if cost > _BEARABLE:
        # Each step doubles the time, which nothing can cut short: 31 takes days.
        raise CallError(f"a cost over {_BEARABLE} takes too long here; 10 to 14 is usual")
    import bcrypt

    return string(bcrypt.hashpw(password, bcrypt.gensalt(cost, b"2a")).decode())


def _cost(given: Value) -> int:
    if given.number.infinity or not given.number.is_integer:
        raise CallError("the cost is a whole number")
    return given.number.truncated()


FUNCTIONS: Final = (
    _digest("md5"),
    _digest("sha1"),
    _digest("sha256"),
    _digest("sha512"),
    Function("bcrypt", (_STR,), _bcrypt, rest=Parameter("cost", NUMBER), returns=STRING),
    Function("uuidv4", (), _uuidv4, returns=STRING),
    Function(
        "uuidv5",
        (Parameter("namespace", STRING), Parameter("name", STRING)),
        _uuidv5,
        returns=STRING,
    ),
    Function(
        "rsadecrypt",
        (Parameter("ciphertext", STRING), Parameter("privatekey", STRING)),
        _rsadecrypt,
        returns=STRING,
    ),
)
