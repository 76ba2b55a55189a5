"""Values by name, one a line, as Packer's console and `packer inspect` list them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from oxtui.template.console.hidden import hide
from oxtui.template.console.printed import printed, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from oxtui.logs.redact import Redactor
    from oxtui.template.hcl.values.value import Value

TOO_LARGE: Final = "<too large to show>"


def listing(
    kind: str,
    values: Mapping[str, Value],
    redactor: Redactor,
    secrets: AbstractSet[str],
    largest: float = math.inf,
) -> Iterator[str]:
    """Lines such as `var.name: "text"`, without secrets; a value of more than `largest` parts is not shown."""
    for name, value in sorted(values.items()):
        shown = printed(hide(value, redactor, secrets)) if value.size <= largest else TOO_LARGE
        yield f"{kind}.{name}: {quoted(shown)}"
