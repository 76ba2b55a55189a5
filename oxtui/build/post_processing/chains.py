"""What the post-processors of a build are given, and what of all that was made stays (packer.md part 5).

Chains run one after another, and each starts from what the builder made. What a post-processor was given
is removed once it has put something else in its place, unless it or the template keeps it. Packer's rules,
but for these, where Packer loses work or lists what is gone:

- What one post-processor keeps, no later one removes, also as a part of something else: after
  [shell-local, compress] the builder's file is there, as the summary says.
- What a failed post-processor was given stays: files and images alike. Packer removes what the builder
  made if nothing else keeps it, and with it hours of work.
- What is not on this machine, such as an image on a rack, is never removed.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from oxtui.component.post_processing import Artifact

NOTHING_YET = Artifact("", "", "", stays=True)
"""What there is before the machine is sealed."""


@dataclass(slots=True)
class Chain:
    """One chain while it runs."""

    current: Artifact | None = None
    """What its next member is given; None for what the builder made."""
    keeps_builders: bool = False
    kept: list[Artifact] = field(default_factory=list)
    """What its members made and keep, but for `current`."""
    is_broken: bool = False
    """A member failed: the rest does not run."""


class Chains:
    """All chains of a build.

    Args:
        count: how many there are.
        built: what the builder made, or None as long as there is nothing.
    """

    def __init__(self, count: int, built: Callable[[], Artifact | None]) -> None:
        self.each = [Chain() for _ in range(count)]
        self._built = built

    def given(self, number: int, *, sealed: bool = True) -> Artifact:
        """What the next member of a chain works on, before or after the machine is sealed."""
        built = self._built() if sealed else None
        return self.each[number].current or built or NOTHING_YET

    async def done(self, number: int, given: Artifact, made: Artifact, *, keep: bool) -> list[str]:
        """A member of a chain succeeded.

        Args:
            number: of the chain.
            given: what it was given.
            made: what it gave; what it was given, if it passes that on.
            keep: whether what it was given stays.

        Returns:
            Sentences about files that could not be removed.
        """
        chain = self.each[number]
        is_built = chain.current is None
        if keep or given.stays:
            if is_built:
                chain.keeps_builders = True
            elif given not in chain.kept:
                chain.kept.append(given)
        if made != given:
            chain.current = made
            if not is_built:
                # What the builder made may be kept by a chain that has not run yet.
                built = self._built()
                return await self._remove(given, [*self._alive(), *([built] if built else [])])
        return []

    def broke(self, number: int) -> Artifact:
        """A member of a chain failed; what stays for it."""
        self.each[number].is_broken = True
        return self.given(number)

    def remember(self) -> list[dict[str, Any]]:
        """What the chains have come to, as JSON can hold it."""
        return [
            {
                "current": None if chain.current is None else asdict(chain.current),
                "keeps_builders": chain.keeps_builders,
                "kept": [asdict(artifact) for artifact in chain.kept],
            }
            for chain in self.each
        ]

    def recall(self, memory: Iterable[Mapping[str, Any]]) -> None:
        """Goes on from what `remember` told; a chain that broke is whole again, for its member runs anew."""
        for chain, known in zip(self.each, memory, strict=False):
            current = known["current"]
            chain.current = None if current is None else _revived(current)
            chain.keeps_builders = known["keeps_builders"]
            chain.kept = [_revived(artifact) for artifact in known["kept"]]

    async def end(self) -> tuple[list[Artifact], list[str]]:
        """What there is in the end, in the order of the chains, and what could not be removed."""
        built = self._built()
        artifacts = list(self._alive())
        problems: list[str] = []
        if built is not None:
            if self._needs_built or built.stays:
                artifacts.insert(0, built)
            else:
                problems = await self._remove(built, artifacts)
        there = [
            each for each in dict.fromkeys(artifacts) if await asyncio.to_thread(_is_there, each)
        ]
        return there, problems

    @property
    def _needs_built(self) -> bool:
        """Whether a chain keeps what the builder made, ended with it, or has not got as far."""
        return not self.each or any(c.keeps_builders or c.current is None for c in self.each)

    def _alive(self) -> Iterable[Artifact]:
        for chain in self.each:
            yield from chain.kept
            if chain.current is not None:
                yield chain.current

    async def _remove(self, artifact: Artifact, spared: Iterable[Artifact]) -> list[str]:
        """Removes the files of an artifact that no other one has."""
        others = [path for each in spared for path in each.files]
        return await asyncio.to_thread(_remove, artifact.files, others)


def _revived(values: Mapping[str, Any]) -> Artifact:
    fields = tuple((name, value) for name, value in values["fields"])
    return Artifact(**{**values, "files": tuple(values["files"]), "fields": fields})


def _is_there(artifact: Artifact) -> bool:
    return not artifact.files or any(map(os.path.lexists, artifact.files))


def _remove(files: Iterable[str], spared: Iterable[str]) -> list[str]:
    stay = {os.path.realpath(path) for path in spared}
    problems = []
    for path in files:
        if os.path.realpath(path) in stay:
            continue
        try:
            os.unlink(path)
        except FileNotFoundError:
            continue
        except OSError as problem:
            problems.append(f"{path} could not be removed: {problem.strerror}.")
    return problems
