"""Which account and which endpoint: the order of sources, each value with where it came from."""

from __future__ import annotations

import base64
import json
import pickle
import ssl
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oxtui.outscale.connection import ClientCertificate, Connection, ConnectionOptions
from oxtui.outscale.credentials import resolve
from oxtui.outscale.endpoint import normalise_endpoint
from oxtui.outscale.errors import CredentialsError
from oxtui.outscale.secret import Secret
from oxtui.outscale.tls import tls_context
from tests.outscale.rig import connection

PROFILES = {
    "default": {"access_key": "AKDEFAULT", "secret_key": "default-secret", "region": "us-east-2"},
    "work": {
        "access_key": "AKWORK", "secret_key": "work-secret", "region": "cloudgouv-eu-west-1",
        "endpoints": {"api": "https://work.example.com"}, "tls_skip_verify": True,
    },
    "half": {"access_key": "AKHALF"},
}  # fmt: skip
NEW = {"OSC_ACCESS_KEY": "AKNEW", "OSC_SECRET_KEY": "new-secret"}
OLD = {
    "OUTSCALE_ACCESSKEYID": "AKOLD",
    "OUTSCALE_SECRETKEYID": "old",
    "OUTSCALE_REGION": "us-west-1",
}
BLOCK = ConnectionOptions(access_key="AKBLOCK", secret_key=Secret("block-secret"))


@pytest.fixture
def known(tmp_path: Path) -> dict[str, str]:
    """An environment whose home has profiles."""
    (tmp_path / ".osc").mkdir()
    (tmp_path / ".osc" / "config.json").write_text(json.dumps(PROFILES))
    return {"HOME": str(tmp_path)}


def shown(found: Connection) -> tuple[str, str, str]:
    return found.access_key, found.secret_key.reveal(), found.region


def test_the_first_source_that_has_a_value_gives_it(known: dict[str, str]) -> None:
    everything = known | NEW | OLD
    named = ConnectionOptions(profile="work")
    assert shown(resolve(BLOCK, everything)) == ("AKBLOCK", "block-secret", "us-west-1")
    assert shown(resolve(named, everything)) == ("AKWORK", "work-secret", "cloudgouv-eu-west-1")
    assert shown(resolve(ConnectionOptions(), everything)) == ("AKNEW", "new-secret", "us-west-1")
    assert shown(resolve(ConnectionOptions(), known | OLD)) == ("AKOLD", "old", "us-west-1")
    assert shown(resolve(ConnectionOptions(), known)) == (
        "AKDEFAULT",
        "default-secret",
        "us-east-2",
    )
    assert shown(resolve(ConnectionOptions(), known | {"OSC_PROFILE": "work"}))[0] == "AKWORK"


def test_each_value_tells_where_it_came_from(known: dict[str, str]) -> None:
    found = resolve(ConnectionOptions(region="us-west-1"), known | NEW)
    assert found.source["access_key"] == "OSC_ACCESS_KEY"
    assert found.source["region"] == "template"
    work = resolve(ConnectionOptions(profile="work"), known)
    assert work.source["endpoint"] == 'profile "work"'
    assert (work.endpoint, work.insecure) == ("https://work.example.com/api/v1", True)


def test_without_keys_the_ways_to_give_them_are_told(tmp_path: Path) -> None:
    with pytest.raises(CredentialsError, match=r"OSC_ACCESS_KEY.*metadata serves no keys"):
        resolve(ConnectionOptions(), {"HOME": str(tmp_path)})


@pytest.mark.parametrize(
    ("asked", "environ", "told"),
    [
        (ConnectionOptions(access_key="A"), {}, "template gives no secret_key"),
        (ConnectionOptions(), {"OSC_SECRET_KEY": "s"}, "OSC_SECRET_KEY gives no access_key"),
        (ConnectionOptions(profile="half"), {}, 'profile "half" gives no secret_key'),
        (ConnectionOptions(profile="none"), {}, r'"none" \(template\) is not in .*default, work'),
        (BLOCK, {"OSC_REGION": "no such/region"}, "is no name of a region"),
        (BLOCK, {"OSC_TLS_SKIP_VERIFY": "perhaps"}, "OSC_TLS_SKIP_VERIFY"),
        (BLOCK, {"OSC_X509_CLIENT_CERT": "c.pem"}, "OSC_X509_CLIENT_CERT gives no certificate_key"),
    ],
)
def test_what_cannot_be_used_is_told(
    known: dict[str, str], asked: ConnectionOptions, environ: dict[str, str], told: str
) -> None:
    with pytest.raises(CredentialsError, match=told):
        resolve(asked, known | environ)


@pytest.mark.parametrize("text", ["{", '{"default": "secret-text"}', "[]", "\udcff"])
def test_a_broken_file_is_told_without_its_text(tmp_path: Path, text: str) -> None:
    file = tmp_path / "osc.json"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(CredentialsError, match=r"osc\.json is") as caught:
        resolve(ConnectionOptions(), {"OSC_CONFIG_FILE": str(file)})
    assert "secret-text" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("outscale.com/oapi/latest", "https://outscale.com/oapi/latest"),
        ("api.x.outscale.com/api/v1", "https://api.x.outscale.com/api/v1"),
        ("api.x.outscale.com", "https://api.x.outscale.com/api/v1"),
        ("http://127.0.0.1:8443/", "http://127.0.0.1:8443/api/v1"),
        ("https://API.x.com:443/api/v1/", "https://api.x.com/api/v1"),
        ("user:pw@[::1]:80/x?y#z", "https://[::1]:80/x"),
    ],
)
def test_endpoints_are_read_in_all_their_forms(written: str, meant: str) -> None:
    assert normalise_endpoint(written) == meant
    assert normalise_endpoint(meant) == meant


@given(st.text(max_size=40))
def test_no_endpoint_makes_it_fail_otherwise(text: str) -> None:
    try:
        found = normalise_endpoint(text)
    except CredentialsError:
        return
    assert normalise_endpoint(found) == found


def test_a_secret_shows_itself_nowhere(known: dict[str, str]) -> None:
    found = resolve(BLOCK, known)
    assert "block-secret" not in f"{found!r} {found.secret_key} {BLOCK!r}"
    with pytest.raises(TypeError):
        pickle.dumps(found.secret_key)


def with_certificate(certificate: ClientCertificate) -> Connection:
    plain = connection()
    return Connection(
        plain.endpoint, plain.region, plain.access_key, plain.secret_key, certificate=certificate
    )


def test_a_client_certificate_is_taken_as_files_and_as_content(tmp_path: Path) -> None:
    from tests.outscale.certificates import self_signed

    certificate, key = self_signed()
    files = tmp_path / "c.pem", tmp_path / "k.pem"
    files[0].write_bytes(certificate)
    files[1].write_bytes(key)
    as_files = ClientCertificate(str(files[0]), str(files[1]))
    content = [base64.b64encode(each).decode() for each in (certificate, key)]
    as_content = ClientCertificate(certificate_content=content[0], key_content=content[1])
    for each in (as_files, as_content):
        context = tls_context(with_certificate(each))
        assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
    for wrong in (
        ClientCertificate(str(files[1]), str(files[0])),
        ClientCertificate(str(tmp_path / "none"), str(files[1])),
        ClientCertificate(certificate_content="no base64!", key_content=content[1]),
        ClientCertificate(certificate_content=content[1], key_content=content[0]),
    ):
        with pytest.raises(CredentialsError, match="client certificate"):
            tls_context(with_certificate(wrong))
