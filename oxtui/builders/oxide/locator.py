"""Where a resource of a rack is, in the plain texts that the journal keeps."""

from __future__ import annotations

import shlex
from collections.abc import Mapping

from oxtui.component.resources import ResourceRecord
from oxtui.oxide.client import OxideClient
from oxtui.oxide.credentials import Connection
from oxtui.oxide.errors import NotFound, OxideError
from oxtui.oxide.names import is_id


class WrongPlace(OxideError):
    """The token cannot tell whether the resource exists: it belongs to another silo or user."""


DEMO = "demo rack"
"""The source that a connection to the embedded simulated rack names for its host."""


def locate(
    connection: Connection,
    silo: str,
    user: str,
    *,
    project: str = "",
    description: str = "",
    **facts: str | int,
) -> dict[str, str]:
    """The locator of something about to be created; empty values are left out.

    Args:
        connection: to the rack; the demo rack's address changes with every start, so it is marked.
        silo: id (or name) of the silo.
        user: id of the user.
        project: id (or name) of the project.
        description: what it will be created with. What was found by name and has another
            description is not ours, so a temporary thing has one that no other has.
        facts: `cpus`, `memory` and `size` (bytes) for its cost; `os` and `version` of an image.
    """
    values = {
        "host": connection.host,
        "profile": connection.profile or "",
        "insecure": "yes" if connection.insecure else "",
        "cacert": str(connection.cacert or ""),
        "demo": "yes" if connection.source.get("host") == DEMO else "",
        "silo": silo,
        "user": user,
        "project": project,
        "description": description,
        **{name: str(value) for name, value in facts.items()},
    }
    return {name: value for name, value in values.items() if value}


_TELLING = ("description", "os", "version")


def is_ours(record: ResourceRecord, view: object) -> bool:
    """Whether what was found by name is what the record speaks of, as far as it shows that."""
    asked = ((name, record.locator[name]) for name in _TELLING if record.locator.get(name))
    return all(getattr(view, name, None) == value.strip() for name, value in asked)


async def confirm_absence(client: OxideClient, record: ResourceRecord, *, in_project: bool) -> None:
    """The rack said 404, which it also says of what the token may not see (oxide-api B1).

    Raises:
        WrongPlace: this token would not see the resource if it were there.
    """
    place = record.locator
    me = await client.session.me()
    if place.get("silo", me.silo_id) not in (me.silo_id, me.silo_name):
        raise WrongPlace(
            f'Nothing can be said about "{record.name}": it was made in another silo than '
            f"{me.silo_name}, which the token is for. Use a profile of that silo."
        )
    if place.get("user", me.id) == me.id:
        return
    project = place.get("project") if in_project else None
    if not project:
        raise WrongPlace(
            f'Nothing can be said about "{record.name}": it belongs to another user than '
            f"{me.display_name}, whose token is used. Use a profile of that user."
        )
    try:
        await client.projects.view(project)
    except NotFound:
        raise WrongPlace(
            f'Nothing can be said about "{record.name}": {me.display_name} cannot see its project '
            f"{project}. Use a profile of a user who can."
        ) from None


def command_line(record: ResourceRecord, *words: str, in_project: bool = True) -> str:
    """An `oxide` command on the resource, by id, or by name and project."""
    place = record.locator
    if place.get("demo"):
        return f"oxtui sweep --session {record.session} --yes"
    line = ["oxide", *words, record.id or record.name]
    if in_project and not record.id and place.get("project"):
        line += ["--project", place["project"]]
    options = ["--insecure"] if place.get("insecure") else []
    if place.get("cacert"):
        options += ["--cacert", place["cacert"]]
    host = ""
    if place.get("profile"):
        options += ["--profile", place["profile"]]
    elif place.get("host"):
        host = f"OXIDE_HOST={shlex.quote(place['host'])} "
    line[1:1] = options
    return host + shlex.join(line)


def parents(record: ResourceRecord, key: str) -> Mapping[str, str]:
    """Keyword arguments that go with a selector: the project by name, nothing by id."""
    project = record.locator.get("project")
    return {} if is_id(key) or not project else {"project": project}


def gibibytes(record: ResourceRecord, fact: str) -> str:
    """`20 GiB`; empty where the locator does not tell."""
    value = record.locator.get(fact, "")
    return f"{int(value) / 2**30:g} GiB" if value.isdigit() else ""
