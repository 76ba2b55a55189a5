"""Actions of the Build screen: what an operator tells a build, and when that applies."""

from __future__ import annotations

from screens.actions.action import Action, Context
from screens.actions.build_situation import (
    BuildSituation,
    Check,
    choice,
    edits_failed,
    edits_later,
    running,
    waits,
)

CONTEXTS = (
    Context(
        id="build",
        title="Build",
        help=(
            "A build stops at a breakpoint, when you ask, or when a step fails; its instance is kept "
            "meanwhile. Look at the steps at the left; what can be done at a stop is in the box."
        ),
    ),
    Context(id="build.output", title="Output of a build", within=("build", "log", "app")),
    Context(id="build.steps", title="Steps", within=("build", "app")),
    Context(id="build.rows", title="Table", within=("build", "app")),
    Context(
        id="build.grid",
        title="Grid",
        within=("build", "app"),
        help=(
            "The present output of every build at once; a single build has its serial console beside "
            "it. Enter opens a pane."
        ),
    ),
    Context(id="build.table", title="Resources and calls", within=("build", "build.rows", "app")),
)


def _with(check: Check) -> Check:
    return lambda situation: running(situation) or check(situation)


def _steered(check: Check) -> Check:
    """Of what oxtui can do with a build that it runs itself."""

    def steered(situation: BuildSituation) -> str | None:
        if situation.packer and running(situation) is None:
            return (
                "Packer runs this build; it stops at the template's breakpoints and after failures."
            )
        return check(situation)

    return steered


def _failed(situation: BuildSituation) -> bool:
    build = situation.build
    return build is not None and build.pause is not None and build.pause.failure is not None


def _paused(situation: BuildSituation) -> bool:
    return situation.build is not None and situation.build.pause is not None


def _can_break(situation: BuildSituation) -> str | None:
    step = situation.step
    if step is None:
        return "Select a step first."
    if step.phase not in ("waiting", "paused"):
        return f"{step.plan.title} has begun already; a breakpoint stops before a step."
    return None


def _can_break_after(situation: BuildSituation) -> str | None:
    step = situation.step
    if step is None:
        return "Select a step first."
    if step.plan.kind == "cleanup":
        return "Nothing of the build is there any more after its clean-up."
    if step.phase not in ("waiting", "paused", "running"):
        return f"{step.plan.title} is over already; b stops before a step that is still to run."
    return None


def _can_pause(situation: BuildSituation) -> str | None:
    return "The build stands still already." if _paused(situation) else None


def _at_stop(command: str) -> Check:
    def check(situation: BuildSituation) -> str | None:
        if choice(situation, command):
            return waits(situation)
        if _failed(situation):
            return "It failed: retry, skip or abort."
        return "The build runs; p stops it before its next step."

    return _with(check)


def _can_run_until(situation: BuildSituation) -> str | None:
    if _failed(situation):
        return "It failed: retry, skip or abort."
    step = situation.step
    if step is None or step.phase != "waiting":
        return "Select a step that is still to run."
    return None


def _at_failure(command: str) -> Check:
    def check(situation: BuildSituation) -> str | None:
        if choice(situation, command):
            return waits(situation)
        if _failed(situation):
            return "This step cannot be run again."
        return "Nothing has failed."

    return _with(check)


def _can_trace(situation: BuildSituation) -> str | None:
    reason = _at_failure("retry")(situation)
    pause = situation.build.pause if situation.build is not None else None
    if reason or pause is None:
        return reason
    failure = pause.failure
    if not pause.step.startswith("provision-") or failure is None or not failure.script:
        return "Only the scripts of provisioners can be traced."
    if not failure.traceable:
        return f"oxtui runs no shell for {failure.script}, and only a shell can trace a script."
    return None


def _can_edit(situation: BuildSituation) -> str | None:
    if edits_failed(situation) or not choice(situation, "edit_step"):
        reason = _at_failure("edit_and_retry")(situation)
        return reason or (
            None if situation.edit else "This step has nothing that could be changed."
        )
    step = situation.step
    if step is None or not edits_later(situation):
        return "Select a step that is still to run."
    if not situation.edit or step.plan.kind not in ("provision", "post-process"):
        return f"{step.plan.title} has nothing that could be changed."
    return waits(situation)


