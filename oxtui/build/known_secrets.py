"""Secrets that are known before a template is read."""

from __future__ import annotations

from collections.abc import Mapping

from oxtui.oxide.credentials import Connection


def known_secrets(environ: Mapping[str, str], connected: Connection | None) -> list[str]:
    """Tokens of the operator, to be hidden before anything is written."""
    secrets = [environ["OXIDE_TOKEN"]] if environ.get("OXIDE_TOKEN") else []
    if connected is not None:
        secrets.append(connected.token.reveal())
    return secrets
