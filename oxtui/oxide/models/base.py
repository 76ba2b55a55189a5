"""Base classes of all models: views that the API returns, bodies that it takes."""

from datetime import datetime
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict

# A command or screen uses a few of these models: `defer_build` makes their validators when they are needed.


class Model(BaseModel):
    """Something that the API returns. Fields of newer racks that we do not know are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)


class Body(BaseModel):
    """Something that the API takes. A field that is None is left out: the rack's default holds."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    def wire(self) -> dict[str, Any]:
        """The JSON object that is sent."""
        return self.model_dump(mode="json", exclude_none=True)


class Resource(Model):
    """The fields that every named resource has. Times are UTC."""

    id: str
    name: str
    description: str
    time_created: datetime
    time_modified: datetime


ItemT = TypeVar("ItemT", bound=Model)


class ResultsPage(Model, Generic[ItemT]):
    """One page of a list. `next_page` is set on every page that is not empty, even the last."""

    items: list[ItemT]
    next_page: str | None = None
