"""Where in the text that goes which an operator put into a session; what several builds share is written once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from oxtui.component.options import option_specs
from oxtui.component.registry import UnknownComponent, component
from oxtui.export.by_hand import Put
from oxtui.export.draft import Draft
from oxtui.export.exported import ExportOptions
from oxtui.export.language import place_of
from oxtui.export.located import LocatedBuild
from oxtui.export.steps import ScriptFiles
from oxtui.export.written import writable
from oxtui.template.hcl.write import Code, Writable, quote


@dataclass(slots=True)
class Placed:
    """A provisioner or a comment that becomes number `position` of a build block."""

    block: int
    position: int
    put: Put
    everybody: frozenset[str]
    """References of all builds of the block."""
    folder: Path
    """Of the session's template."""
    options: ExportOptions
    by_root: bool
    """Whether `path.root` is the folder of what is made, too."""
    references: set[str] = field(default_factory=set)
    """Of the builds that have it."""

    @property
    def address(self) -> str:
        """Of what stands there before."""
        return f"build.{self.block}.provisioner.{self.position}"

    def write(self, draft: Draft, files: ScriptFiles, comments: Sequence[str]) -> None:
        """Puts a provisioner there, under these comments and its own."""
        attributes: dict[str, Writable] = {}
        if self.references != self.everybody:
            attributes["only"] = sorted(self.references)
        attributes |= self._attributes(draft, files)
        draft.document.add_provisioner(self.block, self.position, self.put.type, attributes)
        for comment in filter(None, (*comments, self.put.comment)):
            draft.comment_above(self.address, comment)

    def _attributes(self, draft: Draft, files: ScriptFiles) -> dict[str, Writable]:
        try:
            specs = {
                s.name: s for s in option_specs(component("provisioner", self.put.type).Options)
            }
        except UnknownComponent:
            specs = {}
        found: dict[str, Writable] = {}
        for name, value in self.put.options.items():
            if self.put.type == "file" and name == "source" and isinstance(value, str):
                found[name] = self._source(value, draft, files)
            else:
                found[name] = writable(value, specs.get(name))
        return found

    def _source(self, source: str, draft: Draft, files: ScriptFiles) -> Writable:
        """How the template names a file that was uploaded by hand."""
        path = Path(source).expanduser()
        tail = "/" if source.endswith("/") else ""
        whole = path.resolve()
        folder, target = self.folder.resolve(), self.options.target
        if whole.is_relative_to(folder) and (target is None or target.parent.resolve() == folder):
            inside = quote(whole.relative_to(folder).as_posix() + tail)
            return Code('"${path.root}/' + inside[1:])
        if self.options.files is not None and path.is_file():
            copy = self.options.files / path.name
            number = 2
            while draft.copies.get(copy, whole) != whole:
                copy = self.options.files / f"{path.stem}-{number}{path.suffix}"
                number += 1
            draft.copies[copy] = whole
            return files.named(copy) if self.by_root else copy.resolve().as_posix()
        draft.notes.append(
            f"{whole} was uploaded by hand, and is not in the template's folder: take it along, or let a "
            "copy be made beside the export (--files DIR)."
        )
        return whole.as_posix() + tail


def write_all(draft: Draft, placed: Sequence[Placed], files: ScriptFiles) -> None:
    """Writes all that goes to one address: comments stand above what they come before."""
    groups: list[tuple[list[str], Placed | None]] = [([], None)]
    for each in placed:
        if each.put.type:
            groups[-1] = (groups[-1][0], each)
            groups.append(([], None))
        else:
            groups[-1][0].append(each.put.comment)
    for comments, what in reversed(groups):
        if what is not None:
            what.write(draft, files, comments)
            continue
        there = placed[0]
        last = there.position >= len(draft.document.provisioners(there.block))
        for comment in comments:
            if last:
                draft.comment_last(there.block, comment)
            else:
                draft.comment_above(there.address, comment)


def placed(
    draft: Draft,
    put: Mapping[str, Sequence[Put]],
    everything: Mapping[str, LocatedBuild],
    options: ExportOptions,
    template: str,
) -> list[Placed]:
    """The places of what each build has; equal things at one place are one, in the order of each build."""
    found: list[Placed] = []
    folder = Path(place_of(template)).parent
    moved = options.target is not None and options.target.parent.resolve() != folder.resolve()
    by_root = not moved or "path.root" not in draft.document.text
    for name, mine in put.items():
        there = everything[name]
        members = len(draft.document.provisioners(there.block))
        everybody = frozenset(b.reference for b in everything.values() if b.block == there.block)
        at = -1
        for each in mine:
            position = _position(there, each.before, members)
            key = (there.block, position, each.type, _frozen(each.options), each.comment)
            same = next(
                (
                    n
                    for n, other in enumerate(found)
                    if n > at and there.reference not in other.references
                    and key == (
                        other.block, other.position, other.put.type, _frozen(other.put.options),
                        other.put.comment,
                    )
                ),
                None,
            )  # fmt: skip
            if same is None:
                same = at + 1 if at >= 0 else len(found)
                new = Placed(there.block, position, each, everybody, folder, options, by_root)
                found.insert(same, new)
            found[same].references.add(there.reference)
            at = same
    return found


def _position(there: LocatedBuild, before: int, members: int) -> int:
    for address in there.members[before:]:
        if address is not None:
            return int(address.rpartition(".")[2])
    return members


def _frozen(options: Mapping[str, Any]) -> str:
    return repr(sorted(options.items()))
