"""What data sources are to the engine that asks them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from oxtui.component.protocols import Connector

if TYPE_CHECKING:
    from oxtui.component.options import Options


class DataSource(Protocol):
    """Looks up values for a template."""

    Options: ClassVar[type[Options]]
    warnings: Sequence[str]
    """What is odd about what was read, as sentences."""

    def __init__(self, options: Any, connector: Connector) -> None: ...

    async def read(self) -> Mapping[str, Any]:
        """The outputs by name.

        Raises:
            ServiceError: the service has no answer.
            DataSourceError: another source has none.
        """
        ...
