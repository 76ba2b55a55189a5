"""Opening a bundle: a recorded session that can be played, in a folder of its own that goes with it."""

from __future__ import annotations

import tempfile
import weakref
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from oxtui.build.bundle import archive, form
from oxtui.build.bundle.checked import Unknown, Wrong, event_of
from oxtui.build.bundle.errors import BundleError
from oxtui.build.bundle.outputs import place_output
from oxtui.build.folding import CUT_OFF
from oxtui.build.recorded import RecordedSession
from oxtui.build.replay.recording import Recording
from oxtui.build.replay.replay import Replay
from oxtui.build.session import SessionFolder
from oxtui.component.event_records import event_type
from oxtui.component.events import (
    ApiCalled,
    BuildPlanned,
    Event,
    InstanceStateChanged,
    Noted,
    OutputGrown,
    Paused,
    Resumed,
    SshCalled,
    StepFinished,
    StepProgress,
    StepStarted,
)

_PASSING = (
    ApiCalled, InstanceStateChanged, Noted, OutputGrown, Paused, Resumed, SshCalled, StepFinished,
    StepProgress, StepStarted,
)  # fmt: skip
"""Events that take the place of those before them in a session's state, or of which it keeps few."""


@dataclass(frozen=True, slots=True)
class OpenedBundle:
    """A session of somebody else; its files are there as long as `replay` is."""

    replay: Replay
    words: tuple[str, ...]
    """Sentences about what it is, and what of it was passed over."""


def open_bundle(path: Path) -> OpenedBundle:
    """Reads a bundle; takes long, so call it off the event loop.

    Raises:
        BundleError: it is none, or not a sound one, or it cannot be read.
    """
    folder = tempfile.TemporaryDirectory(prefix="oxtui-bundle-", ignore_cleanup_errors=True)
    try:
        with archive.opened(path) as there:
            replay, words = _opened(there, Path(folder.name))
    except BaseException as problem:
        folder.cleanup()
        if isinstance(problem, OSError):
            raise BundleError(
                f"{path} cannot be opened as a bundle: {problem.strerror or problem}."
            ) from problem
        raise
    weakref.finalize(replay, folder.cleanup)
    return OpenedBundle(replay, tuple(words))


def _opened(there: archive.Archive, folder: Path) -> tuple[Replay, list[str]]:
    for member in there.members:
        place = folder / member.name
        place.parent.mkdir(0o700, parents=True, exist_ok=True)
        with open(place, "xb") as file:
            there.extract(member, file)
    outputs = [each.name for each in there.members if each.name.endswith(".log")]
    for name in outputs:
        lines = (folder / name).with_suffix(".lines")
        if not lines.exists():
            raise there.wrong(f"of {name} nothing is told")
        if problem := place_output(folder / name, lines):
            raise there.wrong(problem)
        lines.unlink()
    if not (folder / form.EVENTS).exists():
        raise there.wrong("it holds no events")
    unknown: Counter[str] = Counter()
    events = list(_events(there, folder / form.EVENTS, unknown))
    number = there.manifest.get("session")
    session = SessionFolder(number if isinstance(number, int) else 0, folder)
    live = there.manifest.get("live") is True
    recording = Recording(events, dead=not live)
    words = [f"Session {session.number} from {there.path}, to look at alone."]
    if there.manifest.get("anonymous") is True:
        words.append("Hosts, addresses and users have other names in it.")
    if recording.last.finished is None:
        words.append("It was still at work when it was packed." if live else CUT_OFF)
    if unknown:
        names = ", ".join(sorted(unknown)[:5])
        words.append(
            f"{sum(unknown.values())} of its events were passed over: a newer oxtui wrote them ({names})."
        )
    return Replay(RecordedSession(session, recording.last), recording), words


def _events(there: archive.Archive, path: Path, unknown: Counter[str]) -> Iterable[Event]:
    bounds = _Bounds()
    with open(path, "rb") as file:
        number = 0
        while line := file.readline(form.LARGEST_EVENT + 1):
            number += 1
            if len(line) > form.LARGEST_EVENT or number > form.MOST_EVENTS:
                raise there.wrong("it holds too many events, or one that is too long")
            try:
                event = event_of(line)
                bounds.check(event)
                yield event
            except Unknown as kind:
                unknown[str(kind)[:40]] += 1
            except Wrong as problem:
                raise there.wrong(f"its event {number} is none: {problem}") from problem


class _Bounds:
    """Keeps the state of a session small: each event copies what it adds to."""

    def __init__(self) -> None:
        self._gathered: Counter[str] = Counter()
        self._builds: set[str] = set()

    def check(self, event: Event) -> None:
        self._builds.add(event.build)
        if len(self._builds) > form.MOST_BUILDS:
            raise Wrong("it is of one build more than any session has")
        if isinstance(event, BuildPlanned) and len(event.steps) > form.MOST_STEPS:
            raise Wrong("it has more steps than any build")
        if not isinstance(event, _PASSING):
            kind = event_type(event)
            self._gathered[kind] += 1
            if self._gathered[kind] > form.MOST_GATHERED:
                raise Wrong(f"there are more of {kind} than in any session")
