"""Secrets that are known before a template is read."""

from __future__ import annotations

from collections.abc import Mapping

from oxtui.component.providers import Place, environment_secrets


def known_secrets(environ: Mapping[str, str], connected: Place | None) -> list[str]:
    """Tokens and keys of the operator, to be hidden before anything is written."""
    return [*environment_secrets(environ), *(connected.secrets if connected is not None else ())]
