"""A simulated Outscale as a process: from its options to the moment it is asked to stop."""

from __future__ import annotations

import contextlib
import functools
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from oxtui.rack import faults, latency
from oxtui.rack.hypervisor import Hypervisor
from oxtui.rack.isolation.errors import RackMachineError
from oxtui.rack.loop_devices import why_not
from oxtui.rack.outscale.actions.registry import ACTIONS
from oxtui.rack.outscale.application import PREFIX, Application
from oxtui.rack.outscale.cloud import open_cloud
from oxtui.rack.outscale.faults import OUTSCALE
from oxtui.rack.outscale.seed import seed
from oxtui.rack.outscale.store import open_store
from oxtui.rack.process import bound, published, state_folder, until_told
from oxtui.rack.timestamps import now

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from oxtui.rack.serve import ServeOptions


@dataclass(frozen=True, slots=True)
class Announcement:
    """What a client must know. `secret_key` is a secret."""

    endpoint: str
    region: str
    access_key: str
    secret_key: str = field(repr=False)
    ssh_port: int
    isolation: str
    pid: int
    cacert: str | None
    banner: str
    """How VMs and this machine are kept apart, in a sentence for the operator."""

    @property
    def variables(self) -> dict[str, str]:
        """The environment of a client."""
        trusted = {} if self.cacert is None else {"SSL_CERT_FILE": self.cacert}
        return {
            "OSC_ENDPOINT_API": self.endpoint,
            "OSC_REGION": self.region,
            "OSC_ACCESS_KEY": self.access_key,
            "OSC_SECRET_KEY": self.secret_key,
            **trusted,
        }


async def serve(options: ServeOptions, announce: Callable[[Announcement], None]) -> None:
    """Serve until told to stop; when this returns, every VM is off.

    `seed` and `ip_pools` of the options do not matter. Raises what the rack's own `serve` raises,
    except for SeedConflictError.
    """
    run = functools.partial(_run, options, announce)
    await until_told(run, with_parent=options.with_parent)


async def _run(
    options: ServeOptions,
    announce: Callable[[Announcement], None],
    ready: asyncio.Event,
    stop: asyncio.Event,
) -> None:
    trouble = faults.parse(list(options.faults), OUTSCALE)
    trouble.check_targets(tuple(ACTIONS))
    if options.loop_devices and (reason := why_not()):
        raise RackMachineError(f"--loop-devices cannot be had here: {reason}")
    async with contextlib.AsyncExitStack() as stack:
        listener = bound(options.host, options.port)
        stack.callback(listener.close)
        folder = stack.enter_context(state_folder(options.state))
        store = stack.enter_context(open_store(folder))
        hypervisor = await stack.enter_async_context(
            Hypervisor.open(
                folder,
                isolation=options.isolation,
                ssh_port=options.ssh_port,
                keep_unsynced=trouble.keep_unsynced,
                allow_none=options.allow_none,
            )
        )
        account = await seed(store, hypervisor.disks, now)
        cloud = await stack.enter_async_context(
            open_cloud(
                store,
                hypervisor,
                account,
                loop_devices=options.loop_devices,
                faults=trouble,
                latency=latency.PROFILES[options.latency],
                clock=now,
            )
        )
        base, cacert = await stack.enter_async_context(
            published(Application(cloud), listener, folder, host=options.host, tls=options.tls)
        )
        ready.set()
        announce(
            Announcement(
                endpoint=f"{base}{PREFIX}",
                region=account.region,
                access_key=account.access_key,
                secret_key=account.secret_key,
                ssh_port=hypervisor.ssh_port,
                isolation=hypervisor.isolation,
                pid=os.getpid(),
                cacert=cacert,
                banner=hypervisor.banner,
            )
        )
        await stop.wait()
