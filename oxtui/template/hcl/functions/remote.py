"""Functions that ask a secret store. Their answers are not known while a template is only read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from oxtui.template.hcl.functions.spec import Function, Parameter
from oxtui.template.hcl.values.types import STRING
from oxtui.template.hcl.values.value import unknown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from oxtui.template.hcl.values.value import Value


def _later(_: Sequence[Value]) -> Value:
    return unknown(STRING).marked()


_PATH, _KEY = Parameter("path", STRING), Parameter("key", STRING)

FUNCTIONS: Final = (
    Function("vault", (_PATH, _KEY), _later, returns=STRING),
    Function("consul_key", (_KEY,), _later, returns=STRING),
    Function("aws_secretsmanager", (Parameter("name", STRING), _KEY), _later, returns=STRING),
    Function("aws_secretsmanager_raw", (Parameter("name", STRING),), _later, returns=STRING),
)
