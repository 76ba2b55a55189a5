"""The file of the manifest post-processor: read, grown and written as Packer does, byte for byte.

What differs is how: it is written beside the old one, which it then replaces, so that nobody finds half
of it, and builds of oxtui wait for each other however long another one takes.
"""

from __future__ import annotations

import asyncio
import errno
import fcntl
import json
import os
import stat
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from oxtui.template.hcl.functions.json_text import quoted

MODE = 0o664
"""Of a new file, before the umask."""
TRIES = (0.0, 0.2, 0.4)
"""Seconds to wait before each try to get the lock file, as Packer's; then it goes on without it."""
LOOK_EVERY, LOOKS = 0.02, 3000
"""Seconds between two looks whether another build of oxtui is done, and how many there are: a minute's."""


class ManifestError(Exception):
    """The manifest cannot be read or written; the text names it, the cause and the next step."""


@dataclass(frozen=True, slots=True)
class ManifestBuild:
    """An entry of the list, in the order in which it is written."""

    name: str = ""
    builder_type: str = ""
    build_time: int = 0
    """Unix seconds; 0 leaves it out."""
    files: tuple[tuple[str, int], ...] | None = None
    """Name and bytes of each."""
    artifact_id: str = ""
    packer_run_uuid: str = ""
    custom_data: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Manifest:
    """The whole list."""

    builds: tuple[ManifestBuild, ...] = ()
    last_run_uuid: str = ""

    def grown(self, build: ManifestBuild, *, force: bool) -> Manifest:
        """With one more; `force` drops those of other runs."""
        known = () if force and self.last_run_uuid != build.packer_run_uuid else self.builds
        return Manifest((*known, build), build.packer_run_uuid)

    def text(self) -> str:
        """As it is written: indented by two, without a line break at the end."""
        data = {"builds": [_plain(build) for build in self.builds] or None}
        return _written({**data, "last_run_uuid": self.last_run_uuid}, "")


def _plain(build: ManifestBuild) -> dict[str, Any]:
    files = build.files
    return {
        "name": build.name,
        "builder_type": build.builder_type,
        **({"build_time": build.build_time} if build.build_time else {}),
        "files": None if files is None else [{"name": name, "size": size} for name, size in files],
        "artifact_id": build.artifact_id,
        "packer_run_uuid": build.packer_run_uuid,
        "custom_data": None if build.custom_data is None else dict(sorted(build.custom_data.items())),
    }  # fmt: skip


def _written(data: Any, indent: str) -> str:
    inner = indent + "  "
    if isinstance(data, dict):
        parts = [f"{quoted(name)}: {_written(value, inner)}" for name, value in data.items()]
        return _enclosed("{", parts, "}", indent)
    if isinstance(data, list):
        return _enclosed("[", [_written(item, inner) for item in data], "]", indent)
    if isinstance(data, str):
        return quoted(data)
    return "null" if data is None else str(data)


def _enclosed(start: str, parts: list[str], end: str, indent: str) -> str:
    if not parts:
        return start + end
    return f"{start}\n" + ",\n".join(f"{indent}  {part}" for part in parts) + f"\n{indent}{end}"


def read_manifest(text: str) -> Manifest:
    """A manifest from its text; an empty one is none yet, and what Packer does not know is left out.

    Raises:
        ValueError: it is none.
    """
    if not text:
        return Manifest()
    data = _object(json.loads(text), "the manifest")
    builds = _taken(data, "builds", list, [])
    return Manifest(
        tuple(_build(_object(each, "a build")) for each in builds),
        _taken(data, "last_run_uuid", str, ""),
    )


def _build(data: Mapping[str, Any]) -> ManifestBuild:
    files, custom = data.get("files"), data.get("custom_data")
    made = ManifestBuild(
        name=_taken(data, "name", str, ""),
        builder_type=_taken(data, "builder_type", str, ""),
        build_time=_taken(data, "build_time", int, 0),
        artifact_id=_taken(data, "artifact_id", str, ""),
        packer_run_uuid=_taken(data, "packer_run_uuid", str, ""),
    )
    if files is not None:
        each = [_object(file, "a file") for file in _taken(data, "files", list, [])]
        named = tuple((_taken(f, "name", str, ""), _taken(f, "size", int, 0)) for f in each)
        made = replace(made, files=named)
    if custom is not None:
        facts = _object(custom, "custom_data")
        made = replace(made, custom_data={name: _taken(facts, name, str, "") for name in facts})
    return made


def _object(data: Any, what: str) -> Mapping[str, Any]:
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise ValueError(f"{what} is no object")
    return data


def _taken(data: Mapping[str, Any], name: str, kind: type, otherwise: Any) -> Any:
    value = data.get(name)
    if value is None:
        return otherwise
    if not isinstance(value, kind) or isinstance(value, bool):
        raise ValueError(f'"{name}" is {json.dumps(value):.40}')
    return value


async def add_to_manifest(path: Path, build: ManifestBuild, *, force: bool) -> int:
    """Adds a build to the file, which need not exist; how many it lists then.

    Args:
        path: the file, relative to the working directory.
        build: what is added.
        force: drops what other runs added (`-force`).

    Raises:
        ManifestError: it cannot be read or written, or is no manifest; it is as it was.
    """
    try:
        async with _alone(path), _packers_lock(Path(f"{path}.lock")):
            return await asyncio.to_thread(_add, path, build, force)
    except OSError as problem:
        raise ManifestError(
            f"{path} cannot be written: {problem.strerror}. Correct the output of the manifest, or "
            "what is in its way."
        ) from problem


def _add(path: Path, build: ManifestBuild, force: bool) -> int:
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        text = ""
    try:
        known = read_manifest(text)
    except (ValueError, RecursionError) as problem:
        raise ManifestError(
            f"Unable to parse content from {path}: {problem}. Move the file away, or give the "
            "manifest another output."
        ) from problem
    made = known.grown(build, force=force)
    _replace(Path(os.path.realpath(path)), made.text().encode())
    return len(made.builds)


def _replace(path: Path, data: bytes) -> None:
    """Writes a file beside an old one and puts it in its place, with the old one's mode."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, MODE)
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
            if path.exists():
                os.fchmod(descriptor, stat.S_IMODE(path.stat().st_mode))
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


@asynccontextmanager
async def _alone(path: Path) -> AsyncIterator[None]:
    """No other build of oxtui, of this process or another, is at a manifest of that folder meanwhile."""
    folder = os.open(os.path.realpath(path.parent), os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for _ in range(LOOKS):
            if _locked(folder):
                break
            await asyncio.sleep(LOOK_EVERY)
        else:
            raise ManifestError(
                f"{path} is held by another process that locks its folder. End that one, or give the "
                "manifest another output."
            )
        yield
    finally:
        os.close(folder)


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as problem:
        if problem.errno not in (errno.ENOLCK, errno.ENOTSUP):
            raise  # else a file system without locks, where the lock file is what there is
    return True


@asynccontextmanager
async def _packers_lock(path: Path) -> AsyncIterator[None]:
    """The lock file that Packer makes; one that stays is passed over in the end, as Packer does."""
    mine = False
    for pause in TRIES:
        await asyncio.sleep(pause)
        try:
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        except FileExistsError:
            continue
        mine = True
        break
    try:
        yield
    finally:
        if mine:
            path.unlink(missing_ok=True)
