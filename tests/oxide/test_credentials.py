"""Which rack is chosen, in the order of the `oxide` command, and where each value came from."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oxtui.oxide.api_version import API_VERSION
from oxtui.oxide.credentials import (
    Connection,
    ConnectionOptions,
    default_config_dir,
    permission_warning,
    profiles,
    resolve,
)
from oxtui.oxide.errors import CredentialsError
from oxtui.oxide.host import normalise_host
from oxtui.oxide.token import Token

NOTHING = ConnectionOptions()
CREDENTIALS = """
[profile.analytical]
host = "https://analytical.sys.example.com"
token = "oxide-token-a"
user = "u1"

[profile.difference]
host = "https://difference.sys.example.com/"
token = "oxide-token-d"
token_id = "t2"
user = "u2"
time_expires = "2026-12-01T00:00:00Z"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A config folder with two profiles and no default."""
    path = tmp_path / "credentials.toml"
    path.write_text(CREDENTIALS)
    path.chmod(0o600)
    return tmp_path


def default(folder: Path, name: str) -> None:
    (folder / "config.toml").write_text(f'default-profile = "{name}"\n')


def shown(connection: Connection) -> tuple[str, str, str | None]:
    return connection.host, connection.token.reveal(), connection.profile


ANALYTICAL = ("https://analytical.sys.example.com", "oxide-token-a", "analytical")
DIFFERENCE = ("https://difference.sys.example.com", "oxide-token-d", "difference")


@pytest.mark.parametrize(
    ("explicit", "environ", "wanted", "source"),
    [
        (
            ConnectionOptions(profile="difference"),
            {"OXIDE_PROFILE": "analytical"},
            DIFFERENCE,
            {"profile": "--profile", "token": "credentials.toml [profile.difference]"},
        ),
        (
            ConnectionOptions(profile="difference"),
            {"OXIDE_HOST": "https://other", "OXIDE_TOKEN": "t"},
            DIFFERENCE,
            {"host": "credentials.toml [profile.difference]"},
        ),
        (
            ConnectionOptions(host="other", token=Token("t"), source={"host": "web.pkr.hcl:3"}),
            {"OXIDE_PROFILE": "analytical"},
            ("https://other", "t", None),
            {"host": "web.pkr.hcl:3", "token": "--token"},
        ),
        (
            ConnectionOptions(host="other"),
            {"OXIDE_TOKEN": "t"},
            ("https://other", "t", None),
            {"host": "--host", "token": "OXIDE_TOKEN"},
        ),
        (
            ConnectionOptions(host="difference.sys.example.com"),
            {"OXIDE_HOST": "https://other", "OXIDE_TOKEN": "t"},
            DIFFERENCE,
            {"profile": "--host"},
        ),
        (
            ConnectionOptions(token=Token("t")),
            {"OXIDE_HOST": "other:8080"},
            ("https://other:8080", "t", None),
            {"host": "OXIDE_HOST"},
        ),
        (
            NOTHING,
            {"OXIDE_HOST": "https://other/v1", "OXIDE_TOKEN": "t"},
            ("https://other", "t", None),
            {"host": "OXIDE_HOST", "token": "OXIDE_TOKEN", "insecure": "default"},
        ),
        (
            NOTHING,
            {"OXIDE_HOST": "https://difference.sys.example.com"},
            DIFFERENCE,
            {"profile": "OXIDE_HOST"},
        ),
        (NOTHING, {"OXIDE_PROFILE": "difference"}, DIFFERENCE, {"profile": "OXIDE_PROFILE"}),
        (NOTHING, {}, ANALYTICAL, {"profile": "config.toml"}),
        (
            NOTHING,
            {"OXIDE_HOST": "", "OXIDE_TOKEN": "", "OXIDE_PROFILE": ""},
            ANALYTICAL,
            {"profile": "config.toml"},
        ),
    ],
)
def test_the_order_is_that_of_the_oxide_command(
    folder: Path,
    explicit: ConnectionOptions,
    environ: dict[str, str],
    wanted: tuple[str, str, str | None],
    source: dict[str, str],
) -> None:
    default(folder, "analytical")
    found = resolve(explicit, environ, folder)
    assert shown(found) == wanted
    assert {name: found.source[name] for name in source} == source


@pytest.mark.parametrize(
    ("explicit", "environ", "words"),
    [
        (NOTHING, {"OXIDE_HOST": "h", "OXIDE_PROFILE": "p"}, "are both set, only one may be used"),
        (
            ConnectionOptions(profile="difference"),
            {"OXIDE_HOST": "h", "OXIDE_PROFILE": "p"},
            "are both set, only one may be used",
        ),
        (NOTHING, {"OXIDE_TOKEN": "t"}, "OXIDE_TOKEN is set but OXIDE_HOST is not"),
        (NOTHING, {"OXIDE_HOST": "unknown.example"}, r"no token for https://unknown\.example"),
        (
            NOTHING,
            {"OXIDE_PROFILE": "lost"},
            r'"lost" \(OXIDE_PROFILE\) is not in .*it has analytical, difference',
        ),
        (ConnectionOptions(host="h", profile="p"), {}, "profile .* and the host .* both given"),
        (ConnectionOptions(token=Token("t"), profile="p"), {}, "and the token .* both given"),
        (ConnectionOptions(token=Token("t")), {}, "A token is given .* but no host"),
        (
            ConnectionOptions(host="other"),
            {"OXIDE_HOST": "https://mine", "OXIDE_TOKEN": "secret"},
            "no token for https://other",
        ),
        (NOTHING, {}, "No rack is chosen: .* \\(analytical, difference\\)"),
    ],
)
def test_contradictions_and_gaps_are_told(
    folder: Path, explicit: ConnectionOptions, environ: dict[str, str], words: str
) -> None:
    with pytest.raises(CredentialsError, match=words) as failure:
        resolve(explicit, environ, folder)
    assert "secret" not in str(failure.value)


def test_a_machine_without_credentials_is_told_how_to_begin(tmp_path: Path) -> None:
    with pytest.raises(CredentialsError, match="No rack is known: run `oxtui login"):
        resolve(NOTHING, {}, tmp_path / "nowhere")
    assert profiles(tmp_path / "nowhere") == []


def test_the_connected_rack_comes_after_the_environment_and_before_the_default(
    folder: Path,
) -> None:
    default(folder, "analytical")
    demo = Connection("http://127.0.0.1:1", Token("t"), source={"host": "demo"})
    found = resolve(ConnectionOptions(insecure=True), {}, folder, connected=demo)
    assert (found.host, found.source["host"], found.insecure) == (demo.host, "demo", True)
    environ = {"OXIDE_PROFILE": "difference"}
    assert shown(resolve(NOTHING, environ, folder, connected=demo)) == DIFFERENCE


def test_options_of_the_transport_are_taken_along_with_their_source(folder: Path) -> None:
    options = ConnectionOptions(
        profile="analytical",
        insecure=True,
        api_version="2026073100.0.0",
        source={"insecure": "web.pkr.hcl:9"},
    )
    found = resolve(options, {}, folder)
    assert (found.insecure, found.cacert, found.api_version) == (True, None, "2026073100.0.0")
    assert found.source["insecure"] == "web.pkr.hcl:9"
    assert found.source["api_version"] == "--api-version"
    assert found.source["cacert"] == "default"
    assert resolve(ConnectionOptions(profile="analytical"), {}, folder).api_version == API_VERSION


def test_the_environment_may_name_options_of_the_transport(folder: Path) -> None:
    environ = {
        "OXIDE_PROFILE": "analytical",
        "OXTUI_INSECURE": "true",
        "OXTUI_CACERT": "/ca.pem",
        "OXTUI_API_VERSION": "2026073100.0.0",
    }
    found = resolve(ConnectionOptions(insecure=False), environ, folder)
    assert (found.insecure, found.source["insecure"]) == (False, "--insecure")
    assert (found.cacert, found.source["cacert"]) == (Path("/ca.pem"), "OXTUI_CACERT")
    assert (found.api_version, found.source["api_version"]) == (
        "2026073100.0.0",
        "OXTUI_API_VERSION",
    )
    assert resolve(NOTHING, environ, folder).insecure is True
    assert resolve(NOTHING, {**environ, "OXTUI_INSECURE": "0"}, folder).insecure is False
    with pytest.raises(CredentialsError, match='OXTUI_INSECURE is "maybe"'):
        resolve(NOTHING, {**environ, "OXTUI_INSECURE": "maybe"}, folder)


def test_profiles_are_listed_with_the_default_marked(folder: Path) -> None:
    default(folder, "difference")
    found = profiles(folder)
    assert [(profile.name, profile.default) for profile in found] == [
        ("analytical", False),
        ("difference", True),
    ]
    assert found[1].host == "https://difference.sys.example.com"
    assert (found[1].user, found[1].token_id) == ("u2", "t2")
    assert found[1].time_expires == "2026-12-01T00:00:00Z"
    assert "oxide-token-d" not in repr(found)


def test_a_profile_that_cannot_be_used_is_listed_with_the_reason(folder: Path) -> None:
    (folder / "credentials.toml").write_text(
        '[profile.a]\nhost = "h"\n[profile.b]\ntoken = "t"\n'
        '[profile.c]\nhost = "ftp://h"\ntoken = "t"\n[profile]\nd = 1\n'
    )
    problems = {profile.name: profile.problem for profile in profiles(folder)}
    assert problems["a"] == "it has no token"
    assert problems["b"] == "it has no host"
    assert "ftp://" in str(problems["c"])
    assert problems["d"] == "it is not a table"
    with pytest.raises(CredentialsError, match="cannot be used: it has no token; run `oxtui login"):
        resolve(ConnectionOptions(profile="a"), {}, folder)


@pytest.mark.parametrize("file", ["credentials.toml", "config.toml"])
@pytest.mark.parametrize(
    ("content", "words"), [(b"= x", "is not valid TOML"), (b"\xff", "not UTF-8")]
)
def test_a_damaged_file_is_named(folder: Path, file: str, content: bytes, words: str) -> None:
    (folder / file).write_bytes(content)
    with pytest.raises(CredentialsError, match=f"{file}.*{words}"):
        resolve(NOTHING, {}, folder)


def test_a_file_that_is_no_table_of_profiles_is_told(folder: Path) -> None:
    (folder / "credentials.toml").write_text("profile = 1\n")
    with pytest.raises(CredentialsError, match="not a table of profiles"):
        profiles(folder)


def test_a_file_that_others_may_read_is_warned_about(folder: Path) -> None:
    assert permission_warning(folder) is None
    (folder / "credentials.toml").chmod(0o640)
    assert "mode 0640" in str(permission_warning(folder))
    assert "chmod 600" in str(permission_warning(folder))
    assert permission_warning(folder / "nowhere") is None


def test_the_folder_is_that_of_the_oxide_command() -> None:
    environ = {"HOME": "/home/ada", "XDG_CONFIG_HOME": "/elsewhere"}
    assert default_config_dir(environ) == Path("/home/ada/.config/oxide")


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("rack.example.com", "https://rack.example.com"),
        (" https://rack.example.com/ ", "https://rack.example.com"),
        ("HTTPS://Rack.Example.com:443/v1?x=y#z", "https://rack.example.com"),
        ("http://rack:80", "http://rack"),
        ("localhost:8080", "https://localhost:8080"),
        ("http://ada:secret@rack:8080/", "http://rack:8080"),
        ("http://[::1]:12220", "http://[::1]:12220"),
    ],
)
def test_an_address_is_brought_to_one_form(text: str, host: str) -> None:
    assert normalise_host(text) == host


@given(
    st.sampled_from(["", "http://", "https://", "HTTPS://"]),
    st.from_regex(r"[a-z][a-z0-9]{0,9}(\.[a-z]{2,4}){0,2}", fullmatch=True),
    st.sampled_from(["", ":1", ":443", ":80", ":8080"]),
    st.sampled_from(["", "/", "/v1/me", "?a=b"]),
)
def test_the_one_form_stays_as_it_is(scheme: str, name: str, port: str, rest: str) -> None:
    once = normalise_host(f"{scheme}{name}{port}{rest}")
    assert normalise_host(once) == once


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "names no host"),
        ("https://", "names no host"),
        ("my rack", "names no host"),
        ("ssh://rack", "begins with ssh://"),
        ("rack:port", "is not valid"),
        ("rack:99999", "is not valid"),
        ("https://[::1", "is not valid"),
    ],
)
def test_what_is_no_address_is_told(text: str, words: str) -> None:
    with pytest.raises(CredentialsError, match=words):
        normalise_host(text)


def test_a_password_in_an_address_is_not_repeated() -> None:
    with pytest.raises(CredentialsError) as failure:
        normalise_host("https://ada:secret@rack:port")
    assert "secret" not in str(failure.value)


def test_a_token_does_not_show_itself() -> None:
    token = Token("oxide-token-secret")
    assert "secret" not in f"{token}{token!r}{token!s}{[token]}"
    assert token == Token("oxide-token-secret")
    assert token != Token("other")
    assert len({token, Token("oxide-token-secret")}) == 1
    with pytest.raises(TypeError, match="not to be pickled"):
        pickle.dumps(token)


@pytest.mark.parametrize("text", ["", "two words", "line\n", "ümlaut", "tab\t"])
def test_a_token_that_no_header_can_hold_is_recognised(text: str) -> None:
    assert not Token(text).is_sendable()
