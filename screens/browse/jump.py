"""`vpcs web /allow`: a kind of resource, a project and a filter, typed in one go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Jump:
    """Where to go; `project` is a name, empty for all."""

    resource: str
    title: str
    project: str = ""
    filter: str = ""

    @property
    def sentence(self) -> str:
        """What it will do."""
        where = f" of {self.project}" if self.project else ""
        what = f", filtered by {self.filter}" if self.filter else ""
        return f"Go to {self.title}{where}{what}"


ALL = "all"
"""Stands for all projects, unless one has that name."""


def jump(
    text: str, titles: Mapping[str, str], projects: Iterable[str], here: str = ""
) -> Jump | None:
    """What the text means; None if it names no kind of resource or a project that is not there.

    `titles`: of the kinds, by id. The kind may be cut short (`inst`) as long as it begins just one
    title, or else is part of just one (`pools`); a project may be, too. Without a project it stays with `here`.
    """
    place, _, wanted = text.strip().lstrip(":").partition("/")
    words = place.split()
    if not words or len(words) > 2:
        return None
    resource = _one(words[0].lower(), titles)
    if resource is None:
        return None
    project: str | None = here
    if len(words) > 1:
        project = _one(words[1], projects)
        if project is None and ALL.startswith(words[1]):
            project = ""
    return None if project is None else Jump(resource, titles[resource], project, wanted.strip())


def completed(text: str, kinds: Iterable[str], projects: Iterable[str]) -> str | None:
    """The text with its last word at full length, as far as it can be only one; None if it is."""
    start = text.rpartition(" ")[0]
    word = text.removeprefix(f"{start} ")
    colon = ":" if word.startswith(":") and not start else ""
    before = start.lstrip(":").split()
    if "/" in text or not word.removeprefix(colon) or len(before) > 1:
        return None
    names = projects if before else kinds
    matching = [name for name in names if name.startswith(word.removeprefix(colon))]
    if len(matching) != 1:
        return None
    found = f"{start} {matching[0]}" if before else f"{colon}{matching[0]}"
    return found if found != text else None


def _one(part: str, names: Iterable[str]) -> str | None:
    known = list(names)
    if part in known:
        return part
    for matching in (
        [name for name in known if name.startswith(part)],
        [name for name in known if part in name],
    ):
        if matching:
            return matching[0] if len(matching) == 1 else None
    return None
