"""The account, and its key pairs."""

from __future__ import annotations

from typing import ClassVar

from oxtui.outscale.models.base import Model, Tagged


class Account(Model):
    """The account that the keys belong to."""

    account_id: str = ""
    company_name: str = ""


class Keypair(Tagged):
    """A key pair, of which the API has the public half."""

    id_field: ClassVar[str] = "keypair_name"

    keypair_fingerprint: str = ""
    keypair_id: str = ""
    keypair_name: str = ""
    keypair_type: str = ""

    @property
    def name(self) -> str:
        """Its own."""
        return self.keypair_name
