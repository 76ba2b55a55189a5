"""Which account a build goes to where the operator works with one already."""

from __future__ import annotations

import pytest

from oxtui.builders.outscale.provider import OutscaleProvider
from oxtui.outscale.connection import Connection, ConnectionOptions
from oxtui.outscale.errors import CredentialsError
from oxtui.outscale.secret import Secret

HERE = Connection("https://here.example.com/api/v1", "eu-west-2", "AKHERE", Secret("here"))
ENVIRONMENT = {"OSC_ACCESS_KEY": "AKENV", "OSC_SECRET_KEY": "env", "HOME": "/nonexistent"}


def resolved(explicit: ConnectionOptions, connected: Connection | None = HERE) -> Connection:
    return OutscaleProvider().resolve(explicit, ENVIRONMENT, connected)


@pytest.mark.parametrize("region", ["", "eu-west-2"])
def test_the_connected_account_goes_before_the_environment(region: str) -> None:
    assert resolved(ConnectionOptions(region=region)) == HERE
    assert resolved(ConnectionOptions(region=region), None).access_key == "AKENV"


def test_another_region_is_one_of_the_same_account() -> None:
    found = resolved(ConnectionOptions(region="us-east-2", insecure=True))
    assert (found.access_key, found.region, found.insecure) == ("AKHERE", "us-east-2", True)
    assert found.endpoint == "https://api.us-east-2.outscale.com/api/v1"


def test_what_the_template_names_goes_first() -> None:
    keys = ConnectionOptions(access_key="AKTEXT", secret_key=Secret("text"))
    assert resolved(keys).access_key == "AKTEXT"
    elsewhere = resolved(ConnectionOptions(endpoint="https://there.example.com"))
    assert (elsewhere.access_key, elsewhere.host) == ("AKENV", "https://there.example.com/api/v1")
    with pytest.raises(CredentialsError, match="nowhere"):
        resolved(ConnectionOptions(profile="nowhere"))
