"""Whether a template gives what a session ran: builds, sources' options, provisioners, post-processors."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

from oxtui.build.state import BuildState
from oxtui.build.steps import changed_options
from oxtui.component.events import StepPlan
from oxtui.component.options import Options
from oxtui.component.registry import UnknownComponent, component
from oxtui.export.by_hand import Put, puts
from oxtui.export.decoded import DecodedBuild, DecodedStep, dumped, same_common, step_names
from oxtui.export.exported import ExportOptions
from oxtui.export.maas import MAAS, POST_PROCESSOR, PROVISIONERS
from oxtui.export.sources import IMAGE, SIZE
from oxtui.export.told import (
    Outcome,
    outcome,
    planned_value,
    post_processor_outcomes,
    provisioner_steps,
    source_image,
)
from oxtui.oxide.names import is_id
from oxtui.provisioners.shell.options import ScriptOptions
from oxtui.provisioners.shell.script import inline_script
from oxtui.template.resolve.common import CommonOptions

_ACTION = re.compile(r"\{\{.*?\}\}")
_SHOWN = 60


def ran(began: DecodedBuild, build: BuildState, wanted: ExportOptions) -> DecodedBuild:
    """What the session ran: the build that it began with, with all that was changed in it.

    Raises:
        StepError: an edited option does not fit the others.
    """
    put: dict[int, list[DecodedStep]] = defaultdict(list)
    for each in puts(build, began, wanted):
        if each.type:
            put[each.before].append(_put(each))
    steps: list[DecodedStep] = []
    told_steps = provisioner_steps(build)
    for number, (step, told) in enumerate(zip(began.steps, told_steps, strict=True)):
        steps += put[number]
        became = outcome(told)
        if step.type == "breakpoint" and wanted.breakpoints:
            steps.append(step)
        elif step.type == "breakpoint":
            off = (
                None if step.options is None else step.options.model_copy(update={"disable": True})
            )
            steps.append(replace(step, options=off))
        elif became is None or not became.skipped:
            steps.append(_changed(step, told.plan, became or Outcome()))
    steps += put[len(told_steps)]
    chains, captures = _in_packers_words(_chains(began, build))
    return replace(
        began,
        steps=(*steps, *captures),
        chains=chains,
        options=_source_options(began.options, build),
    )


def _put(put: Put) -> DecodedStep:
    try:
        found = component("provisioner", put.type)
    except UnknownComponent:
        return DecodedStep(put.type, None, CommonOptions(), dict(put.options))
    # The runner's own rule, again: these options are all that the provisioner has.
    options = changed_options(found.Options.model_construct(), put.options, put.type)
    return DecodedStep(put.type, options, CommonOptions())


def _chains(began: DecodedBuild, build: BuildState) -> Iterator[tuple[DecodedStep, ...]]:
    titles = [[step.title for step in steps] for steps in began.chains]
    for steps, became in zip(began.chains, post_processor_outcomes(build, titles), strict=True):
        ran = tuple(
            step if told is None else _changed(step, *told)
            for step, told in zip(steps, became, strict=True)
            if told is None or not told[1].skipped
        )
        if ran:
            yield ran


def _in_packers_words(
    chains: Iterator[tuple[DecodedStep, ...]],
) -> tuple[tuple[tuple[DecodedStep, ...], ...], list[DecodedStep]]:
    """The chains with what stands for oxtui-maas in them, and the provisioners that do so."""
    captures: list[DecodedStep] = []
    made = []
    for whole in chains:
        members = [each for each in whole if not _is_left_out(each)]
        for each in members:
            if each.type == MAAS and not dumped(each.options).get("source"):
                captures += [
                    DecodedStep(kind, None, each.common, anew=True) for kind in PROVISIONERS
                ]
        made.append(
            tuple(
                replace(each, type=POST_PROCESSOR, anew=True) if each.type == MAAS else each
                for each in members
            )
        )
    return tuple(filter(None, made)), captures


def _is_left_out(step: DecodedStep) -> bool:
    """Whether nothing of Packer stands for it, as is told."""
    return step.type == MAAS and dumped(step.options).get("capture") == "disk"


def _changed(step: DecodedStep, plan: StepPlan, became: Outcome) -> DecodedStep:
    if step.options is None:
        return step
    # The runner's own rule of what an edit means, so that the two cannot drift apart.
    return replace(step, options=changed_options(step.options, became.changes, plan.title))


def _source_options(options: Options | None, build: BuildState) -> Options | None:
    if options is None or IMAGE not in type(options).model_fields:
        return options
    found, given = source_image(build), dumped(options)
    update: dict[str, Any] = {}
    if found is not None and not is_id(given[IMAGE]) and not given[IMAGE].startswith("<"):
        update[IMAGE] = found[1]
    size, from_template = planned_value(build, SIZE)
    if given[SIZE] is None and size.isdigit() and not from_template:
        update[SIZE] = int(size)
    return options.model_copy(update=update)


def differences(
    expected: DecodedBuild,
    found: DecodedBuild,
    scripts: Mapping[Path, str],
    copies: Mapping[Path, Path],
    *,
    volatile: bool,
) -> Iterator[str]:
    """Sentences about what a template would do otherwise; `volatile`: some values change with time.

    `scripts` and `copies` are files that come with it.
    """
    here = expected.name
    steps = list(found.steps)
    if len(steps) == len(expected.steps) + 1 and _is_sync(steps[-1]):
        steps.pop()
    for name, wanted, got in _unlike(
        dumped(expected.options), dumped(found.options), volatile=volatile
    ):
        if not (name == SIZE and got is None):  # the plugin's default is the one that was used
            yield f"{here}: {name} would be {got!r:.{_SHOWN}}, not {wanted!r:.{_SHOWN}}."
    if step_names(steps) != step_names(expected.steps):
        yield (
            f"{here}: the provisioners would be {_listed(steps)}, not {_listed(expected.steps)}."
        )
        return
    for number, (one, other) in enumerate(zip(expected.steps, steps, strict=True), 1):
        if one.anew:
            continue
        mine, theirs = _script(one, {}), _script(other, scripts)
        for name, wanted, got in _unlike(mine, theirs, volatile=volatile):
            if one.type == "file" and name == "source" and _same_file(wanted, got, copies):
                continue
            yield (
                f"{here}, provisioner {number} ({one.type}): {name} would be {got!r:.{_SHOWN}}, "
                f"not {wanted!r:.{_SHOWN}}."
            )
        if not same_common(one.common, other.common):
            yield f"{here}, provisioner {number} ({one.type}): its retries or pauses would differ."
    yield from _other_chains(expected, found, volatile=volatile)


def _other_chains(expected: DecodedBuild, found: DecodedBuild, *, volatile: bool) -> Iterator[str]:
    here = expected.name
    wanted, got = ([step_names(steps) for steps in each.chains] for each in (expected, found))
    if wanted != got:
        yield f"{here}: the chains of post-processors would be {got}, not {wanted}."
        return
    for one, other in zip(
        chain.from_iterable(expected.chains), chain.from_iterable(found.chains), strict=True
    ):
        for mine, theirs in (
            ()
            if one.anew
            else (
                (dumped(one.options), dumped(other.options)),
                (one.written, other.written),
            )
        ):
            for name, want, have in _unlike(mine, theirs, volatile=volatile):
                yield (
                    f"{here}, post-processor {one.title}: {name} would be {have!r:.{_SHOWN}}, "
                    f"not {want!r:.{_SHOWN}}."
                )
        if not same_common(one.common, other.common):
            yield f"{here}, post-processor {one.title}: what it keeps would differ."


def _unlike(
    one: Mapping[str, Any], other: Mapping[str, Any], *, volatile: bool
) -> Iterator[tuple[str, Any, Any]]:
    for name in one.keys() | other.keys():
        wanted, got = one.get(name), other.get(name)
        if wanted != got and not _alike(wanted, got, volatile=volatile):
            yield name, wanted, got


def _alike(wanted: Any, got: Any, *, volatile: bool) -> bool:
    """Whether two values differ only in what is another one in each run."""
    if isinstance(wanted, list | tuple) and isinstance(got, list | tuple):
        pairs = zip(wanted, got, strict=False)
        return len(wanted) == len(got) and all(_alike(a, b, volatile=volatile) for a, b in pairs)
    if not (isinstance(wanted, str) and isinstance(got, str)):
        return bool(wanted == got)
    if _ACTION.search(wanted):
        pieces = map(re.escape, _ACTION.split(wanted))
        return re.fullmatch("[^{}]+".join(pieces), got, re.DOTALL) is not None
    return wanted == got or (volatile and re.sub(r"\d", "0", wanted) == re.sub(r"\d", "0", got))


def _script(step: DecodedStep, scripts: Mapping[Path, str]) -> Mapping[str, Any]:
    """A provisioner's options, with the bytes of its commands in place of how they are written."""
    options, own = dict(dumped(step.options)), step.options
    if not isinstance(own, ScriptOptions):
        return options
    commands = None
    path = options.get("script")
    for known, text in scripts.items():
        if path and Path(path).name == known.name and Path(path).parent.name == known.parent.name:
            commands = text
    if own.commands:
        commands = inline_script(own.commands, own.given_shebang).text.decode()
    if commands is None:
        return options
    written = ("command", "inline", "inline_shebang", "script")
    rest = {name: value for name, value in options.items() if name not in written}
    return {**rest, "commands": commands}


def _same_file(wanted: Any, got: Any, copies: Mapping[Path, Path]) -> bool:
    """Whether two names are of one file, or the second of a copy of it. A slash at the end means something."""
    if not (isinstance(wanted, str) and isinstance(got, str) and wanted and got):
        return False
    if wanted.endswith("/") != got.endswith("/"):
        return False
    there = {path.resolve(): source.resolve() for path, source in copies.items()}
    found = Path(got).resolve()
    return Path(wanted).expanduser().resolve() == there.get(found, found)


def _is_sync(step: DecodedStep) -> bool:
    return step.type == "shell" and dumped(step.options).get("inline") == ["sync"]


def _listed(steps: list[DecodedStep] | tuple[DecodedStep, ...]) -> str:
    return ", ".join(step_names(steps)) or "none"
