"""AWS Secrets Manager, as Packer's `aws_secretsmanager` reads it, through botocore where that is installed.

botocore finds credentials and the region as all of AWS's tools do: environment, profiles, roles. It reads
the environment of the process, not one that is given.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, Final

from oxtui.template.stores.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Mapping

_SECONDS: Final = 60.0
_CONNECT: Final = 10.0


class SecretsManager:
    """Secrets of the account whose credentials AWS's tools would use."""

    seconds: Final = _SECONDS

    def __init__(self, environ: Mapping[str, str]) -> None:
        # AWS's other clients read both, and this one first; botocore reads only the other.
        self._region = environ.get("AWS_REGION") or None

    def read(self, name: str) -> str:
        """A whole secret, as text. Raises StoreError."""
        if not name:
            raise StoreError("the name of the secret is empty")
        try:
            from botocore.config import Config
            from botocore.exceptions import BotoCoreError, ClientError
            from botocore.session import Session
        except ImportError:
            raise StoreError(
                "AWS Secrets Manager is asked through botocore, which is not installed: "
                'pip install "oxtui[aws]"'
            ) from None
        where = "AWS Secrets Manager"
        limits = Config(connect_timeout=_CONNECT, read_timeout=_SECONDS)
        try:
            client = Session().create_client("secretsmanager", self._region, config=limits)
            where = f"AWS Secrets Manager at {client.meta.endpoint_url}"
            answer = client.get_secret_value(SecretId=name, VersionStage="AWSCURRENT")
        except ClientError as problem:
            told = problem.response.get("Error", {})
            said = f"{told.get('Message', 'no reason given')} ({told.get('Code', 'no code')})"
            raise StoreError(f'{where} does not give "{name}": {said}') from None
        except BotoCoreError as problem:
            raise StoreError(f'{where} cannot be asked for "{name}": {_cause(problem)}') from None
        text = answer.get("SecretString")
        if not isinstance(text, str):
            raise StoreError(f'{where} has bytes, not text, under "{name}"')
        return text


def value_of(name: str, secret: str, key: str) -> str:
    """What a secret has under a key; a secret that is not JSON is a value of its own, whatever the key.

    With an empty key a secret of one key gives that one's value. Raises StoreError.
    """
    try:
        found = json.loads(secret, parse_int=float, parse_constant=_refused)
    except (ValueError, RecursionError):
        return secret
    if found is None:
        found = {}
    if not isinstance(found, dict):
        raise StoreError(
            f'the secret "{name}" is JSON without keys; aws_secretsmanager_raw("{name}") gives its text'
        )
    if not key:
        if len(found) > 1:
            raise StoreError(f'the secret "{name}" has {len(found)} keys; say which one you mean')
        return _text(name, *next(iter(found.items()), ("", None)))
    if key not in found:
        raise StoreError(f'the secret "{name}" has no key "{key}"')
    return _text(name, key, found[key])


def _text(name: str, key: str, value: Any) -> str:
    """A text, or a number without its fraction, as Packer has it."""
    if isinstance(value, str):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return f"{value:.0f}"
    what = "nothing" if value is None else "neither text nor a number"
    raise StoreError(f'the secret "{name}" has {what} under "{key}"')


def _refused(_: str) -> float:
    """NaN and the infinities, which are not of JSON."""
    raise ValueError


def _cause(problem: Exception) -> str:
    from botocore import exceptions as e

    if isinstance(problem, e.NoRegionError):
        return "no region is set; say it in AWS_REGION"
    if isinstance(problem, e.NoCredentialsError | e.PartialCredentialsError):
        return (
            "there are no credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, "
            "or AWS_PROFILE"
        )
    return str(problem).rstrip(".")
