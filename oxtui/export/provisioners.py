"""Provisioners and post-processors as they ran: edited, skipped, breakpoints off, the sync made plain."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from oxtui.build.state import BuildState
from oxtui.export.draft import Draft
from oxtui.export.located import LocatedBuild
from oxtui.export.placed import Placed, write_all
from oxtui.export.steps import ScriptFiles, apply_outcome
from oxtui.export.told import Outcome, outcome, post_processor_outcomes, provisioner_steps
from oxtui.template.component_body import ComponentBody
from oxtui.template.editing.members import Member
from oxtui.template.hcl.edit.blocks import insert_lines
from oxtui.template.hcl.edit.extent import line_end, line_start
from oxtui.template.hcl.tree import expressions as x
from oxtui.template.hcl.write import Writable

BREAKPOINT = "breakpoint"
MARKED = "In the session the work of this was done by hand, and the step marked as done."
SYNC_REASON = "The guest writes its caches to disk: the plugin stops it as if its power were cut."


@dataclass(frozen=True, slots=True)
class Ran:
    """A provisioner or post-processor in one build: what became of it there."""

    reference: str
    outcome: Outcome
    body: ComponentBody
    title: str


def as_it_ran(
    draft: Draft,
    builds: Mapping[str, BuildState],
    located: Mapping[str, LocatedBuild],
    files: ScriptFiles,
    placed: Sequence[Placed] = (),
) -> None:
    """Edits and switches them, from the last to the first so that addresses stay right.

    What was put between them (`placed`) is put there in the same go.
    """
    ran: dict[str, list[Ran]] = defaultdict(list)
    for name, build in builds.items():
        for address, one in _all(build, located[name]):
            if address is not None:
                ran[address].append(one)
            elif one.outcome != Outcome():
                draft.problems.append(
                    f"Step {one.title} of {name} was changed, but a dynamic block makes it: write it "
                    f"out as a {one.body.kind} of its own in the template, then export again."
                )
    before = len(draft.notes)
    here: dict[str, list[Placed]] = defaultdict(list)
    for each in placed:
        here[each.address].append(each)
    for address in sorted(ran.keys() | here.keys(), key=_numbers, reverse=True):
        if address in ran:
            _one(draft, address, ran[address], files)
        if address in here:
            write_all(draft, here[address], files)
    draft.notes[before:] = reversed(draft.notes[before:])


def _numbers(address: str) -> tuple[str, list[int]]:
    """What orders addresses: `build.0.post-processor.1.0`."""
    _, _, kind, *rest = address.split(".")
    return kind, [int(number) for number in (address.split(".")[1], *rest)]


def _all(build: BuildState, there: LocatedBuild) -> Iterator[tuple[str | None, Ran]]:
    """All that a build came to, each with its address."""
    resolved = there.resolved
    steps = zip(provisioner_steps(build), there.members, resolved.provisioners, strict=True)
    for step, address, body in steps:
        became = outcome(step)
        if became is not None and body.type != BREAKPOINT:
            yield address, Ran(there.reference, became, body, step.plan.title)
    titles = [[body.name or body.type for body in chain] for chain in resolved.post_processors]
    outcomes = post_processor_outcomes(build, titles)
    for members in zip(outcomes, there.chains, resolved.post_processors, strict=True):
        for told, address, body in zip(*members, strict=True):
            if told is not None:
                yield address, Ran(there.reference, told[1], body, told[0].title)


def _one(draft: Draft, address: str, runs: list[Ran], files: ScriptFiles) -> None:
    groups: list[list[Ran]] = []
    for run in runs:
        for group in groups:
            if group[0].outcome == run.outcome:
                group.append(run)
                break
        else:
            groups.append([run])
    # What a builder left as it was, or at least ran, keeps the block; the others get copies of it.
    groups.sort(key=lambda group: (group[0].outcome.skipped, bool(group[0].outcome.changes)))
    first, *others = groups
    for group in reversed(others):
        if group[0].outcome.skipped:
            names = ", ".join(run.reference for run in group)
            draft.notes.append(
                f"Step {group[0].title} was skipped in {names}, so it does not run there."
            )
            continue
        copy = _copied(draft, address)
        draft.document.remove(copy, "except")
        draft.document.set(copy, "only", [run.reference for run in group])
        apply_outcome(draft, copy, group[0].body, group[0].outcome, group[0].title, files)
    if others:
        _keep_from(draft, address, first, [run for group in others for run in group])
    apply_outcome(draft, address, first[0].body, first[0].outcome, first[0].title, files)
    if any(run.outcome.marked for run in runs) and not first[0].outcome.skipped:
        draft.comment_above(address, MARKED)
        draft.notes.append(
            f"Step {first[0].title} was marked as done: its work was done by hand in the session, and the "
            "template still has the step as it is."
        )


def _copied(draft: Draft, address: str) -> str:
    """Puts a copy of a provisioner or post-processor behind it; its address."""
    document = draft.document
    kind, (block, *place) = _numbers(address)
    chains = document.post_processors(block)
    behind = kind == "post-processor"
    here = chains[place[0]][place[1]] if behind else document.provisioners(block)[place[0]]
    start, end = here.block.span
    text = document.text
    lines = text[line_start(text, start) : line_end(text, end)]
    document.rewrite(insert_lines(text, here.extent.end, lines))
    if len(document.post_processors(block)) > len(chains):  # it stood alone, and so does the copy
        return f"build.{block}.{kind}.{place[0] + 1}.0"
    *front, last = place
    return f"build.{block}.{'.'.join([kind, *map(str, (*front, last + 1))])}"


def _keep_from(draft: Draft, address: str, first: list[Ran], others: list[Ran]) -> None:
    """Lets one run where it is the right one."""
    common = first[0].body.common
    elsewhere = [run.reference for run in others]
    if common.only:
        mine = [name for name in common.only if name not in elsewhere]
        draft.document.set(address, "only", list(mine))
    else:
        names: list[Writable] = list(dict.fromkeys([*common.except_, *elsewhere]))
        draft.document.set(address, "except", names)


def breakpoints_off(draft: Draft) -> None:
    """Stock Packer asks at a breakpoint, and fails where nobody can answer."""
    count = 0
    for block in range(len(draft.document.body.blocks_of("build"))):
        for number, member in enumerate(draft.document.provisioners(block)):
            if member.type != BREAKPOINT or not member.enabled:
                continue
            off = member.block.body.attributes.get("disable")
            if off is None or not _is_true(off.expression):
                draft.document.set(f"build.{block}.provisioner.{number}", "disable", True)
                count += 1
    if count:
        draft.notes.append(f"{_times(count, 'breakpoint')} disabled.")


def _is_true(expression: x.Expression) -> bool:
    return isinstance(expression, x.Keyword) and expression.name == "true"


def _times(count: int, what: str) -> str:
    return f"The {what} is" if count == 1 else f"{count} {what}s are"


def sync_last(draft: Draft, located: Sequence[LocatedBuild]) -> None:
    """Adds the `sync` that oxtui runs by itself before it stops the instance."""
    for block in sorted({build.block for build in located}):
        builds = [build for build in located if build.block == block and build.is_oxide]
        sealed = [build for build in builds if not build.value("skip_create_image")]
        there = draft.document.provisioners(block)
        enabled = [member for member in there if member.enabled]
        if not sealed or (enabled and is_sync(enabled[-1])):
            continue
        attributes: dict[str, Writable] = {}
        if len(builds) < len([build for build in located if build.block == block]):
            attributes["only"] = [build.reference for build in builds]
        attributes |= _manner(enabled)
        attributes["inline"] = ["sync"]
        draft.document.add_provisioner(block, len(there), "shell", attributes)
        draft.comment_above(f"build.{block}.provisioner.{len(there)}", SYNC_REASON)
        draft.notes.append(
            "A last step runs sync, as oxtui does by itself before it stops the instance."
        )


def is_sync(member: Member) -> bool:
    """Whether a provisioner does nothing but `sync`, everywhere."""
    inline = member.block.body.attributes.get("inline")
    if member.type != "shell" or inline is None or not isinstance(inline.expression, x.Tuple):
        return False
    if {"only", "except"} & member.block.body.attributes.keys():
        return False
    texts = [i.literal for i in inline.expression.items if isinstance(i, x.Template)]
    return texts in (["sync"], ["sudo sync"]) and len(inline.expression.items) == 1


def _manner(members: Sequence[Member]) -> dict[str, Writable]:
    """Where scripts go in the guest, if all shell steps of the build say the same."""
    folders = {_literal(member) for member in members if member.type == "shell"}
    folder = folders.pop() if len(folders) == 1 else None
    return {} if folder is None else {"remote_folder": folder}


def _literal(member: Member) -> str | None:
    found = member.block.body.attributes.get("remote_folder")
    written = None if found is None else found.expression
    return written.literal if isinstance(written, x.Template) else None
