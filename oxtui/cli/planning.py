"""What is planned of a template, and its problems in words: for commands without a screen."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from oxtui.build.planner import Planning, data_resolver, make_plan
from oxtui.logs.sanitise import plain_lines
from oxtui.template.hcl.diagnostic import Diagnostic, render
from oxtui.template.stores import Stores

if TYPE_CHECKING:
    from oxtui.build.selection import Selection
    from oxtui.component.protocols import Connector
    from oxtui.logs.redact import Redactor
    from oxtui.template.model import Template
    from oxtui.template.variables import VariableInputs


async def plan(
    template: Template,
    inputs: VariableInputs,
    redactor: Redactor,
    connector: Connector | None,
    *,
    name: str,
    selection: Selection | None = None,
) -> Planning:
    """The plan with every problem; without a connector no rack is asked, and data stays unknown.

    Secret stores are asked, as Packer's `validate` and `build` do.
    """
    return await make_plan(
        template, inputs, name=name, text=template.text, folder=Path.cwd(),
        data=None if connector is None else data_resolver(connector),
        selection=selection, hide=redactor.add, stores=Stores(inputs.environ, redactor.add),
    )  # fmt: skip


def tell(diagnostics: Iterable[Diagnostic], redactor: Redactor, to: TextIO) -> None:
    """Write each message with its excerpt, without secrets."""
    for diagnostic in diagnostics:
        print(plain_lines(redactor.text(render(diagnostic))), file=to)
