"""Key pairs: imported public keys, and pairs whose private half is shown once."""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import re
from typing import TYPE_CHECKING, Any

import asyncssh

from oxtui.rack.outscale.actions import find
from oxtui.rack.outscale.cloud import new_id
from oxtui.rack.outscale.errors import conflict, invalid, missing_parameter, no_such
from oxtui.rack.outscale.lists import by, reading
from oxtui.rack.outscale.records import Keypair

if TYPE_CHECKING:
    from oxtui.rack.outscale.cloud import Cloud

_NAME = re.compile(r"[ -~]{1,255}")
_GENERATED_BITS = 2048


async def create_keypair(cloud: Cloud, body: dict[str, Any]) -> dict[str, Any]:
    """Import a public key, or make a pair and return its private key."""
    name = body["KeypairName"]
    if not _NAME.fullmatch(name):
        raise invalid("4035", "KeypairName must be 1 to 255 printable ASCII characters")
    if cloud.store.keypairs.find(name=name) is not None:
        raise conflict("9011", f"there is a key pair {name} already")
    shown: dict[str, Any] = {}
    if "PublicKey" in body:
        key = _imported(body["PublicKey"])
    else:
        pair = await asyncio.to_thread(
            asyncssh.generate_private_key, "ssh-rsa", key_size=_GENERATED_BITS
        )
        shown = {"PrivateKey": pair.export_private_key("pkcs1-pem").decode()}
        key = pair.convert_to_public()
    if cloud.store.keypairs.find(name=name) is not None:
        raise conflict("9011", f"there is a key pair {name} already")
    digest = hashlib.md5(key.public_data, usedforsecurity=False).hexdigest()
    keypair = Keypair(
        id=new_id("key"),
        name=name,
        kind=key.get_algorithm(),
        fingerprint=":".join(re.findall("..", digest)),
        public_key=key.export_public_key().decode().strip(),
    )
    cloud.store.keypairs.insert(keypair)
    return {"Keypair": {**_view(cloud, keypair), **shown}}


def _views(cloud: Cloud) -> list[dict[str, Any]]:
    """Without keys."""
    return [_view(cloud, keypair) for keypair in cloud.store.keypairs.all()]


_FILTERS = by("KeypairName KeypairId KeypairFingerprint KeypairType")


async def delete_keypair(cloud: Cloud, body: dict[str, Any]) -> dict[str, Any]:
    """Delete a key pair, named by id or name; VMs keep the key."""
    if "KeypairId" in body:
        keypair = cloud.store.keypairs.find(id=body["KeypairId"])
        if keypair is None:
            raise no_such("5071", f"there is no key pair {body['KeypairId']}")
    elif "KeypairName" in body:
        keypair = find.keypair(cloud, body["KeypairName"])
    else:
        raise missing_parameter("KeypairId or KeypairName is required")
    cloud.store.forget(cloud.store.keypairs, keypair.id)
    return {}


def _imported(text: str) -> asyncssh.SSHKey:
    try:
        return asyncssh.import_public_key(base64.b64decode(text, validate=True))
    except (binascii.Error, asyncssh.KeyImportError):
        raise invalid("4083", "PublicKey is not the base64 of a public key") from None


def _view(cloud: Cloud, keypair: Keypair) -> dict[str, Any]:
    return {
        "KeypairId": keypair.id,
        "KeypairName": keypair.name,
        "KeypairType": keypair.kind,
        "KeypairFingerprint": keypair.fingerprint,
        "Tags": cloud.store.tags_of(keypair.id),
    }


ACTIONS = {
    "CreateKeypair": create_keypair,
    "ReadKeypairs": reading("Keypairs", _views, _FILTERS),
    "DeleteKeypair": delete_keypair,
}
