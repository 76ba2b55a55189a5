"""`env`, which only the defaults of variables may call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxtui.template.hcl.functions.spec import Function, Parameter
from oxtui.template.hcl.values.types import STRING
from oxtui.template.hcl.values.value import string

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from oxtui.template.hcl.values.value import Value


def env_function(environ: Mapping[str, str]) -> Function:
    """`env(name)`: an environment variable's text, empty where it is not set."""

    def implementation(arguments: Sequence[Value]) -> Value:
        return string(environ.get(arguments[0].text, ""))

    return Function("env", (Parameter("key", STRING),), implementation, returns=STRING)
