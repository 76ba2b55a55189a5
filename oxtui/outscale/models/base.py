"""Base of all models."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_pascal

# A command or screen uses a few of these models: `defer_build` makes their validators when they are needed.


class Model(BaseModel):
    """Something that the API returns. Every field may be missing; those that we do not know are ignored."""

    model_config = ConfigDict(
        frozen=True, extra="ignore", defer_build=True, alias_generator=to_pascal,
        populate_by_name=True,
    )  # fmt: skip


class ResourceTag(Model):
    """A tag."""

    key: str = ""
    value: str = ""


class Tagged(Model):
    """Something that has tags."""

    id_field: ClassVar[str]
    """Which of its fields has its id."""

    tags: list[ResourceTag] = Field(default_factory=list)

    @property
    def id(self) -> str:
        """Its id, or what else the API knows it by."""
        return str(getattr(self, self.id_field))

    @property
    def name(self) -> str:
        """What people call it: its own name, else that of its tags, else its id."""
        return self.labels.get("Name") or self.id

    @property
    def labels(self) -> Mapping[str, str]:
        """The tags by key."""
        return {tag.key: tag.value for tag in self.tags}
