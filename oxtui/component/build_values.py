"""What provisioners are told of the machine: `build.ID` and the like in a template (packer.md 1.4)."""

from __future__ import annotations

from typing import Any

_NO_SERVER = "ERR_HTTP_{}_NOT_IMPLEMENTED_BY_BUILDER"
"""What Packer's builders tell that serve no files: scripts compare with it."""


def machine_values(identifier: str, run_uuid: str) -> dict[str, Any]:
    """What holds of every machine, however it is reached; `run_uuid` is the session's."""
    return {
        "ID": identifier,
        "PackerRunUUID": run_uuid,
        "PackerHTTPIP": _NO_SERVER.format("IP"),
        "PackerHTTPPort": _NO_SERVER.format("PORT"),
        "PackerHTTPAddr": _NO_SERVER.format("ADDR"),
    }
