"""`legacy_isotime` and `legacy_strftime`: the time at which everything started, as JSON templates had it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxtui.template.hcl.functions.go_layout import format_go_time
from oxtui.template.hcl.functions.spec import CallError, Function, Parameter
from oxtui.template.hcl.functions.strftime import format_c_time
from oxtui.template.hcl.functions.timestamps import write_timestamp
from oxtui.template.hcl.values.types import STRING
from oxtui.template.hcl.values.value import string

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from oxtui.template.hcl.values.value import Value


def legacy_time_functions(started: datetime) -> tuple[Function, ...]:
    """The functions, for a start at this moment (UTC)."""

    def isotime(arguments: Sequence[Value]) -> Value:
        if len(arguments) > 1:
            raise CallError("too many values, 1 needed")
        if not arguments:
            return string(write_timestamp(started))
        return string(format_go_time(started, arguments[0].text))

    def strftime(arguments: Sequence[Value]) -> Value:
        if len(arguments) > 1:
            raise CallError("too many values, 1 needed")
        try:
            return string(format_c_time(started, arguments[0].text if arguments else ""))
        except ValueError as problem:
            raise CallError(str(problem)) from None

    rest = Parameter("format", STRING)
    return (
        Function("legacy_isotime", (), isotime, rest=rest, returns=STRING),
        Function("legacy_strftime", (), strftime, rest=rest, returns=STRING),
    )
