"""Where a MAAS is and as whom it is asked: addresses, keys, environment."""

from __future__ import annotations

import pickle

import pytest

from oxtui.maas.address import api_url
from oxtui.maas.api_key import ApiKey
from oxtui.maas.connection import resolve
from oxtui.maas.errors import SettingError
from tests.maas.server import KEY, oauth_problem


@pytest.mark.parametrize(
    "text",
    ["http://h:5240", "http://h:5240/", "http://h:5240/MAAS", " http://h:5240/MAAS/ ",
     "http://h:5240/MAAS/api/2.0", "http://h:5240/MAAS/api/2.0/", "http://h:5240/MAAS/r/",
     "http://h:5240/MAAS/r"],
)  # fmt: skip
def test_every_form_of_the_address_is_the_same(text: str) -> None:
    assert api_url(text, "here") == "http://h:5240/MAAS/api/2.0/"


def test_another_path_is_kept() -> None:
    assert api_url("https://h/x/MAAS", "here") == "https://h/x/MAAS/api/2.0/"


@pytest.mark.parametrize(
    "text", ["maas.example.com:5240", "ftp://h", "http://", "http://h:x", "http://u:pass@h/MAAS"]
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(SettingError, match="from here") as caught:
        api_url(text, "here")
    assert "pass@" not in str(caught.value)


def test_the_header_is_that_of_the_standard() -> None:
    key = ApiKey("CONSUMERKEY0000000", "TOKENKEY0000000000", "TOKENSECRET0000+/=%")
    assert key.authorization("1234567890", 1767323045) == (
        'OAuth oauth_nonce="1234567890", oauth_timestamp="1767323045", oauth_version="1.0", '
        'oauth_signature_method="PLAINTEXT", oauth_consumer_key="CONSUMERKEY0000000", '
        'oauth_token="TOKENKEY0000000000", oauth_signature="%26TOKENSECRET0000%252B%252F%253D%2525"'
    )
    assert oauth_problem(ApiKey.parse(KEY, "x").authorization()) == ""


def test_a_key_shows_nowhere() -> None:
    key = ApiKey.parse(KEY, "here")
    secret = KEY.rpartition(":")[2]
    assert secret not in f"{key} {key!r} {[key]}"
    with pytest.raises(TypeError):
        pickle.dumps(key)


@pytest.mark.parametrize("text", ["", "a:b", "a:b:c:d", "a::c", "a:b:se cret", "a:b:schlüssel"])
def test_a_wrong_key_is_refused_and_not_shown(text: str) -> None:
    with pytest.raises(SettingError, match="from here has not the form") as caught:
        ApiKey.parse(text, "here")
    assert text.rpartition(":")[2] in ("", "b", "c", "d") or text.rpartition(":")[2] not in str(
        caught.value
    )


def test_what_is_given_comes_before_the_environment() -> None:
    environ = {"OXTUI_MAAS_URL": "http://one", "MAAS_URL": "http://two", "MAAS_API_KEY": KEY}
    assert resolve("", "", environ).url == "http://one/MAAS/api/2.0/"
    assert resolve("http://three", "", environ).url == "http://three/MAAS/api/2.0/"
    with pytest.raises(SettingError, match="OXTUI_MAAS_API_KEY"):
        resolve("http://one", "", {})
    with pytest.raises(SettingError, match="OXTUI_MAAS_URL"):
        resolve("", KEY, {})


def test_an_open_way_is_warned_of() -> None:
    assert "readable" in resolve("http://maas.example", KEY, {}).warnings[0]
    assert not resolve("https://maas.example", KEY, {}).warnings
    assert not resolve("http://127.0.0.1:5240", KEY, {}).warnings
