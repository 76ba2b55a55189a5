"""The templates that were opened last, so that they are offered again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from oxtui.settings import private_folder
from oxtui.template.editing.save import write_atomically

_MOST = 10


class Recent:
    """Paths in one file, the newest first. Every method may take a while: call it off the event loop."""

    def __init__(self, state: Path) -> None:
        self._file = state / "recent.json"

    def paths(self) -> Sequence[str]:
        """Those that are still there."""
        try:
            found = json.loads(self._file.read_bytes())
        except (OSError, ValueError):
            return []
        listed = found if isinstance(found, list) else []
        return [path for path in listed if isinstance(path, str) and Path(path).exists()]

    def add(self, path: Path) -> None:
        """Put a path first. Raises OSError."""
        new = str(path.resolve())
        paths = [new, *(each for each in self.paths() if each != new)][:_MOST]
        private_folder(self._file.parent)
        write_atomically(self._file, json.dumps(paths).encode())
