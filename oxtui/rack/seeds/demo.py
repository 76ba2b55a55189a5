"""The demo rack: four projects of a small company, with something in each to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxtui.rack.parameters.common import GIB
from oxtui.rack.parameters.networks import VpcCreate
from oxtui.rack.seeds.planting import BASES, Ground, fixed_id
from oxtui.rack.store.records import Disk, FirewallRule, Instance, Snapshot, SshKey, Subnet

if TYPE_CHECKING:
    from oxtui.rack.lifecycle.host import DiskContents
    from oxtui.rack.store.records import Image

_UBUNTU, _, _DEBIAN = BASES
_MACHINES = {"web-1": _UBUNTU, "db-1": _DEBIAN}
# Keys that nobody has the private half of.
_PUBLIC_KEYS = {
    "workstation": "AAAAC3NzaC1lZDI1NTE5AAAAIFO+sD2uiBF9RIa7M5T2062unYPAk4hf28WE1F1OzFGf",
    "laptop": "AAAAC3NzaC1lZDI1NTE5AAAAIASMzmzCMkJB2BCbBCLscPfFxk0iEhab3GLjEFd6mHqP",
}
_WAREHOUSE = fixed_id("disk/warehouse")
_BEFORE_UPGRADE = fixed_id("snapshot/web-1-before-upgrade")


def _boot_disk(instance: str) -> str:
    return fixed_id(f"disk/{instance}-boot")


async def fill(contents: DiskContents) -> None:
    """Make what is on the seeded disks; what an earlier attempt left is replaced."""
    for instance, base in _MACHINES.items():
        await contents.delete(_boot_disk(instance))
        await contents.create_from(_boot_disk(instance), base.image_id)
    await contents.delete(_WAREHOUSE)
    await contents.create_blank(_WAREHOUSE)
    await contents.delete(_BEFORE_UPGRADE)
    await contents.snapshot(_boot_disk("web-1"), _BEFORE_UPGRADE)


def plant(ground: Ground) -> None:
    """Fill a founded silo."""
    web = ground.project("web", "Public web servers", 380)
    data = ground.project("data", "Databases and pipelines", 300)
    lab = ground.project("lab", "Experiments; may break at any time", 90)
    ground.project("sandbox", "Throw-away machines", 30)
    _networks(ground, web, data)
    _images(ground, web, data, lab)
    _keys(ground)
    _machines(ground, {"web-1": web, "db-1": data})
    _storage(ground, web, data)


def _networks(ground: Ground, web: str, data: str) -> None:
    _vpc(ground, web, "production", "10.20.0.0/16", {"frontend": "10.20.1.0/24"})
    database = _vpc(
        ground,
        data,
        "databases",
        "10.40.0.0/16",
        {"primary": "10.40.1.0/24", "replicas": "10.40.2.0/24"},
    )
    # A network that a build cannot be reached in: worth meeting before a build meets it.
    ssh = ground.store.firewall_rules.find(vpc_id=database, name="allow-ssh")
    if ssh is not None:
        ground.store.firewall_rules.update(ssh.id, status="disabled")
    ground.store.firewall_rules.insert(
        FirewallRule(
            **ground.identity(
                "firewall-rule/allow-postgres", "PostgreSQL from the web servers", 200
            ),
            vpc_id=database,
            status="enabled",
            direction="inbound",
            action="allow",
            priority=1000,
            targets=[{"type": "subnet", "value": "primary"}],
            filters={
                "hosts": [{"type": "ip_net", "value": "10.20.0.0/16"}],
                "protocols": [{"type": "tcp"}],
                "ports": ["5432"],
            },
        )
    )


def _vpc(ground: Ground, project: str, name: str, block: str, subnets: dict[str, str]) -> str:
    networks = ground.networks(age_days=200)
    request = VpcCreate(name=name, description=f"{name} network ({block})", dns_name=name)
    vpc = networks.add_vpc(request, project)
    for subnet, ipv4_block in subnets.items():
        ground.store.subnets.insert(
            Subnet(
                **ground.identity(f"subnet/{name}/{subnet}", f"{subnet} of {name}", 200),
                vpc_id=vpc.id,
                ipv4_block=ipv4_block,
                ipv6_block=networks.free_ipv6_block(vpc),
            )
        )
    return vpc.id


def _images(ground: Ground, web: str, data: str, lab: str) -> None:
    def image(project: str, name: str, description: str, version: str, age: float) -> Image:
        return ground.image(
            f"image/{name}",
            _DEBIAN if name.startswith("postgres") else _UBUNTU,
            description=description,
            version=version,
            age_days=age,
            project_id=project,
            size=20 * GIB,
        )

    ground.store.images.insert(
        image(web, "web-base", "Ubuntu with the company's defaults", "24.04-7", 9),
        image(web, "web-base-previous", "The one before", "24.04-6", 37),
        image(web, "ubuntu-24-04-hardened", "Ubuntu, hardened", "24.04-7", 2),
        image(data, "postgres-16", "PostgreSQL 16 on Debian", "12-3", 21),
        image(lab, "try-out", "Nobody knows any more", "24.04", 61),
    )


def _keys(ground: Ground) -> None:
    for name, text in _PUBLIC_KEYS.items():
        ground.store.ssh_keys.insert(
            SshKey(
                **ground.identity(f"ssh-key/{name}", f"The operator's {name}", 150),
                silo_user_id=fixed_id("user/operator"),
                public_key=f"ssh-ed25519 {text} operator@{name}",
            )
        )


def _machines(ground: Ground, projects: dict[str, str]) -> None:
    for name, project in projects.items():
        identity = ground.identity(f"instance/{name}", f"{name}, switched off", 8)
        ground.store.instances.insert(
            Instance(
                **identity,
                project_id=project,
                hostname=name,
                ncpus=2,
                memory=8 * GIB,
                boot_disk_id=_boot_disk(name),
                run_state="stopped",
                time_run_state_updated=identity["time_created"],
                auto_restart_policy=None,
                time_last_auto_restarted=None,
                cpu_platform=None,
                user_data=b"",
            )
        )
        ground.store.disks.insert(
            Disk(
                **ground.identity(f"disk/{name}-boot", f"Boot disk of {name}", 8),
                project_id=project,
                size=20 * GIB,
                block_size=512,
                disk_type="distributed",
                read_only=False,
                image_id=_MACHINES[name].image_id,
                snapshot_id=None,
                state="attached",
                instance_id=identity["id"],
            )
        )


def _storage(ground: Ground, web: str, data: str) -> None:
    ground.store.disks.insert(
        Disk(
            **ground.identity("disk/warehouse", "Room for the pipelines", 100),
            project_id=data,
            size=100 * GIB,
            block_size=4096,
            disk_type="distributed",
            read_only=False,
            image_id=None,
            snapshot_id=None,
            state="detached",
            instance_id=None,
        )
    )
    ground.store.snapshots.insert(
        Snapshot(
            **ground.identity("snapshot/web-1-before-upgrade", "Before the upgrade", 3),
            project_id=web,
            disk_id=_boot_disk("web-1"),
            size=20 * GIB,
            block_size=512,
            state="ready",
        )
    )
