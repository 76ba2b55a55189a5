"""Who is connected, and what they may use."""

from datetime import datetime

from oxtui.oxide.models.base import Model


class Ping(Model):
    """The answer of a rack that can be reached."""

    status: str


class CurrentUser(Model):
    """The user of the token."""

    id: str
    display_name: str
    silo_id: str
    silo_name: str
    silo_admin: bool = False
    fleet_viewer: bool = False


class Group(Model):
    """A group that the user is in."""

    id: str
    display_name: str
    silo_id: str


class ResourceCounts(Model):
    """Virtual CPUs, and bytes of memory and storage."""

    cpus: int
    memory: int
    storage: int


class Utilization(Model):
    """The quota of the silo and what is used of it.

    CPUs and memory count for started instances only; storage counts disks and snapshots, not images.
    """

    capacity: ResourceCounts
    provisioned: ResourceCounts

    @property
    def free(self) -> ResourceCounts:
        """What is left, never below zero (a quota can be lowered under what is in use)."""
        return ResourceCounts(
            cpus=max(0, self.capacity.cpus - self.provisioned.cpus),
            memory=max(0, self.capacity.memory - self.provisioned.memory),
            storage=max(0, self.capacity.storage - self.provisioned.storage),
        )


class RoleAssignment(Model):
    """A role of a user or a group; `identity_type` is `silo_user` or `silo_group`."""

    identity_id: str
    identity_type: str
    role_name: str


class Policy(Model):
    """The roles given on a silo or a project itself."""

    role_assignments: list[RoleAssignment]


class AuthSettings(Model):
    """Login rules of the silo. None means tokens may live for ever; otherwise seconds."""

    silo_id: str
    device_token_max_ttl_seconds: int | None = None


class AccessToken(Model):
    """A token of the user, without its secret. No expiry time: it does not expire."""

    id: str
    time_created: datetime
    time_expires: datetime | None = None
