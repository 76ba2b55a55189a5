"""What a fix can do to a component: rename, remove and move its options.

Every change takes a component and alters it. It returns what could not be done, in words; else nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from fnmatch import fnmatchcase
from typing import TypeAlias

from oxtui.template.json.plain import Plain

Component: TypeAlias = dict[str, Plain]
Change: TypeAlias = Callable[[Component], str | None]


class Part(Enum):
    """A part of a template; each is a list of components."""

    BUILDERS = "builders"
    PROVISIONERS = "provisioners"
    POST_PROCESSORS = "post-processors"


@dataclass(frozen=True, slots=True)
class Fix:
    """A change to all components of some types; `types` are patterns as of a shell, parted by blanks."""

    name: str
    help: str
    """What it does, for `oxtui fix --help`; of several entries of one name only the first has it."""
    change: Change
    types: str = "*"
    part: Part = Part.BUILDERS

    def applies(self, component: Component) -> bool:
        """Whether the component is of one of the types."""
        kind = component.get("type")
        name = kind if isinstance(kind, str) else ""
        return any(fnmatchcase(name, pattern) for pattern in self.types.split())


def rename(old: str, new: str, *kinds: type, keeps_new: bool = False) -> Change:
    """Renames an option, if its value is of one of the kinds (if any are named).

    Where both are set the old one wins, as whoever wrote it before the renaming meant it; with
    `keeps_new` the new one does. Each is as in Packer.
    """

    def change(component: Component) -> None:
        if old not in component or (kinds and not isinstance(component[old], kinds)):
            return
        value = component.pop(old)
        if not keeps_new or new not in component:
            component[new] = value

    return change


def remove(*names: str) -> Change:
    """Removes options that do nothing any more."""

    def change(component: Component) -> None:
        for name in names:
            component.pop(name, None)

    return change


def retype(new: str) -> Change:
    """Gives the component another type."""

    def change(component: Component) -> None:
        component["type"] = new

    return change


def inside(name: str, change: Change) -> Change:
    """Does a change to the object that an option is."""

    def changed(component: Component) -> str | None:
        value = component.get(name)
        return change(value) if isinstance(value, dict) else None

    return changed


def gather(into: str, *names: tuple[str, str]) -> Change:
    """Moves options into an object that becomes the first item of a list; `names` are old and new ones."""

    def change(component: Component) -> str | None:
        there = component.get(into, [])
        found = [(old, new) for old, new in names if old in component]
        if not found:
            return None
        if not isinstance(there, list):
            return f'"{found[0][0]}" stays, since "{into}" is no list'
        moved: Component = {new: component.pop(old) for old, new in found}
        component[into] = [moved, *there]
        return None

    return change


def in_strings(replace: Callable[[str], str]) -> Change:
    """Replaces in every string of the component, however deep; keys stay."""

    def replaced(value: Plain) -> Plain:
        if isinstance(value, str):
            return replace(value)
        if isinstance(value, list):
            return [replaced(item) for item in value]
        if isinstance(value, dict):
            return {key: replaced(item) for key, item in value.items()}
        return value

    def change(component: Component) -> None:
        component.update({name: replaced(value) for name, value in component.items()})

    return change


def in_string(name: str, replace: Callable[[str], str]) -> Change:
    """Replaces in the string that an option is."""

    def change(component: Component) -> None:
        value = component.get(name)
        if isinstance(value, str):
            component[name] = replace(value)

    return change


def every(*changes: Change) -> Change:
    """One change after the other."""

    def change(component: Component) -> str | None:
        notes = [note for each in changes if (note := each(component))]
        return "; ".join(notes) or None

    return change
