"""Writing an export with its scripts: all that would be overwritten is told first."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from oxtui.export.exported import Exported, ExportError
from oxtui.export.session import unified
from oxtui.template.editing.save import write_atomically


class WouldOverwrite(Exception):
    """Files of other content are there already; nothing was written. `diff` tells how they would change."""

    def __init__(self, paths: list[Path], diff: str) -> None:
        names = ", ".join(map(str, paths))
        super().__init__(f"{names} {'is' if len(paths) == 1 else 'are'} there already.")
        self.paths = paths
        self.diff = diff


def save_export(exported: Exported, target: Path | None, *, force: bool = False) -> list[Path]:
    """Writes text, scripts, values and copies, each file whole or not at all; call it off the event loop.

    Args:
        exported: what to write.
        target: of the text; None writes the scripts alone.
        force: files that are there are overwritten.

    Returns:
        The files that were written; one that holds the same already is not.

    Raises:
        ExportError: it has problems, so it would not reproduce the session.
        WouldOverwrite: without `force`, files of other content are there.
        OSError: a file cannot be read or written.
    """
    if exported.problems:
        raise ExportError(f"Not written: {exported.problems[0]}")
    texts = {**exported.scripts, **exported.variables}
    if target is not None:
        texts[target] = exported.text
    files = {path: text.encode() for path, text in texts.items()}
    files |= {path: source.read_bytes() for path, source in exported.copies.items()}
    changed = {path: data for path, data in files.items() if _content(path) != data}
    _check(changed, force)
    for path, data in changed.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, data)
        if path in exported.copies:
            path.chmod(exported.copies[path].stat().st_mode & 0o777)
        if path in exported.scripts:
            mode = path.stat().st_mode
            path.chmod(mode | (mode & 0o444) >> 2)  # shell-local executes them where they are
    return list(changed)


def _check(changed: Mapping[Path, bytes], force: bool) -> None:
    there = [path for path in changed if path.exists()]
    if not there or force:
        return
    diffs = []
    for path in there:
        old, new = (
            data.decode(errors="replace") for data in (_content(path) or b"", changed[path])
        )
        diffs.append(unified(old, new, str(path), f"{path} (new)"))
    raise WouldOverwrite(there, "".join(diffs))


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None
