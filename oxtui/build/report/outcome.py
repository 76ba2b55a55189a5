"""What became of the builds of a session: their artifacts and errors, as Packer sums them up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from oxtui.build.report.durations import in_words
from oxtui.build.report.said import Fact, Said
from oxtui.component import events as e
from oxtui.logs.sanitise import plain


@dataclass(slots=True)
class _Build:
    artifacts: list[e.ArtifactMade] = field(default_factory=list)
    note: str = ""
    """What was told last: of a build that makes nothing, why."""
    failure: tuple[str, str] = ("", "")
    """Step and cause."""
    status: e.BuildStatus | None = None
    error: str = ""


class Outcomes:
    """Gathers; `builds` are names of those that are known, in their order."""

    def __init__(self, builds: Sequence[str]) -> None:
        self._builds = {name: _Build() for name in builds}

    def noted(self, event: e.Noted) -> None:
        """A sentence that belongs to no step."""
        if event.build and not event.step and event.level == "info":
            self._of(event).note = event.text

    def made(self, event: e.ArtifactMade) -> str:
        """An artifact; returns the line that tells of it."""
        self._of(event).artifacts.append(event)
        text = _named(event) if event.name else artifact_text(event)
        fields = ", ".join(f"{name} {value}" for name, value in event.fields)
        return f"{text}: {fields}" if fields else text

    def failed(self, build: str, step: str, cause: str) -> None:
        """A step failed."""
        self._builds.setdefault(build, _Build()).failure = (step, cause)

    def ended(self, event: e.BuildFinished, *, interrupted: bool) -> str:
        """A build ended; returns why it did not succeed, empty if it did or a signal ended it."""
        build = self._of(event)
        build.status = event.status
        if event.status == "succeeded" or (event.status == "cancelled" and interrupted):
            return ""
        step, cause = build.failure
        # Packer's text comes first, for those who look for it; then what Packer does not tell.
        whole = event.error == f"{step}: {cause}"
        build.error = f"{cause} (step {step})" if whole else event.error
        build.error = build.error or f"the build was {event.status}"
        return build.error

    def summary(
        self, event: e.SessionFinished, *, interrupted: bool, resume: str = ""
    ) -> Iterator[Said | Fact]:
        """What is said when all builds have ended; `resume` is the number of a session that can go on."""
        yield Said("say", f"\n==> Wait completed after {in_words(event.seconds)}")
        if event.leftovers:
            yield Said(
                "error",
                f"==> oxtui: {event.leftovers} resources are left; `oxtui sweep` lists and removes them",
            )
        if resume and event.status != "succeeded":
            yield Said("say", f"==> oxtui: `oxtui resume {resume}` goes on where it ended")
        wrong = {name: build.error for name, build in self._builds.items() if build.error}
        if wrong:
            yield from _errors(wrong)
        good = {n: build for n, build in self._builds.items() if build.status == "succeeded"}
        if good:
            yield Said("say", "\n==> Builds finished. The artifacts of successful builds are:")
            for name, build in good.items():
                yield from _artifacts(name, build)
        elif not interrupted:
            yield Said("say", "\n==> Builds finished but no artifacts were created.")
        if interrupted:
            how = "Cancelled" if event.leftovers else "Cleanly cancelled"
            yield Said("say", f"{how} builds after being interrupted.")

    def _of(self, event: e.Event) -> _Build:
        return self._builds.setdefault(event.build, _Build())


def artifact_text(event: e.ArtifactMade) -> str:
    """The line that stands for an artifact; journals of older versions have none."""
    return event.text or _named(event)


def _named(event: e.ArtifactMade) -> str:
    kind = "artifact" if event.files else event.noun
    return f"{kind} {event.name} ({event.id})" if event.id else f"{kind} {event.name}"


def _errors(wrong: dict[str, str]) -> Iterator[Said | Fact]:
    yield Fact("", "error-count", (str(len(wrong)),))
    yield Said("error", "\n==> Some builds didn't complete successfully and had errors:")
    for name, error in wrong.items():
        yield Fact(name, "error", (error,))
        yield Said("error", plain(f"--> {name}: {error}"))


def _artifacts(name: str, build: _Build) -> Iterator[Said | Fact]:
    yield Fact(name, "artifact-count", (str(len(build.artifacts)),))
    for number, artifact in enumerate(build.artifacts):
        text = artifact_text(artifact)
        described = [
            ("builder-id", artifact.builder_id), ("id", artifact.id), ("string", text),
            ("files-count", str(len(artifact.files))),
            *(("file", str(index), file) for index, file in enumerate(artifact.files)),
            ("end",),
        ]  # fmt: skip
        for data in described:
            yield Fact(name, "artifact", (str(number), *data))
        yield from (Said("say", plain(f"--> {name}: {line}")) for line in text.splitlines())
    if not build.artifacts:
        yield Said("say", plain(f"--> {name}: {build.note.rstrip('.') or '<nothing>'}"))
