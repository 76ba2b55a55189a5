"""Where a resource on Outscale is, for whoever has to find it without the process that made it."""

from __future__ import annotations

import json
import shlex
from typing import Any

from oxtui.component.resources import ResourceRecord
from oxtui.outscale.connection import Connection


def locate(connection: Connection, account: str, **known: str) -> dict[str, str]:
    """The locator of something about to be created; empty values are left out.

    `known` is what tells a resource from others of its name (`token`, `description`), and what its
    deletion has to know (`kept_devices`, `given_snapshots`).
    """
    values = {
        "host": connection.endpoint,
        "region": connection.region,
        "profile": connection.profile,
        "insecure": "yes" if connection.insecure else "",
        "account": account,
        **known,
    }
    return {name: value for name, value in values.items() if value}


def command_line(record: ResourceRecord, action: str, **body: Any) -> str:
    """A call with curl, which can sign it; the keys are left to the shell."""
    place = record.locator
    words = [
        "curl", "--aws-sigv4", f"osc:osc:{place.get('region', '')}:api", "--header",
        "Content-Type: application/json", "--data", json.dumps(body), f"{place.get('host', '')}/{action}",
    ]  # fmt: skip
    return f'{shlex.join(words)} --user "$OSC_ACCESS_KEY:$OSC_SECRET_KEY"'
