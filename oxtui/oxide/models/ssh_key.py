"""Public SSH keys of the user."""

from oxtui.oxide.models.base import Body, Resource


class SshKey(Resource):
    """A public key that new instances of its user may be given."""

    public_key: str
    silo_user_id: str


class SshKeyCreate(Body):
    """A public key to be added, in OpenSSH's one-line form."""

    name: str
    description: str = ""
    public_key: str
