"""A row as JSON."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from oxtui.logs.sanitise import safe_json


def row_json(row: Any) -> str:
    """All fields of a row, as the API names them, indented."""
    if dataclasses.is_dataclass(row) and not isinstance(row, type):
        return json.dumps(dataclasses.asdict(row), indent=2)
    return safe_json(row.model_dump_json(indent=2, by_alias=True))
