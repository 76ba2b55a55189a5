"""What all builders on Outscale have in common: the account, and what their steps share."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any, ClassVar

from oxtui.builders.outscale.found import Found
from oxtui.builders.outscale.locator import locate
from oxtui.builders.outscale.names import BUILD_TAG, clean_omi_name
from oxtui.component.errors import StepError
from oxtui.component.events import PlanValue, StepPlan
from oxtui.component.post_processing import Artifact
from oxtui.component.protocols import BuilderSetting, Guest, Step, StepContext
from oxtui.component.resources import ResourceRecord
from oxtui.outscale.client import OutscaleClient
from oxtui.outscale.connection import Connection
from oxtui.template.legacy.interpolate import InterpolationError

Run = Callable[[Any, StepContext], Coroutine[Any, Any, None]]
Entry = tuple[str, str, Any, Run]
"""Id, title and kind of a step, and what it does."""


class AccountBuilder:
    """Works on one account of a region."""

    builder_id: ClassVar[str]
    """Of the artifact."""
    provider: ClassVar[str] = "outscale"
    makes_machine: ClassVar[bool] = True
    without_artifact: ClassVar[str]
    snapshot: ClassVar[None] = None
    without_snapshot: ClassVar[str] = (
        "oxtui reads no snapshots of Outscale. Capture the root file system instead, or link a volume that was "
        "made from the snapshot to the VM of another build, and capture that device there"
    )
    options: Any
    """Of whatever kind the builder has; access to the account is among them."""

    def __init__(self, options: Any, setting: BuilderSetting) -> None:
        self.options = options
        functions = {"clean_resource_name": clean_omi_name, "clean_omi_name": clean_omi_name}
        interpolation = setting.interpolation.with_functions(functions)
        self.setting = replace(setting, interpolation=interpolation)
        self.guest = Guest()
        self.private_key = ""
        self.found = Found()
        self._client: OutscaleClient | None = None
        self._connection: Connection | None = None
        """Known to the end: post-processors run when the client is closed."""
        self._handed_over = False
        self._stack = AsyncExitStack()

    @staticmethod
    def has_snapshot(options: Any) -> bool:
        """None that can be read."""
        return False

    @property
    def makes_image(self) -> bool:
        """An image is what it makes."""
        return False

    async def client(self) -> OutscaleClient:
        """The connected client of the account.

        Raises:
            CredentialsError: no keys are given anywhere.
        """
        if self._client is None:
            explicit = self.options.connection_options()
            connecting = self.setting.connector.client(self.provider, explicit)
            client: OutscaleClient = await self._stack.enter_async_context(connecting)
            self._client, self._connection = client, client.connection
        return self._client

    @property
    def connection(self) -> Connection:
        """To the account.

        Raises:
            StepError: there is none yet.
        """
        if self._connection is None:
            raise StepError("the account is not connected yet; retry the preflight step first")
        return self._connection

    @property
    def region(self) -> str:
        """Of the account."""
        return self.connection.region

    @property
    def build_tags(self) -> dict[str, str]:
        """Tags by which an operator finds everything of this build."""
        return {BUILD_TAG: f"{self.setting.run_uuid}/{self.setting.run_id}"}

    def render(self, text: str) -> str:
        """A text with what it names of region and source image.

        Raises:
            StepError: it names what there is not.
        """
        source = self.found.source
        known: dict[str, Any] = {"BuildRegion": self.region}
        if source is not None:
            known |= {
                "SourceOMI": source.image_id,
                "SourceOMIName": source.image_name,
                "SourceOMITags": dict(source.labels),
            }
        try:
            return self.setting.interpolation.render(text, **known)
        except InterpolationError as error:
            raise StepError(f'"{text}" cannot be evaluated: {error}') from None

    def rendered(self, tags: Mapping[str, str]) -> dict[str, str]:
        """Tags whose keys and values are evaluated."""
        return {self.render(key): self.render(value) for key, value in tags.items()}

    def locator(self, **known: str) -> dict[str, str]:
        """Where this build's resources are, for whoever has to find them without this process."""
        return locate(self.connection, self.found.account, **known)

    def values(self) -> Sequence[PlanValue]:
        """Account, source and place, as far as they are known."""
        found = self.found
        values = []
        if self._client is not None:
            connection = self._client.connection
            for name in ("region", "endpoint"):
                source = connection.source.get(name, "default")
                values.append(PlanValue(name=name, value=getattr(connection, name), source=source))
        known = [("account", found.account)]
        if found.source is not None:
            text = f"{found.source.image_name} ({found.source.image_id})"
            known.append(("source image", text))
        known += [("subnet", found.subnet), ("subregion", found.subregion)]
        values += [
            PlanValue(name=name, value=value, source="Outscale") for name, value in known if value
        ]
        return values

    async def check(self, client: OutscaleClient) -> None:
        """Makes sure that nothing is in the way of what the build is to make.

        Raises:
            StepError: it cannot be made.
        """

    def _step(self, id: str, title: str, kind: Any, run: Run, *, keeps_machine: bool) -> Step:  # noqa: A002
        plan = StepPlan(id=id, kind=kind, title=title)
        return Step(plan, lambda context: run(self, context), keeps_machine=keeps_machine)

    @abstractmethod
    def result(self) -> Artifact | None:
        """What was made."""

    async def hand_over(self) -> None:
        """The result is the operator's from now on."""
        self._handed_over = True

    def service(self, record: ResourceRecord) -> Any:
        """The client of this build's account, for what is there."""
        return self._client if record.provider == self.provider else None

    async def close(self) -> None:
        """Ends the connection to the API; what was not handed over is deleted by now."""
        if not self._handed_over:
            self.found.image = None
            self.found.built = {}
        self._client = None
        await self._stack.aclose()
