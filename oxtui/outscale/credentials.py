"""Which account of which region: each value from the first source that has it.

The order is that of Outscale's own tools where they agree: what a template says, the profile that is
named, `OSC_*`, the older `OUTSCALE_*`, the default profile of the file. A VM's metadata is no source:
Outscale's metadata service describes the VM and its tags, and serves no keys of a role (user guide,
"Accessing the Metadata and User Data of a VM"; the API of version 1.42 has no call that links a role to
a VM either), though older documentation of the builders names such a thing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from oxtui.outscale.connection import (
    DEFAULT_REGION,
    ClientCertificate,
    Connection,
    ConnectionOptions,
)
from oxtui.outscale.endpoint import normalise_endpoint, of_region
from oxtui.outscale.errors import CredentialsError
from oxtui.outscale.profiles import DEFAULT_PROFILE, config_file, profile_fields, profiles
from oxtui.outscale.secret import Secret

_VARIABLES = {
    "access_key": ("OSC_ACCESS_KEY", "OUTSCALE_ACCESSKEYID"),
    "secret_key": ("OSC_SECRET_KEY", "OUTSCALE_SECRETKEYID"),
    "region": ("OSC_REGION", "OUTSCALE_REGION"),
    "protocol": ("OSC_PROTOCOL", ""),
    "endpoint": ("OSC_ENDPOINT_API", "OUTSCALE_OAPI_URL"),
    "certificate": ("OSC_X509_CLIENT_CERT", "OUTSCALE_X509CERT"),
    "certificate_key": ("OSC_X509_CLIENT_KEY", "OUTSCALE_X509KEY"),
    "certificate_content": ("OSC_X509_CLIENT_CERT_B64", ""),
    "key_content": ("OSC_X509_CLIENT_KEY_B64", ""),
    "insecure": ("OSC_TLS_SKIP_VERIFY", ""),
}
"""Environment variables of each value: today's, and the older one."""
SECRET_VARIABLES = ("OSC_SECRET_KEY", "OUTSCALE_SECRETKEYID", "OSC_PASSWORD", "OSC_SECRET_KEY_V2",
                    "OSC_X509_CLIENT_KEY_B64")  # fmt: skip
"""Those whose values must appear nowhere."""
_TOGETHER = (("access_key", "secret_key"), ("certificate", "certificate_key"),
             ("certificate_content", "key_content"))  # fmt: skip
"""What a source gives as a pair, or not at all."""

Found = dict[str, tuple[str, str]]
"""Value and source by name."""


def resolve(explicit: ConnectionOptions, environ: Mapping[str, str]) -> Connection:
    """The connection that all sources together name. Reads the profile file.

    Raises:
        CredentialsError: There are no keys, half a pair, or a profile that is not there.
    """
    file = config_file(environ)
    found: Found = {}
    named = _named(explicit, environ, file)
    for source in (
        _explicit(explicit),
        named,
        _environment(environ, 0),
        _environment(environ, 1),
        # An endpoint of one profile would get the keys of another.
        {} if named else _default(file),
    ):
        _add(found, source)
    if "access_key" not in found:
        raise CredentialsError(
            f"No Outscale keys are known: set OSC_ACCESS_KEY and OSC_SECRET_KEY, name a profile of {file}, "
            "or write access_key and secret_key. (A VM's metadata serves no keys on Outscale.)"
        )
    return _connection(found, explicit)


def _connection(found: Found, explicit: ConnectionOptions) -> Connection:
    values = {name: value for name, (value, _) in found.items()}
    if not re.fullmatch(r"[A-Za-z0-9_-]+", values["access_key"]):
        raise CredentialsError(
            f"The access key ({found['access_key'][1]}) has blanks or letters that no access key has."
        )
    region = values.get("region", DEFAULT_REGION)
    if "endpoint" in values:
        endpoint = normalise_endpoint(values["endpoint"])
    else:
        endpoint = of_region(region, values.get("protocol", "https"))
    source = {"region": "default", "endpoint": "region"}
    source |= {name: origin for name, (_, origin) in found.items()}
    return Connection(
        endpoint=endpoint,
        region=region,
        access_key=values["access_key"],
        secret_key=Secret(values["secret_key"]),
        profile=values.get("profile", ""),
        insecure=explicit.insecure or _switch(*found.get("insecure", ("", ""))),
        certificate=ClientCertificate(
            values.get("certificate", ""), values.get("certificate_key", ""),
            values.get("certificate_content", ""), values.get("key_content", ""),
        ),
        source=MappingProxyType(source),
    )  # fmt: skip


def _add(found: Found, source: Found) -> None:
    """Fills in what is not known yet; keys of two sources are never mixed.

    Raises:
        CredentialsError: a source gives half a pair that is needed.
    """
    for first, second in _TOGETHER:
        if first in found or second in found:
            source.pop(first, None)
            source.pop(second, None)
        elif (first in source) != (second in source):
            given = source.get(first) or source[second]
            missing = second if first in source else first
            raise CredentialsError(
                f"{given[1]} gives no {missing} beside it; give both or neither."
            )
    for name, value in source.items():
        found.setdefault(name, value)


def _explicit(explicit: ConnectionOptions) -> Found:
    given = {
        "access_key": explicit.access_key,
        "secret_key": explicit.secret_key.reveal() if explicit.secret_key else "",
        "region": explicit.region,
        "endpoint": explicit.endpoint,
        "certificate": explicit.certificate,
        "certificate_key": explicit.certificate_key,
    }
    return {name: (text, explicit.origin) for name, text in given.items() if text}


def _named(explicit: ConnectionOptions, environ: Mapping[str, str], file: Path) -> Found:
    name = explicit.profile or environ.get("OSC_PROFILE", "")
    if not name:
        return {}
    known = profiles(file)
    if name not in known:
        origin = explicit.origin if explicit.profile else "OSC_PROFILE"
        others = f"it has {', '.join(known)}" if known else "it has no profiles"
        raise CredentialsError(f'The profile "{name}" ({origin}) is not in {file}; {others}.')
    return _of_profile(name, known)


def _default(file: Path) -> Found:
    known = profiles(file)
    return _of_profile(DEFAULT_PROFILE, known) if DEFAULT_PROFILE in known else {}


def _of_profile(name: str, known: Mapping[str, Mapping[str, object]]) -> Found:
    place = f'profile "{name}"'
    fields = profile_fields(known[name])
    return {"profile": (name, place)} | {key: (text, place) for key, text in fields.items()}


def _environment(environ: Mapping[str, str], age: int) -> Found:
    names = {field: variables[age] for field, variables in _VARIABLES.items() if variables[age]}
    return {field: (environ[name], name) for field, name in names.items() if environ.get(name)}


def _switch(text: str, origin: str) -> bool:
    if text.lower() in {"1", "true", "yes", "on"}:
        return True
    if text.lower() in {"", "0", "false", "no", "off"}:
        return False
    raise CredentialsError(f'{origin} is "{text}"; set it to true or false.')
