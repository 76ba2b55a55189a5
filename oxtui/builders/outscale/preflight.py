"""What can be known before anything is made: account, names, source image, network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxtui.builders.outscale import network
from oxtui.builders.outscale.names import temporary_name
from oxtui.builders.outscale.source import find_image
from oxtui.builders.outscale.vm import user_data
from oxtui.component.errors import StepError
from oxtui.component.events import BuildPlanned
from oxtui.component.protocols import StepContext
from oxtui.outscale.errors import AccessDenied, ApiError

if TYPE_CHECKING:
    from oxtui.builders.outscale.vm_builder import VmBuilder
    from oxtui.outscale.client import OutscaleClient


async def preflight(builder: VmBuilder, context: StepContext) -> None:
    """Checks everything that can be checked, and fills in what the template leaves open.

    Raises:
        StepError: the build cannot succeed.
        OutscaleError: the API does not accept the keys, or gave no answer.
    """
    options, found = builder.options, builder.found
    client = await builder.client()
    await _rehearse(client)
    account = await client.account()
    found.account = account.account_id
    connection = client.connection
    found.region = connection.region
    context.say(f"Account {account.account_id} in {connection.region}, at {connection.endpoint}")
    found.source = source = await find_image(
        client, found.account, options.source_omi_filter, options.source_omi
    )
    context.say(f"Source image {source.image_name} ({source.image_id}) of {source.account_id}")
    if source.root_device_type != "bsu":
        raise StepError(
            f"source_omi: the root device of {source.image_id} is {source.root_device_type or 'unknown'}; "
            "only images on BSU volumes can be built from. Choose another one."
        )
    found.name = temporary_name(builder.setting.source_name, builder.setting.run_id)
    builder.user_data = await user_data(builder)
    await builder.check(client)
    await network.choose(builder, client, context)
    await _keypair_free(builder, client)
    # Whoever is to give a passphrase is asked before anything is made.
    await builder.ring.open(options, context)
    context.emit(
        BuildPlanned(
            time=context.now(), build=context.build, steps=(), values=tuple(builder.values())
        )
    )


async def _rehearse(client: OutscaleClient) -> None:
    """Asks whether the keys may do anything with VMs; what else a rehearsal is answered with says nothing.

    Raises:
        AccessDenied: they may not.
    """
    try:
        await client.call("ReadVms", DryRun=True)
    except AccessDenied:
        raise
    except ApiError:
        return


async def _keypair_free(builder: VmBuilder, client: OutscaleClient) -> None:
    """A key pair that is there already would be taken for ours, and deleted, should an answer be lost."""
    if not builder.options.needs_temporary_key or builder.found.keypair:
        return
    name = builder.keypair_name
    if await client.keypairs.find(name) is not None:
        raise StepError(
            f'temporary_key_pair_name: there is a key pair "{name}" already. Choose another name.'
        )
