"""What a variable is called that stands for a secret: by what the secret is used for."""

from __future__ import annotations

import re
from collections.abc import Collection

from oxtui.template.hcl.tree import expressions as x
from oxtui.template.hcl.tree.bodies import Attribute, Body
from oxtui.template.hcl.tree.walk import walk

_ASSIGNED = re.compile(r"([A-Za-z_][\w-]*)[\\\"']*\s*[=:]\s*[\\\"']*$")
_OPTION = re.compile(r"--([A-Za-z][\w-]*) +[\\\"']*$")


def name_for(text: str, body: Body, offset: int, taken: Collection[str]) -> str:
    """A free name: `db_password` for `DB_PASSWORD=…`, `ssh_password` for that option, else `shell_secret`."""
    wished = _wished(text, body, offset)
    name = re.sub(r"\W+", "_", wished.lower()).strip("_") or "secret"
    if name[0].isdigit():
        name = f"secret_{name}"
    number = 1
    while (free := name if number == 1 else f"{name}_{number}") in taken:
        number += 1
    return free


def _wished(text: str, body: Body, offset: int) -> str:
    blocks = list(body.enclosing(offset))
    inner = blocks[-1].body if blocks else body
    attribute = next((a for a in inner.attributes.values() if a.span.contains(offset)), None)
    if attribute is None:
        return "secret"
    line = text[max(text.rfind("\n", 0, offset) + 1, attribute.expression.span.start) : offset]
    for pattern in (_ASSIGNED, _OPTION):
        found = pattern.search(line)
        if found is not None:
            return found.group(1)
    key = _key(attribute, offset)
    if key:
        return key
    label = blocks[-1].labels[0].value if blocks and blocks[-1].labels else ""
    lists = ("inline", "content", "user_data", "environment_vars", "execute_command")
    return f"{label}_secret" if attribute.name in lists else attribute.name


def _key(attribute: Attribute, offset: int) -> str:
    """The key of the object's item in which something stands, such as that of `env`."""
    key = ""
    for node in walk(attribute.expression):
        if isinstance(node, x.Object):
            for item in node.items:
                if item.value.span.contains(offset):
                    key = item.literal_key or getattr(item.key, "literal", None) or key
    return key
