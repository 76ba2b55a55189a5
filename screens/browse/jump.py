"""`vpcs web /allow`: a kind of resource, a project and a filter, typed in one go."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from screens.actions.browse import TITLES


@dataclass(frozen=True, slots=True)
class Jump:
    """Where to go; `project` is a name, empty for all."""

    resource: str
    project: str = ""
    filter: str = ""

    @property
    def sentence(self) -> str:
        """What it will do."""
        where = f" of {self.project}" if self.project else ""
        what = f", filtered by {self.filter}" if self.filter else ""
        return f"Go to {TITLES[self.resource]}{where}{what}"


def jump(text: str, projects: Iterable[str]) -> Jump | None:
    """What the text means; None if it names no kind of resource or a project that is not there.

    The kind may be cut short (`inst`) as long as it begins just one title; a project may be, too.
    """
    place, _, wanted = text.strip().lstrip(":").partition("/")
    words = place.split()
    if not words or len(words) > 2:
        return None
    resource = _one(words[0].lower(), TITLES)
    if resource is None:
        return None
    project = _one(words[1], projects) if len(words) > 1 else ""
    return None if project is None else Jump(resource, project, wanted.strip())


def _one(beginning: str, names: Iterable[str]) -> str | None:
    matching = [name for name in names if name.startswith(beginning)]
    return beginning if beginning in matching else matching[0] if len(matching) == 1 else None