def _can_skip(situation: BuildSituation) -> str | None:
    if choice(situation, "skip"):
        return waits(situation)
    if situation.build is None or situation.build.pause is None:
        return "Only a step that the build stands at can be skipped."
    if situation.build.pause.reason in ("after", "output", "exit"):
        return "This step is done already."
    return "Later steps need this one."


def _can_export(situation: BuildSituation) -> str | None:
    build = situation.build
    if build is None:
        return "There is no build here yet."
    if situation.no_export:
        return situation.no_export
    if situation.live and build.phase in ("planned", "running"):
        return "The build runs; it can be exported when it stands still or is over."
    return None


def _has_instance(situation: BuildSituation) -> bool:
    build = situation.build
    return build is not None and bool(build.instance) and build.instance_state != "destroyed"


def _can_shell(situation: BuildSituation) -> str | None:
    build = situation.build
    gone = build is None or build.instance_state == "destroyed"
    if build is None or gone or not (build.instance or build.address):
        return "There is no instance to open a shell in."
    if build.address is None:
        return "The instance cannot be reached yet."
    return None if situation.shell else "A shell cannot be opened from here."


def _can_files(situation: BuildSituation) -> str | None:
    build = situation.build
    if build is None or build.instance_state == "destroyed" or build.address is None:
        return "There is no instance whose files could be shown, or it cannot be reached yet."
    return None if situation.files else "Files cannot be shown from here."


def _can_keep(situation: BuildSituation) -> str | None:
    if _paused(situation) and not choice(situation, "keep"):
        return "There is no instance to keep."
    return None if _has_instance(situation) else "There is no instance to keep."


def _several(situation: BuildSituation) -> str | None:
    return None if situation.builds > 1 else "This session has one build."


def _tab(name: str, reason: str) -> Check:
    return lambda situation: None if name in situation.tabs else reason


def _can_zoom(situation: BuildSituation) -> str | None:
    return None if situation.tab in ("steps", "serial") else "There is no log here."


def _has_row(situation: BuildSituation) -> str | None:
    return None if situation.row else "There is nothing to copy here."


def _action(
    name: str,
    keys: tuple[str, ...],
    text: str,
    help_: str,
    enabled: Check,
    footer: int = 0,
    group: str = "Build",
    context: str = "build",
    short: str = "",
) -> Action:
    return Action(
        id=f"{context}.{name}",
        keys=keys,
        text=text,
        short=short,
        help=help_,
        group=group,
        contexts=(context,),
        enabled=enabled,
        footer=footer,
    )


STOP_CHOICES = (
    "build.shell",
    "build.retry",
    "build.retry-with-trace",
    "build.edit",
    "build.edits",
    "build.continue",
    "build.step",
    "build.run-until",
    "build.run-command",
    "build.upload",
    "build.skip",
    "build.mark-done",
    "build.rewind",
    "build.keep",
    "build.abort",
)
"""What the box at a stop offers, in this order."""

ONLY_AT_FAILURE = frozenset({"build.retry", "build.retry-with-trace"})
NEVER_AT_FAILURE = frozenset({"build.continue", "build.step", "build.run-until"})
ONLY_WHERE_THERE = frozenset({"build.edits"})
"""What the box leaves out where it does not apply at all; the keys still say why."""

TABS = (
    ("steps", "Steps", "There is no build here yet."),
    ("serial", "Serial", "There is no serial console yet."),
    ("timeline", "Timeline", "No step has begun yet."),
    ("resources", "Resources", "The build has not made anything yet."),
    ("calls", "Calls", "The rack has not been called yet."),
    ("grid", "Grid", "There is no build here yet."),
    ("changes", "Changes", "Nobody has looked yet at what changed in the guest."),
)
"""Id and title of each tab, and why it is not there."""

_FURTHER = {"grid": ("g",)}
"""Keys of tabs beside their numbers."""

