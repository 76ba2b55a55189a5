"""The metadata service of a VM: which VM this machine is."""

from __future__ import annotations

import re
from collections.abc import Mapping

import httpx

from oxtui.outscale.errors import OutscaleError

VARIABLE = "OXTUI_OUTSCALE_METADATA_URL"
"""Environment variable with another address of the service, such as that of a simulated Outscale."""
DEFAULT_URL = "http://169.254.169.254"
_PATH = "/latest/meta-data/instance-id"
_SECONDS = 5.0
_ID = re.compile(r"i-[0-9a-f]{8,17}")


class NoMetadata(OutscaleError):
    """This machine is no VM of Outscale, or its metadata service has no answer."""


async def own_vm_id(environ: Mapping[str, str]) -> str:
    """Id of the VM that this machine is.

    Raises:
        NoMetadata: nobody says.
    """
    base = (environ.get(VARIABLE) or DEFAULT_URL).rstrip("/")
    try:
        # The address is of this machine's own link, so no proxy leads to it.
        async with httpx.AsyncClient(timeout=_SECONDS, trust_env=False) as client:
            answer = await client.get(f"{base}{_PATH}")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise NoMetadata(_told(base, str(error) or type(error).__name__)) from None
    found = answer.text.strip() if answer.status_code == httpx.codes.OK else ""
    if not _ID.fullmatch(found):
        raise NoMetadata(_told(base, f"its answer (status {answer.status_code}) is no id of a VM"))
    return found


def _told(base: str, why: str) -> str:
    return (
        f"The metadata service at {base} does not tell which VM this machine is: {why}. outscale-chroot runs "
        f"on a VM of Outscale; {VARIABLE} names another service."
    )
