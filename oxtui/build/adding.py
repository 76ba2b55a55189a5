"""Provisioners that an operator puts into a session while it runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from oxtui.build.steps import Common, ProvisionerStep
from oxtui.component.debugger_events import ProvisionerAdded
from oxtui.component.errors import StepError
from oxtui.component.events import StepPlan
from oxtui.component.protocols import ProvisionerSetting
from oxtui.component.registry import UnknownComponent, component


@dataclass(slots=True)
class Adder:
    """Makes steps of a build that its template does not have.

    `setting` is that of the build's provisioners, and `shown` masks what a step is told by.
    """

    setting: ProvisionerSetting
    shown: Callable[[str], str] = field(repr=False)
    made: int = 0

    def step(
        self, type_name: str, options: Mapping[str, Any], plan: StepPlan | None = None
    ) -> ProvisionerStep:
        """A step that runs the provisioner with these options; `plan` is that of one that was there before.

        Raises:
            StepError: there is no such provisioner, or it cannot have these options.
        """
        from pydantic import ValidationError  # only where a provisioner is added

        try:
            found = component("provisioner", type_name)
            decoded = found.Options.model_validate(dict(options))
        except UnknownComponent as error:
            raise StepError(str(error)) from None
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            place = ".".join(str(part) for part in first["loc"]) or type_name
            raise StepError(f"The provisioner cannot be added: {place}: {first['msg']}") from None
        self.made += 1
        if plan is None:
            plan = StepPlan(
                id=f"provision-added-{self.made}",
                kind="provision",
                title=f"+{self.made} {type_name}",
                detail=self.shown(found.detail(decoded)),
            )
        return ProvisionerStep(plan, found, lambda _build: decoded, Common(), self.setting)

    def restore(
        self,
        added: Iterable[ProvisionerAdded],
        steps: list[ProvisionerStep],
        tell: Callable[[str], None],
    ) -> None:
        """Puts what an earlier process of the session was given among the provisioners again, where it was.

        Known secrets in their options were masked when they were kept. What cannot be made is told.
        """
        for event in added:
            try:
                step = self.step(event.type_name, event.options, event.plan)
            except StepError as error:
                tell(f"{event.plan.title} is left out: {error}")
                continue
            ids = [each.plan.id for each in steps]
            steps.insert(ids.index(event.after) + 1 if event.after in ids else 0, step)
