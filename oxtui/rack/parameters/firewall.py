"""The body of a firewall's change."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, Field
from pydantic_core import PydanticCustomError

from oxtui.rack.parameters.common import Created
from oxtui.rack.web.names import Name

_PORTS = re.compile(r"(\d{1,5})(?:-(\d{1,5}))?")


def _port_range(text: str) -> str:
    match = _PORTS.fullmatch(text)
    if match is None:
        raise PydanticCustomError("ports", "invalid port range")
    first = int(match[1])
    last = int(match[2] or first)
    if not 1 <= first <= last <= 65535:
        raise PydanticCustomError("ports", "invalid port range")
    return text


class NamedHosts(BaseModel):
    """Hosts by the name of something that holds them."""

    type: Literal["vpc", "subnet", "instance"]
    value: Name


class AddressedHosts(BaseModel):
    """Hosts by address or network."""

    type: Literal["ip", "ip_net"]
    value: str


class Protocol(BaseModel):
    """A protocol that a rule is about."""

    type: Literal["tcp", "udp", "icmp", "icmp6"]
    value: Any = None

    def view(self) -> dict[str, Any]:
        """Return the API's form: only the ICMP kinds have a value."""
        if self.type in ("tcp", "udp"):
            return {"type": self.type}
        return {"type": self.type, "value": self.value}


Hosts = Annotated[NamedHosts | AddressedHosts, Field(discriminator="type")]


class RuleFilters(BaseModel):
    """What narrows a rule."""

    hosts: list[Hosts] | None = None
    protocols: list[Protocol] | None = None
    ports: list[Annotated[str, AfterValidator(_port_range)]] | None = None

    def view(self) -> dict[str, Any]:
        """Return the API's form, in which a filter that does not narrow is absent."""
        shown = self.model_dump(exclude_none=True, exclude={"protocols"})
        if self.protocols is not None:
            shown["protocols"] = [protocol.view() for protocol in self.protocols]
        return shown


class RuleUpdate(Created):
    """A firewall rule."""

    status: Literal["enabled", "disabled"]
    direction: Literal["inbound", "outbound"]
    action: Literal["allow", "deny"]
    priority: Annotated[int, Field(ge=0, le=65535)]
    targets: list[Hosts]
    filters: RuleFilters


class RulesUpdate(BaseModel):
    """All rules of a VPC."""

    rules: list[RuleUpdate] = []
