"""Provisioners that an operator puts into a session while it runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from oxtui.build.steps import Common, ProvisionerStep
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

    def step(self, type_name: str, options: Mapping[str, Any]) -> ProvisionerStep:
        """A step that runs the provisioner with these options.

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
        plan = StepPlan(
            id=f"provision-added-{self.made}",
            kind="provision",
            title=f"+{self.made} {type_name}",
            detail=self.shown(found.detail(decoded)),
        )
        return ProvisionerStep(plan, found, lambda _build: decoded, Common(), self.setting)
