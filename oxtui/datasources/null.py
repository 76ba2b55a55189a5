"""The null data source: what goes in comes out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import field_validator

from oxtui.component.options import Options, option
from oxtui.component.protocols import Connector


class NullDataOptions(Options):
    """One text."""

    documentation: ClassVar[str] = "https://developer.hashicorp.com/packer/docs/datasources/null"

    input: str = option(help="The text that its output will be.")

    @field_validator("input")
    @classmethod
    def _there(cls, text: str) -> str:
        if not text:
            raise ValueError("it is empty; write the text that output is to be")
        return text


class NullDataSource:
    """The `null` data source: it asks nobody."""

    Options: ClassVar[type[NullDataOptions]] = NullDataOptions

    def __init__(self, options: NullDataOptions, connector: Connector) -> None:
        self.options = options
        self.warnings: tuple[str, ...] = ()

    async def read(self) -> Mapping[str, Any]:
        """`output`, which is the input."""
        return {"output": self.options.input}
