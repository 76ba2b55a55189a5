"""What can go wrong between us and a MAAS; the text of each is for an operator to read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from oxtui.service import ServiceError


class MaasError(ServiceError):
    """Base of all errors of this package."""


class SettingError(MaasError):
    """The address or the API key is missing or cannot be used."""


class FileRefused(MaasError):
    """The file is none that MAAS takes, or what it is cannot be told; the text says what to do."""


class Unreachable(MaasError):
    """No whole answer came back.

    Attributes:
        sent: False when the request certainly never reached MAAS, so it may be repeated.
    """

    def __init__(self, message: str, *, sent: bool) -> None:
        super().__init__(message)
        self.sent = sent


class UnreadableReply(MaasError):
    """What answered is no MAAS, or not its API."""


class OutcomeUnknown(MaasError):
    """A change was asked for, no answer came, and looking did not settle it."""


class NotSpread(MaasError):
    """MAAS has all bytes, and has not handed them to its controllers in time."""


class Refused(MaasError):
    """MAAS refused or failed.

    Attributes:
        status: HTTP status.
        message: MAAS's own words, where it gave any for the whole.
        fields: Its words about single fields of a form, by the field's name.
    """

    def __init__(
        self,
        doing: str,
        status: int,
        message: str,
        fields: Mapping[str, Sequence[str]],
        hint: str = "",
    ) -> None:
        self.status = status
        self.message = message
        self.fields = fields
        told = "; ".join(f"{name}: {' '.join(words)}" for name, words in fields.items()) or message
        cause = (told or f"HTTP status {status}").rstrip(".")
        super().__init__(f"Cannot {doing}: {cause}.{f' {hint}' if hint else ''}")

    @property
    def is_of_proxy(self) -> bool:
        """The answer is that of a proxy before MAAS, which proves nothing."""
        return self.status in (502, 503, 504)
