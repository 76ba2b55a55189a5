"""Answers of a rack, as the API describes them."""

from __future__ import annotations

from typing import Any

PROJECT_ID = "a1b2c3d4-0000-4000-8000-000000000001"
IMAGE_ID = "a1b2c3d4-0000-4000-8000-000000000002"
DISK_ID = "a1b2c3d4-0000-4000-8000-000000000003"
INSTANCE_ID = "a1b2c3d4-0000-4000-8000-000000000004"
SNAPSHOT_ID = "a1b2c3d4-0000-4000-8000-000000000005"
VPC_ID = "a1b2c3d4-0000-4000-8000-000000000006"
OTHER_ID = "a1b2c3d4-0000-4000-8000-000000000007"
TIME = "2026-05-01T12:00:00.000000Z"
GIB = 1024**3


def named(name: str, key: str = OTHER_ID, **more: Any) -> dict[str, Any]:
    """The fields that every resource has, and more."""
    return {
        "id": key,
        "name": name,
        "description": "",
        "time_created": TIME,
        "time_modified": TIME,
        **more,
    }


def project(name: str = "web", **more: Any) -> dict[str, Any]:
    return named(name, PROJECT_ID, **more)


def image(name: str = "ubuntu", **more: Any) -> dict[str, Any]:
    fields = {"os": "ubuntu", "version": "24.04", "size": 4 * GIB, "block_size": 512}
    return named(name, IMAGE_ID, **{**fields, "project_id": None, **more})


def disk(name: str = "boot", state: str = "detached", **more: Any) -> dict[str, Any]:
    fields = {
        "size": 20 * GIB,
        "block_size": 512,
        "disk_type": "distributed",
        "read_only": False,
        "device_path": f"/mnt/{name}",
        "project_id": PROJECT_ID,
        "image_id": None,
        "snapshot_id": None,
        "state": {"state": state},
    }
    return named(name, DISK_ID, **{**fields, **more})


def instance(name: str = "web-1", run_state: str = "running", **more: Any) -> dict[str, Any]:
    fields = {
        "hostname": name,
        "ncpus": 1,
        "memory": 2 * GIB,
        "run_state": run_state,
        "time_run_state_updated": TIME,
        "boot_disk_id": DISK_ID,
        "project_id": PROJECT_ID,
        "auto_restart_enabled": False,
        "auto_restart_policy": "never",
        "enable_jumbo_frames": False,
    }
    return named(name, INSTANCE_ID, **{**fields, **more})


def snapshot(name: str = "boot-1", state: str = "ready", **more: Any) -> dict[str, Any]:
    fields = {"disk_id": DISK_ID, "project_id": PROJECT_ID, "size": 20 * GIB, "state": state}
    return named(name, SNAPSHOT_ID, **{**fields, **more})


def ssh_key(name: str = "me", **more: Any) -> dict[str, Any]:
    fields = {"public_key": "ssh-ed25519 AAAA me", "silo_user_id": OTHER_ID}
    return named(name, **{**fields, **more})


def ip_pool(name: str = "default", **more: Any) -> dict[str, Any]:
    return named(name, **{"ip_version": "v4", "pool_type": "unicast", "is_default": True, **more})


def vpc(name: str = "default", **more: Any) -> dict[str, Any]:
    fields = {
        "dns_name": name,
        "ipv6_prefix": "fd00:1122:3344::/48",
        "project_id": PROJECT_ID,
        "system_router_id": OTHER_ID,
    }
    return named(name, VPC_ID, **{**fields, **more})


def subnet(name: str = "default", **more: Any) -> dict[str, Any]:
    blocks = {"ipv4_block": "172.30.0.0/22", "ipv6_block": "fd00:1122:3344::/64"}
    return named(name, **{"vpc_id": VPC_ID, **blocks, **more})


def firewall_rule(name: str = "allow-ssh", **more: Any) -> dict[str, Any]:
    fields = {
        "status": "enabled",
        "direction": "inbound",
        "targets": [{"type": "vpc", "value": "default"}],
        "filters": {"hosts": None, "protocols": [{"type": "tcp"}], "ports": ["22"]},
        "action": "allow",
        "priority": 65534,
        "vpc_id": VPC_ID,
    }
    return named(name, **{**fields, **more})


def floating_ip(name: str = "front", **more: Any) -> dict[str, Any]:
    fields = {
        "ip": "203.0.113.7",
        "ip_pool_id": OTHER_ID,
        "project_id": PROJECT_ID,
        "instance_id": None,
    }
    return named(name, **{**fields, **more})


def network_interface(name: str = "net0", **more: Any) -> dict[str, Any]:
    fields = {
        "instance_id": INSTANCE_ID,
        "vpc_id": VPC_ID,
        "subnet_id": OTHER_ID,
        "mac": "A8:40:25:00:00:01",
        "primary": True,
        "ip_stack": {"type": "v4", "value": {"ip": "172.30.0.5", "transit_ips": []}},
    }
    return named(name, **{**fields, **more})


SNAT = {
    "kind": "snat",
    "ip": "203.0.113.1",
    "ip_pool_id": OTHER_ID,
    "first_port": 0,
    "last_port": 16383,
}
EPHEMERAL = {"kind": "ephemeral", "ip": "203.0.113.9", "ip_pool_id": OTHER_ID}
USER = {
    "id": OTHER_ID,
    "display_name": "ada",
    "silo_id": OTHER_ID,
    "silo_name": "analytical",
    "silo_admin": False,
    "fleet_viewer": False,
    "time_created": TIME,
    "time_modified": TIME,
}
UTILIZATION = {
    "capacity": {"cpus": 8, "memory": 32 * GIB, "storage": 100 * GIB},
    "provisioned": {"cpus": 10, "memory": 8 * GIB, "storage": 40 * GIB},
}
ACCESS_TOKEN = {"id": OTHER_ID, "time_created": TIME, "time_expires": None}


def page(items: list[dict[str, Any]], next_page: str | None = None) -> dict[str, Any]:
    return {"items": items, "next_page": next_page}
