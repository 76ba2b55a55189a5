"""Sessions made from events and real spools, as the engine or a replay would give them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from oxtui.build.changes.compare import Changes
from oxtui.build.folding import fold
from oxtui.build.state import SessionState
from oxtui.component.commands import Command
from oxtui.component.debugger_events import StepReused
from oxtui.component.events import (
    AddressKnown,
    ApiCalled,
    ArtifactMade,
    BreakpointSet,
    BuildFinished,
    BuildPlanned,
    BuildStatus,
    ChangesCollected,
    Event,
    Failure,
    InstanceStateChanged,
    LogLine,
    OutputGrown,
    Paused,
    PauseReason,
    ResourceCreated,
    ResourceDeleted,
    ResourceIntended,
    ResourceLeft,
    Resumed,
    SessionStarted,
    SshCalled,
    StepFinished,
    StepKind,
    StepPlan,
    StepProgress,
    StepStarted,
    StepStatus,
)
from oxtui.logs.spool import SpoolWriter, Stream

START = 1_795_000_000.0
"""When the session begins, Unix seconds."""

STEPS: tuple[tuple[str, StepKind, str, str], ...] = (
    ("preflight", "prepare", "preflight", ""),
    ("ssh-key", "prepare", "ssh key", ""),
    ("instance", "prepare", "instance", "oxtui-web-01"),
    ("connect", "connect", "connect", "ssh"),
    ("provision-1", "provision", "1 file", "app.tar.gz"),
    ("provision-2", "provision", "2 shell", "base.sh"),
    ("provision-3", "provision", "3 shell", "setup.sh"),
    ("provision-4", "provision", "4 shell", "harden.sh"),
    ("sync", "seal", "sync", ""),
    ("stop", "seal", "stop instance", ""),
    ("snapshot", "capture", "snapshot", ""),
    ("image", "capture", "image", "web-01"),
    ("cleanup", "cleanup", "clean up", ""),
)

FAILURE = Failure(
    summary="setup.sh ended with exit status 100. Open a shell to look, or edit it and retry.",
    exit_status=100,
    meaning="apt could not find a package",
    script="setup.sh",
    line=14,
    line_text="apt-get install -y ngnix",
    line_source="bash",
    traceable=True,
    errors=(LogLine(number=9, text="E: Unable to locate package ngnix"),),
    last_lines=(
        "Reading package lists...",
        "Building dependency tree...",
        "Reading state information...",
        "E: Unable to locate package ngnix",
    ),
)

BESIDE = ("run_command", "upload_file", "edit_step")
AT_FAILURE = ("retry", "edit_and_retry", "skip", "mark_done", "keep", "abort", *BESIDE)
AT_BREAKPOINT = ("resume", "step_over", "run_until", "skip", "mark_done", "keep", "abort", *BESIDE)


class ScriptedSession:
    """Folds the events that it is given; keeps the commands that it gets."""

    def __init__(self, folder: Path, build: str = "web-01") -> None:
        self.state = SessionState()
        self.commands: list[Command] = []
        self.now = START
        self.build = build
        self._folder = folder
        self._callbacks: list[Callable[[Event], None]] = []
        self._spools: dict[tuple[str, str], SpoolWriter] = {}
        self._resources = 0

    # what the screen uses

    def subscribe(self, callback: Callable[[Event], None]) -> Callable[[], None]:
        self._callbacks.append(callback)
        return lambda: self._callbacks.remove(callback)

    async def command(self, command: Command) -> None:
        self.commands.append(command)

    def spool(self, build: str, step: str) -> Path | None:
        path = self._folder / build / step
        return path if path.exists() else None

    # what the tests use

    @property
    def followed(self) -> bool:
        """Somebody subscribed."""
        return bool(self._callbacks)

    def tell(self, *events: Event) -> None:
        for event in events:
            self.state = fold(self.state, event)
            for callback in list(self._callbacks):
                callback(event)

    def begin(self, *later: tuple[str, StepKind, str, str]) -> None:
        plans = tuple(
            StepPlan(id=id_, kind=kind, title=title, detail=detail)
            for id_, kind, title, detail in (*STEPS, *later)
        )
        self.tell(
            SessionStarted(
                time=self.now, session="41", template="web.pkr.hcl", host="http://rack.example",
                silo="demo", simulated=True,
            ),
            BuildPlanned(time=self.now, build=self.build, steps=plans),
        )  # fmt: skip

    def run(
        self,
        step: str,
        seconds: float,
        status: StepStatus = "done",
        failure: Failure | None = FAILURE,
    ) -> None:
        self.tell(StepStarted(time=self.now, build=self.build, step=step))
        self.now += seconds
        failure = failure if status == "failed" else None
        self.tell(
            StepFinished(
                time=self.now, build=self.build, step=step, status=status, seconds=seconds,
                failure=failure,
            )
        )  # fmt: skip

    def start(self, step: str, text: str = "", attempt: int = 1) -> None:
        self.tell(StepStarted(time=self.now, build=self.build, step=step, attempt=attempt))
        if text:
            self.tell(StepProgress(time=self.now, build=self.build, step=step, text=text))

    def pause(
        self,
        step: str,
        reason: PauseReason,
        choices: tuple[str, ...],
        note: str = "",
        failure: Failure | None = FAILURE,
    ) -> None:
        failure = failure if reason == "failure" else None
        self.tell(
            Paused(
                time=self.now, build=self.build, step=step, reason=reason, choices=choices,
                note=note, failure=failure,
            )
        )  # fmt: skip

    def resume(self, step: str, command: str) -> None:
        self.tell(Resumed(time=self.now, build=self.build, step=step, command=command))

    def look(self, changes: Changes, seconds: float = 0.8) -> None:
        size = changes.files.size if changes.files else 0
        self.tell(
            ChangesCollected(
                time=self.now + seconds, build=self.build, moment="after", seconds=seconds,
                counts=changes.counts, size=size,
            )
        )  # fmt: skip
        self.now += seconds

    def reuse(self, step: str, seconds: float) -> None:
        reason = "A checkpoint has it."
        self.tell(
            StepReused(time=self.now, build=self.build, step=step, reason=reason, seconds=seconds)
        )

    def set_breakpoint(self, step: str, on: bool = True) -> None:
        self.tell(BreakpointSet(time=self.now, build=self.build, step=step, on=on))

    def finish(self, status: BuildStatus, error: str = "") -> None:
        self.tell(
            BuildFinished(
                time=self.now,
                build=self.build,
                status=status,
                seconds=self.now - START,
                error=error,
            )
        )

    def make(self, kind: str, name: str, id_: str = "") -> int:
        self._resources += 1
        number = self._resources
        self.tell(
            ResourceIntended(time=self.now, build=self.build, resource=number, kind=kind, name=name)
        )
        if id_:
            self.tell(
                ResourceCreated(
                    time=self.now, build=self.build, resource=number, kind=kind, name=name, id=id_
                )
            )
        return number

    def remove(self, number: int) -> None:
        resource = self.state.builds[self.build].resources[number]
        self.tell(
            ResourceDeleted(
                time=self.now, build=self.build, resource=number, kind=resource.kind,
                name=resource.name,
            )
        )  # fmt: skip

    def leave(self, number: int, reason: str) -> None:
        resource = self.state.builds[self.build].resources[number]
        self.tell(
            ResourceLeft(
                time=self.now, build=self.build, resource=number, kind=resource.kind,
                name=resource.name, reason=reason, command=f"oxtui sweep --only {number}",
            )
        )  # fmt: skip

    def call(self, operation: str, method: str, path: str, status: int | None) -> None:
        self.tell(
            ApiCalled(
                time=self.now, build=self.build, operation=operation, method=method, path=path,
                status=status, seconds=0.042, request_id="6f2c01",
                command=f"oxide api {path} --method {method}",
                curl=f"curl --request {method} http://rack.example{path}",
            )
        )  # fmt: skip

    def ssh(
        self, operation: str, text: str = "", status: int | None = None, error: str = ""
    ) -> None:
        self.tell(
            SshCalled(
                time=self.now, build=self.build, operation=operation,
                place="ubuntu@172.30.0.4 port 22", text=text, seconds=0.127, status=status,
                error=error, command=f"ssh ubuntu@172.30.0.4 '{text}'",
            )
        )  # fmt: skip

    def instance(self, state: str = "running") -> None:
        self.tell(
            InstanceStateChanged(
                time=self.now, build=self.build, instance="oxtui-web-01", state=state
            ),
            AddressKnown(
                time=self.now, build=self.build, address="172.30.0.4", port=22, user="ubuntu"
            ),
        )

    def artifact(self) -> None:
        self.tell(
            ArtifactMade(
                time=self.now, build=self.build, builder_id="oxide.instance",
                id="ae46ddf5-7b4a-4f0c-9a51-0d3f7c1f2e10", name="web-01",
            )
        )  # fmt: skip

    def write(
        self, step: str, *lines: str, stream: Stream = Stream.STDOUT, pace: float = 0.4
    ) -> None:
        """Lines of output of a step, so many seconds apart."""
        key = (self.build, step)
        if key not in self._spools:
            path = self._folder / self.build / step
            self._spools[key] = SpoolWriter(path, clock=lambda: self._written)
            self._written = self.now
        spool = self._spools[key]
        for line in lines:
            self._written += pace
            spool.write(stream, line.encode() + b"\n")
        self.tell(
            OutputGrown(
                time=self.now, build=self.build, step=step, lines=spool.lines, size=spool.size
            )
        )

    _written = START

    def close(self) -> None:
        for spool in self._spools.values():
            spool.close()
