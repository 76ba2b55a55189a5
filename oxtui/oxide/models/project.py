"""Projects."""

from oxtui.oxide.models.base import Body, Resource


class Project(Resource):
    """A project: the container of instances, disks, snapshots, images and VPCs."""


class ProjectCreate(Body):
    """A project to be made; the rack adds a `default` VPC with its subnet and firewall rules."""

    name: str
    description: str = ""
