"""The steps of a build that packer runs, and which of them a sentence of packer belongs to."""

from __future__ import annotations

from oxtui.build.packer import recognise
from oxtui.build.packer.outline import OutlinedBuild
from oxtui.component.events import StepPlan

_WITHOUT_RESULT = frozenset({"null"})
"""Builders that make nothing, so that there is nothing to capture."""


def planned_steps(build: OutlinedBuild) -> tuple[StepPlan, ...]:
    """The steps that packer will take, as far as a template tells them."""
    provision = [
        StepPlan(
            id=f"provision-{number}", kind="provision", title=f"{number} {each.title}",
            detail=each.detail, breakpoint=each.type == "breakpoint",
        )
        for number, each in enumerate(build.provisioners, 1)
    ]  # fmt: skip
    post = [
        StepPlan(id=f"post-process-{number}", kind="post-process", title=each.name or each.type)
        for number, each in enumerate(build.post_processors, 1)
    ]
    capture = [StepPlan(id="capture", kind="capture", title="image")]
    return (
        StepPlan(id="prepare", kind="prepare", title="prepare"),
        *([StepPlan(id="connect", kind="connect", title="connect")] if build.connects else ()),
        *provision,
        *(() if build.builder_type in _WITHOUT_RESULT else capture),
        StepPlan(id="cleanup", kind="cleanup", title="clean up"),
        *post,
    )


class Course:
    """Where a build is. `step` is asked for each sentence of packer, in their order."""

    def __init__(self, build: OutlinedBuild) -> None:
        self._build = build
        self._ids = [plan.id for plan in planned_steps(build)]
        self._at = 0
        self._begun = {self._ids[0]}
        self._provisioner = -1
        """The one that runs or ran last, from 0."""
        self._parts = 0
        """How often it may begin yet."""
        self.failing = False
        """Packer cleans up after a failure."""
        self.passed: list[str] = []
        """What the last new step passed over without a word of packer's."""

    def step(self, text: str) -> str | None:
        """The step that a sentence begins or belongs to; None if it tells nothing of that."""
        found = self._find(text)
        if found is not None and found != self._ids[self._at]:
            self._go(found)
        return found

    def again(self) -> None:
        """The provisioner that runs begins once more."""
        self._parts = self._build.provisioners[self._provisioner].parts

    def rewind(self) -> None:
        """All provisioners begin once more."""
        self._provisioner, self._parts = -1, 0
        self._at = self._ids.index("connect") if "connect" in self._ids else 0
        self.failing = False

    def rest(self) -> list[str]:
        """What was never begun."""
        return [step for step in self._ids if step not in self._begun]

    def _go(self, step: str) -> None:
        to = self._ids.index(step)
        between = self._ids[self._at + 1 : to]
        self.passed = [each for each in between if each not in self._begun]
        if self.failing:  # what lies between is not run any more
            self.passed = []
        self._begun.update(self.passed, (step,))
        self._at = to

    def _find(self, text: str) -> str | None:
        if recognise.connects(text):
            early = "connect" in self._ids and self._provisioner < 0 and not self.failing
            return "connect" if early else None
        if self._ids[self._at].startswith("post-process") or self._ids[self._at] == "cleanup":
            return self._post_processor(text)
        if recognise.cleans(text):
            self.failing = text.startswith("Provisioning step had errors")
            return "cleanup" if self.failing or self._captured() else None
        if recognise.captures(text):
            return "capture" if "capture" in self._ids and self._provisioned() else None
        return self._provision(text) or self._post_processor(text)

    def _provisioned(self) -> bool:
        """Whether no provisioner is to come of which packer would have to tell."""
        rest = self._build.provisioners[self._provisioner + 1 :]
        return all(each.type in recognise.SILENT for each in rest)

    def _captured(self) -> bool:
        """Whether what is taken away is no longer needed; some builders delete before they capture."""
        return self._provisioned() and ("capture" in self._begun or "capture" not in self._ids)

    def _provision(self, text: str) -> str | None:
        all_ = self._build.provisioners
        at = self._provisioner
        if at >= 0 and self._parts > 0 and recognise.provisions(text, all_[at]):
            self._parts -= 1
            return f"provision-{at + 1}"
        announced = recognise.announces(text)
        if announced and at >= 0 and self._parts == all_[at].parts:
            return None  # its own pause, once more
        for index in range(at + 1, len(all_)):
            each = all_[index]
            if each.announced if announced else recognise.provisions(text, each):
                self._provisioner = index
                self._parts = each.parts - (not announced)
                return f"provision-{index + 1}"
        return None

    def _post_processor(self, text: str) -> str | None:
        begun = recognise.post_processes(text)
        if begun is None:
            return None
        for number, each in enumerate(self._build.post_processors, 1):
            step = f"post-process-{number}"
            behind = self._ids.index(step) > self._at
            if behind and each.type == begun.type and begun.name in ("", each.name, each.type):
                return step
        return None
