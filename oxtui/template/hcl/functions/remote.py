"""Functions that ask a secret store. Without one to ask, as while somebody types, their answers are unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from oxtui.template.hcl.functions.spec import CallError, Function, Parameter
from oxtui.template.hcl.values.types import STRING
from oxtui.template.hcl.values.value import string, unknown
from oxtui.template.stores.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from oxtui.template.hcl.values.value import Value
    from oxtui.template.stores import Stores

_PATH, _NAME, _KEY = (Parameter(name, STRING) for name in ("path", "name", "key"))
_PARAMETERS: Final = {
    "vault": (_PATH, _KEY),
    "consul_key": (_KEY,),
    "aws_secretsmanager": (_NAME, Parameter("key", STRING, nullable=True)),
    "aws_secretsmanager_raw": (_NAME,),
}


def remote_functions(stores: Stores | None) -> list[Function]:
    """The functions; what they give is always sensitive, although Packer shows it."""
    return [_function(name, stores) for name in _PARAMETERS]


def _function(name: str, stores: Stores | None) -> Function:
    def implementation(arguments: Sequence[Value]) -> Value:
        if stores is None:
            return unknown(STRING).marked()
        given = ["" if argument.is_null else argument.text for argument in arguments]
        try:
            return string(stores.functions[name](*given)).marked()
        except StoreError as problem:
            raise CallError(str(problem)) from None

    return Function(name, _PARAMETERS[name], implementation, returns=STRING)
