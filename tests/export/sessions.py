"""What a session told, for exports of it: its template's text, and what became of its steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from oxtui.build.folding import fold
from oxtui.build.state import SessionState, StepPhase
from oxtui.component.events import (
    ArtifactMade,
    BuildPlanned,
    Event,
    PlanValue,
    SessionStarted,
    StepEdited,
    StepFinished,
    StepPlan,
    StepStarted,
)
from oxtui.export.exported import Exported, ExportOptions
from oxtui.export.session import export_text
from oxtui.logs.redact import Redactor

IMAGE_ID = "ae46ddf5-5c4f-4b6e-8b0e-000000000001"
GIB = 1024**3


def template(*provisioners: str, source: str = "", build: str = "", head: str = "") -> str:
    """A template with one source; laid out as `packer fmt` would if its pieces are."""
    inner = "\n".join(f"\n{one}" for one in provisioners)
    more = f"  {source}\n" if source else ""
    return (
        f'{head}source "oxide-instance" "t" {{\n'
        '  project            = "web"\n'
        '  boot_disk_image_id = "ubuntu-24-04"\n'
        '  ssh_username       = "ubuntu"\n'
        f"{more}}}\n\n"
        f'build {{\n  sources = ["source.oxide-instance.t"]{build}\n{inner}\n}}\n'
    )


def shell(*lines: str, more: str = "") -> str:
    """A shell provisioner in a build block."""
    quoted = ", ".join('"' + line.replace("\\", "\\\\").replace('"', '\\"') + '"' for line in lines)
    extra = f"    {more}\n" if more else ""
    return f'  provisioner "shell" {{\n{extra}    inline = [{quoted}]\n  }}'


class Told:
    """A session's state, made of the events that its engine would have told."""

    def __init__(self, name: str = "t.pkr.hcl", *, simulated: bool = False) -> None:
        self.state = SessionState()
        self.events: list[Event] = []
        self._tell(
            SessionStarted(
                time=1.0, session="1", template=name, host="https://rack.test", simulated=simulated
            )
        )

    def _tell(self, event: Event) -> None:
        self.events.append(event)
        self.state = fold(self.state, event)

    def build(
        self,
        *titles: str,
        name: str = "oxide-instance.t",
        size: int = 20 * GIB,
        size_from: str = "default",
        found: bool = True,
        after: Sequence[str] = (),
        **values: str,
    ) -> Told:
        """A build that came to its end; `titles` are those of its provisioners.

        `after` are those of its post-processors.
        """
        given = {"project": "web", "boot_disk_image_id": "ubuntu-24-04", "cpus": "1", **values}
        plan = [PlanValue(name=n, value=v, source="template") for n, v in given.items()]
        if found:
            text = f"ubuntu-24-04 ({IMAGE_ID})"
            plan.append(PlanValue(name="source image", value=text, source="rack"))
            plan.append(PlanValue(name="boot_disk_size", value=str(size), source=size_from))
        steps = [
            StepPlan(id=f"provision-{number}", kind="provision", title=f"{number} {title}")
            for number, title in enumerate(titles, 1)
        ]
        sync = StepPlan(id="sync", kind="seal", title="sync")
        later = [
            StepPlan(id=f"post-process-{number}", kind="post-process", title=title)
            for number, title in enumerate(after, 1)
        ]
        all_ = (*steps, sync, *later)
        self._tell(BuildPlanned(time=1.0, build=name, steps=all_, values=tuple(plan)))
        for step in all_:
            self._tell(StepStarted(time=1.0, build=name, step=step.id))
            self._tell(StepFinished(time=2.0, build=name, step=step.id, status="done", seconds=1.0))
        self._tell(ArtifactMade(time=2.0, build=name, builder_id="x", id="i", name="made"))
        return self

    def edit(
        self, step: int | str, changes: Mapping[str, Any], name: str = "oxide-instance.t"
    ) -> Told:
        """The operator changed a provisioner, by its number, or another step, by its id."""
        self._tell(StepEdited(time=2.0, build=name, step=_id(step), changes=changes))
        return self

    def phase(self, number: int | str, phase: StepPhase, name: str = "oxide-instance.t") -> Told:
        """A provisioner, by its number, or another step, by its id, ended otherwise."""
        build = self.state.builds[name]
        step = replace(build.steps[_id(number)], phase=phase)
        steps = {**build.steps, step.plan.id: step}
        builds = {**self.state.builds, name: replace(build, steps=steps)}
        self.state = replace(self.state, builds=builds)
        return self

    async def export(self, text: str, options: ExportOptions | None = None) -> Exported:
        """The session as a template."""
        return await export_text(self.state, text, options or ExportOptions(), Redactor())


def _id(step: int | str) -> str:
    return f"provision-{step}" if isinstance(step, int) else step


def added(exported: Exported) -> list[str]:
    """The lines that an export adds, without their layout."""
    return [
        " ".join(line[1:].split())
        for line in exported.diff.splitlines()
        if line.startswith("+") and not line.startswith("+++") and line[1:].strip()
    ]


def removed(exported: Exported) -> list[str]:
    """The lines that an export takes away, without their layout."""
    return [
        " ".join(line[1:].split())
        for line in exported.diff.splitlines()
        if line.startswith("-") and not line.startswith("---") and line[1:].strip()
    ]
