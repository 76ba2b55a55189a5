"""SSH keys of the user: new instances are given them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING, Any

from oxtui.oxide.public_key import fingerprint
from screens.browse.deleting import delete_keys
from screens.browse.look import Look
from screens.browse.new_key import add_key
from screens.browse.resource import PAGE, Fact, Resource, Scope
from screens.browse.resources.oxide.common import created_column, identity, name_column, times
from screens.tables.cell import Cell, Column

if TYPE_CHECKING:
    from oxtui.oxide.client import OxideClient


def _kind(row: Any) -> str:
    return str(row.public_key.split(maxsplit=1)[0]) if row.public_key.split() else "–"


def _comment(row: Any) -> str:
    parts = row.public_key.split(maxsplit=2)
    return parts[2] if len(parts) > 2 else "–"


def _columns(look: Look) -> Sequence[Column]:
    return (
        name_column(),
        Column(title="TYPE", cell=_kind, priority=2, minimum=11),
        Column(
            title="FINGERPRINT",
            cell=lambda row: Cell(fingerprint(row.public_key) or "not a key", "muted"),
            priority=6,
            minimum=50,
            maximum=50,
        ),
        Column(title="COMMENT", cell=_comment, priority=3, minimum=12),
        created_column(look, 5),
    )


def _pages(client: OxideClient, _scope: Scope) -> AsyncIterator[list[Any]]:
    return client.ssh_keys.pages(PAGE)


def _facts(row: Any, look: Look) -> Sequence[Fact]:
    return [
        *identity(row),
        Fact("type", _kind(row)),
        Fact("comment", _comment(row)),
        Fact("print", fingerprint(row.public_key) or "not a key"),
        Fact("key", row.public_key),
        *times(row, look),
    ]


KEYS = Resource(
    id="keys",
    one="SSH key",
    columns=_columns,
    pages=_pages,
    facts=_facts,
    handlers={"keys.add": add_key, "browse.delete-keys": delete_keys},
    in_projects=False,
    empty="No SSH key yet. a adds one; new instances get all of them.",
)
