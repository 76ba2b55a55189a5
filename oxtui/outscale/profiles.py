"""The profiles that Outscale's own tools keep: `~/.osc/config.json`, an object of objects."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from oxtui.outscale.errors import CredentialsError

DEFAULT_PROFILE = "default"


def config_file(environ: Mapping[str, str]) -> Path:
    """The file: OSC_CONFIG_FILE, else that in the home folder."""
    if named := environ.get("OSC_CONFIG_FILE"):
        return Path(named).expanduser()
    home = environ.get("HOME")
    return (Path(home) if home else Path.home()) / ".osc" / "config.json"


def profiles(file: Path) -> dict[str, dict[str, Any]]:
    """All profiles in the order of the file; none if there is no file.

    Raises:
        CredentialsError: It cannot be read, or is no object of objects.
    """
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise CredentialsError(f"{file} cannot be read: {error.strerror}.") from None
    except (ValueError, RecursionError):
        # Without the chain: an error of the JSON reader holds the whole text, and so the keys.
        raise CredentialsError(f"{file} is not valid JSON. Correct it.") from None
    if not isinstance(found, dict) or not all(isinstance(each, dict) for each in found.values()):
        raise CredentialsError(f"{file} is no JSON object of profiles. Correct it.")
    return found


def profile_fields(profile: Mapping[str, Any]) -> dict[str, str]:
    """The fields of a profile by our names; what it does not have is left out."""
    endpoints = profile.get("endpoints")
    found = {
        "access_key": profile.get("access_key"),
        "secret_key": profile.get("secret_key"),
        "region": profile.get("region") or profile.get("region_name"),
        "protocol": profile.get("protocol"),
        "endpoint": endpoints.get("api") if isinstance(endpoints, dict) else None,
        "certificate": profile.get("x509_client_cert"),
        "certificate_key": profile.get("x509_client_key"),
        "certificate_content": profile.get("x509_client_cert_b64"),
        "key_content": profile.get("x509_client_key_b64"),
        "insecure": "true" if profile.get("tls_skip_verify") is True else None,
    }
    return {name: text for name, text in found.items() if isinstance(text, str) and text}
