"""What can be known before anything is made: account, names, source image, network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxtui.builders.outscale import network
from oxtui.builders.outscale.names import keypair_taken, temporary_name
from oxtui.builders.outscale.source import find_image
from oxtui.builders.outscale.vm import user_data
from oxtui.component.errors import StepError
from oxtui.component.events import BuildPlanned
from oxtui.component.protocols import StepContext
from oxtui.outscale.errors import AccessDenied, ApiError

if TYPE_CHECKING:
    from oxtui.builders.outscale.account_builder import AccountBuilder
    from oxtui.builders.outscale.vm_builder import VmBuilder
    from oxtui.outscale.client import OutscaleClient
    from oxtui.outscale.models.image import Image


async def preflight(builder: VmBuilder, context: StepContext) -> None:
    """Checks everything that can be checked, and fills in what the template leaves open.

    Raises:
        StepError: the build cannot succeed.
        OutscaleError: the API does not accept the keys, or gave no answer.
    """
    client = await check_account(builder, context)
    await find_source(builder, client, context)
    builder.user_data = await user_data(builder)
    await builder.check(client)
    await network.choose(builder, client, context)
    await _keypair_free(builder, client)
    # Whoever is to give a passphrase is asked before anything is made.
    await builder.ring.open(builder.options, context)
    tell_values(builder, context)


async def check_account(builder: AccountBuilder, context: StepContext) -> OutscaleClient:
    """Finds out which account it is, and that its keys may be used.

    Raises:
        OutscaleError: the API does not accept the keys, or gave no answer.
    """
    found, setting = builder.found, builder.setting
    client = await builder.client()
    await _rehearse(client)
    found.account = (await client.account()).account_id
    found.region = client.connection.region
    context.say(f"Account {found.account} in {found.region}, at {client.connection.endpoint}")
    found.name = temporary_name(setting.source_name, setting.run_id)
    return client


async def find_source(
    builder: AccountBuilder, client: OutscaleClient, context: StepContext
) -> Image:
    """The image that the template begins with.

    Raises:
        StepError: it cannot be built from.
        OutscaleError: there is none, or more than one.
    """
    options, found = builder.options, builder.found
    found.source = source = await find_image(
        client, found.account, options.source_omi_filter, options.source_omi
    )
    context.say(f"Source image {source.image_name} ({source.image_id}) of {source.account_id}")
    if source.root_device_type != "bsu":
        raise StepError(
            f"source_omi: the root device of {source.image_id} is {source.root_device_type or 'unknown'}; "
            "only images on BSU volumes can be built from. Choose another one."
        )
    return source


def tell_values(builder: AccountBuilder, context: StepContext) -> None:
    """Tells readers of the session what is known now."""
    values = tuple(builder.values())
    context.emit(BuildPlanned(time=context.now(), build=context.build, steps=(), values=values))


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
        raise StepError(keypair_taken(name))
