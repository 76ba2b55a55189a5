"""What stands below the field of the IP pool, by what pools the silo has."""

from __future__ import annotations

import pytest

from oxtui.oxide.client import OxideClient
from oxtui.oxide.credentials import Connection
from oxtui.oxide.token import Token
from screens.browse.browser import BROWSERS
from screens.browse.names import Names, Question
from screens.browse.naming import Answer
from tests.ipv6 import needs_ipv6
from tests.rack_process import rack


@pytest.mark.parametrize(
    ("pools", "told"),
    [
        ("v4", Answer("the silo's default is default")),
        pytest.param("both", Answer("the silo's default is default"), marks=needs_ipv6),
        pytest.param("v6", Answer("the silo's default is ipv6, IPv6"), marks=needs_ipv6),
        ("none", Answer("the silo has no default pool, of IPv4 or IPv6; name one", bad=True)),
    ],
)
async def test_the_default_pool_is_told(pools: str, told: Answer) -> None:
    async with rack("--seed", "empty", "--ip-pools", pools) as there:
        source = {"host": "test", "token": "test"}
        connection = Connection(there.host, Token(there.token), source=source)
        async with OxideClient(connection) as client:
            names = Names(BROWSERS["oxide"].named, client, "rack")
            assert await names.answer(Question("ip-pools", "")) == told
