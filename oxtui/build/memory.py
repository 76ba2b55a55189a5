"""What a build has to know to go on in another process: told as an event, and taken up from one."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

from oxtui.build.checkpoints.keeper import Keeper
from oxtui.build.post_processing.processing import PostProcessing
from oxtui.build.resume.regaining import Regaining
from oxtui.build.resume.resumption import Resumption
from oxtui.build.reused import Reused
from oxtui.build.services import Services
from oxtui.component.debugger_events import BuilderRemembered
from oxtui.component.protocols import Builder, StepContext, Unfinished

_SECRET = ("Password", "SSHPrivateKey", "WinRMPassword")
"""Values of the machine that are remembered nowhere."""
_NOT_NEEDED = Reused("Nothing is left to do that needs it.")


class BuildMemory:
    """The memory of one build; `facts` are what its session adds, told from the beginning."""

    def __init__(
        self,
        builder: Builder,
        post_processing: PostProcessing,
        services: Services,
        facts: Mapping[str, Any],
    ) -> None:
        self._builder = builder
        self._post_processing = post_processing
        self._services = services
        self._facts = dict(facts)
        self._told: Mapping[str, Any] = {}
        self._regaining: Regaining | None = None
        """Of a build that took up what another process made: with what it goes on."""

    def keep(self) -> None:
        """Tells what another process would have to know, where that has changed."""
        values = self._builder.guest.values
        memory = {
            **self._facts,
            "builder": self._builder.remember(),
            "values": {name: each for name, each in values.items() if name not in _SECRET},
            "chains": self._post_processing.remember(),
        }
        memory = json.loads(json.dumps(memory))  # as whoever reads it back finds it
        if memory == self._told:
            return
        self._told = memory
        services = self._services
        services.emit(
            BuilderRemembered(time=services.now(), build=services.build, memory=self._told)
        )

    async def stands(self, done: Collection[str]) -> bool:
        """Whether what another process made was taken up; the build's checkpoints then know where its disk is.

        done: ids of the steps whose work is on it.
        """
        if self._regaining is not None:
            await self._regaining.stand(done)
        return self._regaining is not None

    async def take_up(
        self,
        before: Resumption,
        provisioners: Collection[str],
        context: StepContext,
        keeper: Keeper | None,
    ) -> dict[str, Reused]:
        """Goes on from where another process ended; the steps that need not run.

        Raises:
            StepError: what is needed is not there.
            ServiceError: the service has no answer.
        """
        memory, processing = before.memory, self._post_processing
        done = before.done(processing.chains)
        in_guest = [*provisioners, *processing.ids("before_seal")]
        regaining = Regaining(before.build, done, keeper, self._services, before.choices.beginning)
        there = await self._builder.recall(
            Unfinished(
                memory=memory.get("builder", {}),
                done=frozenset(done),
                provisioned=any(name in done for name in provisioners),
                needs_guest=any(name not in done for name in in_guest),
                private_key=before.private_key,
                done_at=before.done_at(provisioners),
                instead=regaining.instead,
                ended=before.build.phase in ("kept", "failed", "cancelled"),
            ),
            context,
        )
        self._regaining = regaining if there else None
        done = regaining.left(in_guest)
        await self._services.ledger.take_up()
        self._builder.guest.values |= memory.get("values", {})
        processing.recall(memory.get("chains", ()))
        others = {*provisioners, *processing.links}
        reused = {name: known for name, known in done.items() if name in others}
        for name, reason in there.items():
            reused[name] = Reused(reason) if reason else done.get(name, _NOT_NEEDED)
        return reused
