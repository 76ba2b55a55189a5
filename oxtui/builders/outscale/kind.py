"""What all resource kinds of Outscale have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from oxtui.builders.outscale.locator import command_line
from oxtui.builders.outscale.waiting import once_free
from oxtui.component.resources import ResourceRecord, Verdict
from oxtui.outscale.client import OutscaleClient
from oxtui.outscale.errors import ApiError, NotFound, ServerError, TransportError

STATE_SECONDS = 600.0
"""How long a state is waited for; a guest may take minutes to stop."""


class OutscaleKind:
    """What all kinds have in common but finding; `action` deletes one, whose id is the field `field`."""

    name: ClassVar[str]
    title: ClassVar[str]
    order: ClassVar[int]
    action: ClassVar[str]
    field: ClassVar[str]
    is_machine: ClassVar[bool] = False
    at_once: ClassVar[bool] = False

    def __init__(self, state_seconds: float = STATE_SECONDS) -> None:
        self._state_seconds = state_seconds

    async def delete(self, service: OutscaleClient, record: ResourceRecord) -> bool:
        """Delete it, once nothing is in the way; False if it was gone already.

        Raises:
            OutscaleError: it is still there, or nobody knows.
        """
        try:
            await once_free(
                lambda: service.call(self.action, **{self.field: self._wire(record.id)}),
                seconds=self._state_seconds,
            )
        except NotFound:
            return False
        return True

    def verdict(self, error: BaseException) -> Verdict:
        """A refusal proves that nothing was made; a failure or a lost answer proves nothing."""
        match error:
            case TransportError():
                return "unknown" if error.sent else "absent"
            case ServerError():  # a gateway's 502 or 504 is no answer of the API
                return "unknown" if error.status in (502, 504) else "answered"
            case ApiError():
                return "absent"
        return "unknown"

    def command(self, record: ResourceRecord) -> str:
        """The call that deletes it, with curl; without an id there is none to name."""
        if not record.id:
            return f"oxtui sweep --session {record.session} --yes"
        return command_line(record, self.action, **{self.field: self._wire(record.id)})

    def cost(self, record: ResourceRecord) -> str:
        """Nothing worth telling."""
        return ""

    def _wire(self, id: str) -> Any:  # noqa: A002 - the field's own word
        return id


def first(found: Sequence[str]) -> str | None:
    """The first id, if there is one."""
    return found[0] if found else None
