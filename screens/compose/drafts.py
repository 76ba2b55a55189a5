"""Unsaved templates, kept so that a crash loses nothing: one file each, for the owner alone."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from oxtui.settings import private_folder
from oxtui.template.editing.save import write_atomically


@dataclass(frozen=True, slots=True)
class Draft:
    """A text that was not saved."""

    name: str
    """Of the template: its path, or what it would be called."""
    path: str
    """Its file; empty for a template that never was in one."""
    text: str
    time: float
    """When it was kept, in Unix seconds."""
    process: int
    """Who kept it: while that process lives, it is nobody else's to restore."""


class Drafts:
    """The drafts in one folder. Every method may take a while: call them off the event loop."""

    def __init__(self, state: Path) -> None:
        self._folder = state / "drafts"

    def keep(self, name: str, path: Path | None, text: str, now: float) -> None:
        """Keep a text, in place of what was kept under that name before. Raises OSError."""
        draft = Draft(name, str(path.resolve()) if path else "", text, now, os.getpid())
        data = json.dumps(asdict(draft)).encode()
        file = private_folder(self._folder) / self._file(name)
        if not file.exists():
            file.touch(0o600)
        write_atomically(file, data)

    def drop(self, name: str) -> None:
        """Forget what was kept under a name: it is saved, or was given up. Raises OSError."""
        (self._folder / self._file(name)).unlink(missing_ok=True)

    def left(self, path: Path | None) -> Draft | None:
        """The newest draft that another run left of a file, or of templates without one."""
        wanted = str(path.resolve()) if path else ""
        found = [draft for draft in self._all() if draft.path == wanted and not _lives(draft)]
        return max(found, key=lambda draft: draft.time, default=None)

    def _all(self) -> list[Draft]:
        drafts = []
        for file in self._folder.glob("*.json") if self._folder.is_dir() else ():
            try:
                drafts.append(Draft(**json.loads(file.read_bytes())))
            except (OSError, ValueError, TypeError):
                continue  # half a file of a full disk is no draft
        return drafts

    @staticmethod
    def _file(name: str) -> str:
        return hashlib.sha256(name.encode()).hexdigest()[:24] + ".json"


def _lives(draft: Draft) -> bool:
    """Whether the process that kept a draft still runs, other than this one."""
    if draft.process == os.getpid():
        return True
    try:
        os.kill(draft.process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
