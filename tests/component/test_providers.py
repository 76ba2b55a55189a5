"""Providers: loaded by name, with what is secret of each."""

from __future__ import annotations

import pytest

from oxtui.build.connector import ServiceConnector
from oxtui.component.providers import (
    PROVIDERS,
    UnknownProvider,
    environment_secrets,
    provider,
)
from oxtui.component.resources import RESOURCE_KINDS
from oxtui.outscale.connection import ConnectionOptions
from oxtui.outscale.errors import CredentialsError as NoKeys
from oxtui.oxide.credentials import Connection
from oxtui.oxide.credentials import ConnectionOptions as RackOptions
from oxtui.oxide.errors import CredentialsError
from oxtui.oxide.token import Token


def test_every_resource_kind_has_its_provider() -> None:
    assert {name.partition(".")[0] for name in RESOURCE_KINDS} == set(PROVIDERS)
    with pytest.raises(UnknownProvider, match='"elsewhere"'):
        provider("elsewhere")


def test_what_is_secret_of_the_environment_is_known_of_all() -> None:
    environ = {"OXIDE_TOKEN": "o", "OSC_SECRET_KEY": "s", "OUTSCALE_SECRETKEYID": "", "HOME": "/"}
    assert environment_secrets(environ) == ["o", "s"]


async def test_what_one_works_with_is_of_one_provider() -> None:
    rack = Connection("https://rack.test", Token("oxide-token-t"))
    hidden: list[str] = []
    connector = ServiceConnector({"HOME": "/nowhere"}, rack, hidden.append, lambda: 0.0)
    async with connector.client("oxide", RackOptions()) as client:
        assert client.connection.host == "https://rack.test"
    assert hidden == ["oxide-token-t"]
    with pytest.raises(NoKeys, match="OSC_ACCESS_KEY"):
        async with connector.client("outscale", ConnectionOptions()):
            pass
    with pytest.raises(CredentialsError):
        async with ServiceConnector({"HOME": "/nowhere"}, None, print, lambda: 0.0).client(
            "oxide", RackOptions()
        ):
            pass
