"""The rack that a record names is found again; its token comes from where tokens are kept."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from oxtui.builders.oxide.locator import DEMO, locate
from oxtui.builders.oxide.reconnect import Reconnector
from oxtui.component.resources import ResourceRecord
from oxtui.demo import SOURCE
from oxtui.oxide.credentials import Connection
from oxtui.oxide.errors import CredentialsError
from oxtui.oxide.token import Token
from tests.builders.oxide.leftovers import record

HOST = "https://rack.test"
PROFILES = """
[profile.first]
host = "https://rack.test"
token = "first-token"
user = "u"

[profile.second]
host = "https://rack.test"
token = "second-token"
user = "u"

[profile.elsewhere]
host = "https://elsewhere.test"
token = "elsewhere-token"
user = "u"
"""


@asynccontextmanager
async def demo() -> AsyncIterator[Connection]:
    yield Connection("http://127.0.0.1:1", Token("demo-token"))


def reconnector(
    folder: Path, environ: Mapping[str, str] | None = None, profile: str = ""
) -> Reconnector:
    (folder / "credentials.toml").write_text(PROFILES)
    return Reconnector(environ or {}, folder, demo, profile)


def made(
    *, profile: str | None = None, insecure: bool = False, source: str = "OXIDE_HOST"
) -> ResourceRecord:
    used = Connection(HOST, Token("t"), profile=profile, insecure=insecure, source={"host": source})
    return record("oxide.disk", "d", locate(used, "silo", "user"))


async def connection(found: Reconnector, of: ResourceRecord) -> Connection:
    async with found(of) as client:
        return client.connection


async def test_the_profile_with_which_it_was_made(tmp_path: Path) -> None:
    there = await connection(reconnector(tmp_path), made(profile="second"))
    assert (there.profile, there.host) == ("second", HOST)


async def test_the_profile_that_the_operator_chose_for_that_rack(tmp_path: Path) -> None:
    there = await connection(reconnector(tmp_path, profile="second"), made(profile="first"))
    assert there.profile == "second"


async def test_a_profile_of_another_rack_is_not_used_for_this_one(tmp_path: Path) -> None:
    there = await connection(reconnector(tmp_path, profile="elsewhere"), made())
    assert there.profile == "first"


async def test_the_environment_where_it_names_that_rack(tmp_path: Path) -> None:
    environ = {"OXIDE_HOST": HOST, "OXIDE_TOKEN": "env-token"}
    there = await connection(reconnector(tmp_path, environ), made())
    assert there.token.reveal() == "env-token"
    elsewhere = {"OXIDE_HOST": "https://elsewhere.test", "OXIDE_TOKEN": "env-token"}
    there = await connection(reconnector(tmp_path, elsewhere), made())
    assert there.token.reveal() == "first-token"


async def test_the_demo_rack_is_run_again(tmp_path: Path) -> None:
    there = await connection(reconnector(tmp_path), made(source=SOURCE))
    assert there.host == "http://127.0.0.1:1"
    assert SOURCE == DEMO


async def test_how_its_certificate_was_checked(tmp_path: Path) -> None:
    there = await connection(reconnector(tmp_path), made(insecure=True))
    assert there.insecure


async def test_without_a_token_the_next_step_is_told(tmp_path: Path) -> None:
    found = Reconnector({}, tmp_path, demo)
    with pytest.raises(CredentialsError, match=r"There is no token for https://rack\.test"):
        await connection(found, made())
    with pytest.raises(CredentialsError, match='no profile "nobody"'):
        await connection(Reconnector({}, tmp_path, demo, "nobody"), made())
    with pytest.raises(CredentialsError, match="does not tell on which rack"):
        await connection(found, record("oxide.disk", "d", {}))
