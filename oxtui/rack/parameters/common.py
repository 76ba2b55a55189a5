"""Parts that many requests share."""

from __future__ import annotations

import base64
import binascii
import uuid
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, BaseModel, Field
from pydantic_core import PydanticCustomError

from oxtui.rack.timestamps import rfc3339
from oxtui.rack.web.names import Name, NameOrId
from oxtui.rack.web.paging import Scan

if TYPE_CHECKING:
    from oxtui.rack.timestamps import Clock

GIB = 1024**3

ByteCount = Annotated[int, Field(ge=0, le=2**63 - 1)]


def standard_base64(text: str) -> bytes:
    """Decode RFC 4648 § 4 with padding; PydanticCustomError if it is not that."""
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise PydanticCustomError(
            "base64", "invalid value: string, expected a standard Base64 string"
        ) from None


Base64 = Annotated[str, AfterValidator(lambda text: (standard_base64(text), text)[1])]


class Created(BaseModel):
    """The identity that every create gives its object."""

    name: Name
    description: str

    def identity(self, clock: Clock) -> dict[str, Any]:
        """Return the identity fields of the new object's record, with a fresh id."""
        moment = rfc3339(clock())
        return {
            "id": str(uuid.uuid4()),
            "name": self.name,
            "description": self.description,
            "time_created": moment,
            "time_modified": moment,
        }


class Updated(BaseModel):
    """The identity that an update may change."""

    name: Name | None = None
    description: str | None = None

    def changes(self, clock: Clock) -> dict[str, Any]:
        """Return the columns that change; an update always changes the time of modification."""
        return {**self.model_dump(exclude_none=True), "time_modified": rfc3339(clock())}


class InProject(BaseModel):
    """The query of a create: the project is required."""

    project: NameOrId


class OptionalProject(BaseModel):
    """The query of a view: the project is required where a name is used."""

    project: NameOrId | None = None


class OptionalProjectScan(Scan):
    """The query of a list that needs no project."""

    project: NameOrId | None = None
