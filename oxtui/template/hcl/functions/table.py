"""All functions that templates may call: Packer 1.16's table, without `env`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from oxtui.template.hcl.evaluate.work import Work
from oxtui.template.hcl.functions import (
    dates,
    encoding,
    formatting,
    hashing,
    json_text,
    mappings,
    network,
    numbers,
    patterns,
    sequences,
    sets,
    special,
    strings,
    yaml_text,
)
from oxtui.template.hcl.functions.files import file_functions
from oxtui.template.hcl.functions.legacy_time import legacy_time_functions
from oxtui.template.hcl.functions.remote import remote_functions
from oxtui.template.hcl.functions.template_files import template_file_function

if TYPE_CHECKING:
    from pathlib import Path

    from oxtui.template.hcl.functions.spec import AnyFunction
    from oxtui.template.stores import Stores


def function_table(
    folder: Path,
    started: datetime | None = None,
    stores: Stores | None = None,
    work: Work | None = None,
) -> dict[str, AnyFunction]:
    """Packer's functions by name.

    `folder` is where relative paths of files start; `started` is the moment (UTC) that the `legacy_`
    functions show, by default now. `stores` are asked for secrets; without them these are unknown. What
    files cost that are templates is spent of `work`.
    """
    known: list[AnyFunction] = [
        *strings.FUNCTIONS,
        *numbers.FUNCTIONS,
        *sequences.FUNCTIONS,
        *mappings.FUNCTIONS,
        *sets.FUNCTIONS,
        *json_text.FUNCTIONS,
        *yaml_text.FUNCTIONS,
        *encoding.FUNCTIONS,
        *hashing.FUNCTIONS,
        *network.FUNCTIONS,
        *patterns.FUNCTIONS,
        *formatting.FUNCTIONS,
        *dates.FUNCTIONS,
        *special.FORMS,
        *file_functions(folder),
        *legacy_time_functions(started or datetime.now(UTC)),
        *remote_functions(stores),
    ]
    table = {function.name: function for function in known}
    table["templatefile"] = template_file_function(folder, table, work or Work())
    return table
