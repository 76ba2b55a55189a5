"""What the commands on a rack's resources share: their flags, the connection, and how they end."""

from __future__ import annotations

import asyncio
import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from oxtui.cli.errors import USAGE, CommandError
from oxtui.cli.setting_flags import settings_from
from oxtui.cli.trust_flags import add_trust_flags

if TYPE_CHECKING:
    from oxtui.oxide.client import OxideClient
    from oxtui.oxide.credentials import Connection
    from oxtui.oxide.models.project import Project
    from oxtui.settings import Settings


@dataclass(frozen=True, slots=True)
class OnRack:
    """A connected rack, and what the operator set."""

    client: OxideClient
    settings: Settings
    environ: Mapping[str, str]
    simulated: bool

    async def projects(self, wanted: str | None) -> list[Project]:
        """The project of that name or id; all, where none is named."""
        if wanted:
            return [await self.client.projects.view(wanted)]
        return [project async for project in self.client.projects.list()]

    def check_writable(self) -> None:
        """Complain where the settings mark the profile as read-only."""
        name = self.client.connection.profile
        if name is not None and self.settings.profile(name).read_only:
            source = self.settings.source(f"profiles.{name}.read_only")
            raise CommandError(f"The profile {name} is read-only ({source}); nothing was changed.")

    @property
    def is_production(self) -> bool:
        """The settings mark it so: every change is asked about."""
        return self.settings.profile(self.client.connection.profile or "").production


Work = Callable[[OnRack], Awaitable[int]]


def add_rack_flags(parser: ArgumentParser) -> None:
    """Declare which rack is meant; without any of them, the one that the `oxide` command would use."""
    group = parser.add_argument_group("rack")
    group.add_argument("--profile", metavar="NAME", help="profile of the Oxide credentials")
    group.add_argument("--host", metavar="URL", help="the rack, whose token is known")
    add_trust_flags(group, unset=None)  # so that OXTUI_INSECURE counts
    group.add_argument("--demo", action="store_true", help="use the built-in simulated rack")


def add_json_flag(parser: ArgumentParser) -> None:
    """Declare `--json`."""
    parser.add_argument("--json", action="store_true", help="print JSON, as the API has it")


def add_project_flag(parser: ArgumentParser, help_: str, *, required: bool = False) -> None:
    """Declare `--project`."""
    parser.add_argument("--project", metavar="PROJECT", help=help_, required=required)


def on_rack(arguments: Namespace, work: Work) -> int:
    """Connect, do the work, and return its exit code; what is expected to fail ends in a sentence."""
    from oxtui.build.journal import JournalError
    from oxtui.component.errors import StepError
    from oxtui.demo import DemoError
    from oxtui.oxide.errors import OxideError, SelectorError

    try:
        return asyncio.run(_run(arguments, work))
    except SelectorError as error:
        raise CommandError(str(error), USAGE) from None
    except (OxideError, DemoError, JournalError, StepError) as error:
        raise CommandError(str(error)) from None


def narrate(text: str) -> None:
    """Tell what is going on, beside the output."""
    from oxtui.logs.sanitise import plain

    print(plain(text), file=sys.stderr, flush=True)


async def _run(arguments: Namespace, work: Work) -> int:
    from oxtui.oxide.client import OxideClient

    settings = settings_from(arguments)
    async with _connection(arguments, settings) as connection, OxideClient(connection) as client:
        environ = os.environ
        return await work(OnRack(client, settings, environ, arguments.demo))


@asynccontextmanager
async def _connection(arguments: Namespace, settings: Settings) -> AsyncIterator[Connection]:
    from oxtui.oxide.credentials import ConnectionOptions, default_config_dir, resolve

    if arguments.demo:
        if arguments.profile or arguments.host:
            raise CommandError("--demo is a rack of its own: leave --profile and --host out", USAGE)
        from oxtui.demo import demo_rack

        async with demo_rack(settings.paths) as rack:
            yield rack.connection
        return
    asked = ConnectionOptions(
        host=arguments.host,
        profile=arguments.profile,
        insecure=arguments.insecure,
        cacert=arguments.cacert,
    )
    yield await asyncio.to_thread(resolve, asked, os.environ, default_config_dir(os.environ))