ACTIONS = (
    _action(
        "shell", ("s",), "shell here", "Open a shell in the instance", _with(_can_shell), footer=1,
        short="shell",
    ),
    _action(
        "retry", ("r",), "retry", "Run the step that failed again", _at_failure("retry"), footer=2
    ),
    _action(
        "retry-with-trace",
        ("R",),
        "retry with trace",
        "Run the step that failed again; its shell prints each command",
        _steered(_can_trace),
        short="with trace",
    ),
    _action(
        "edit",
        ("e",),
        "edit",
        "Change the step that failed and run it again, or the selected one for when it runs",
        _steered(_can_edit),
        footer=3,
    ),
    _action(
        "continue", ("c",), "continue", "Go on from the stop", _at_stop("resume"), footer=4
    ),
    _action(
        "step", ("n",), "step over", "Run one step, then stop again", _steered(_at_stop("step_over")),
        footer=5,
    ),
    _action(
        "pause", ("p",), "pause", "Stop before the next step; once more: go on after all",
        _steered(_with(_can_pause)), footer=6,
    ),
    _action(
        "skip", ("k",), "skip", "Leave out the step that the build stands at", _with(_can_skip), footer=7
    ),
    _action(
        "break",
        ("b",),
        "break here",
        "Stop before the selected step, or no longer",
        _steered(_with(_can_break)),
        footer=8,
    ),
    _action(
        "break-after",
        ("B",),
        "break after",
        "Stop behind the selected step, or no longer",
        _steered(_with(_can_break_after)),
    ),
    _action(
        "stops",
        ("S",),
        "stops…",
        "Stop at failures, before the clean-up, at lines of output and exit statuses, or no longer",
        _steered(running),
    ),
    _action(
        "run-until",
        ("U",),
        "run until here",
        "Go on and stop before the selected step",
        _steered(_with(_can_run_until)),
        footer=9,
        short="until here",
    ),
    _action(
        "keep",
        ("i",),
        "keep and leave",
        "End the session and leave the instance running",
        _with(_can_keep),
        footer=10,
        short="keep",
    ),
    _action(
        "export",
        ("X",),
        "export",
        "Show the session as a template for stock Packer",
        _can_export,
        footer=12,
    ),
    _action("files", ("F",), "files", "Show the files of the instance", _with(_can_files), footer=21),
    _action("abort", ("a",), "abort", "End the build; asks what to remove", running, footer=11),
    _action(
        "next-build", (">",), "next build", "The next build of the session", _several, footer=20
    ),
    _action(
        "previous-build", ("<",), "previous build", "The build before", _several
    ),
    _action(
        "zoom", ("z",), "zoom", "The log alone, or with the steps", _can_zoom, footer=66, group="Log"
    ),
    *(
        _action(
            id_, (str(number), *_FURTHER.get(id_, ())), title.lower(), f"Show: {title.lower()}",
            _tab(id_, why), group="Go to",
        )
        for number, (id_, title, why) in enumerate(TABS, 1)
    ),
    *(
        Action(
            id=f"{context}.{name}",
            keys=keys,
            text=text,
            help=help_,
            group="Move",
            contexts=(context,),
            palette=False,
        )
        for context, name, keys, text, help_ in (
            ("build.steps", "up", ("up",), "up", "The step above"),
            ("build.steps", "down", ("down",), "down", "The step below"),
            ("build.steps", "open", ("enter",), "output", "Into the output of this step"),
            ("build.grid", "left", ("left",), "left", "The pane before"),
            ("build.grid", "right", ("right", "tab"), "right", "The next pane"),
            ("build.grid", "up", ("up",), "up", "The pane above"),
            ("build.grid", "down", ("down",), "down", "The pane below"),
            ("build.grid", "open", ("enter",), "open", "This build alone, with its steps"),
            ("build.rows", "up", ("up",), "up", "One row up"),
            ("build.rows", "down", ("down",), "down", "One row down"),
            ("build.rows", "page-up", ("pageup",), "page up", "One page up"),
            ("build.rows", "page-down", ("pagedown", "space"), "page down", "One page down"),
            ("build.rows", "top", ("home",), "first", "First row"),
            ("build.rows", "bottom", ("end",), "last", "Last row"),
            ("build.rows", "sort", ("o",), "sort", "Sort by the next column"),
            ("build.rows", "reverse", ("O",), "reverse", "Turn the order round"),
        )
    ),
    _action(
        "copy", ("y",), "copy", "Copy the id, or the call as a command", _has_row,
        footer=30, group="Table", context="build.table",
    ),
    _action(
        "copy-command", ("Y",), "copy command", "Copy the command that removes it, or repeats it (curl)",
        _has_row, footer=31, group="Table", context="build.table",
    ),
)  # fmt: skip
