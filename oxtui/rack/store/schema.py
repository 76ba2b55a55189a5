"""The database's tables. A name is unique within its container, as in the Oxide control plane."""

from __future__ import annotations

VERSION = 1

_NAMED = """
    id TEXT PRIMARY KEY, name TEXT NOT NULL, description TEXT NOT NULL,
    time_created TEXT NOT NULL, time_modified TEXT NOT NULL"""

DDL = f"""
CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE project ({_NAMED}, UNIQUE (name));

CREATE TABLE ssh_key ({_NAMED}, silo_user_id TEXT NOT NULL, public_key TEXT NOT NULL,
    UNIQUE (name));

CREATE TABLE image ({_NAMED}, project_id TEXT REFERENCES project, os TEXT NOT NULL,
    version TEXT NOT NULL, size INTEGER NOT NULL, block_size INTEGER NOT NULL, content_id TEXT NOT NULL);
CREATE INDEX image_of_content ON image (content_id);
CREATE UNIQUE INDEX image_of_project ON image (project_id, name) WHERE project_id IS NOT NULL;
CREATE UNIQUE INDEX image_of_silo ON image (name) WHERE project_id IS NULL;

CREATE TABLE disk ({_NAMED}, project_id TEXT NOT NULL REFERENCES project, size INTEGER NOT NULL,
    block_size INTEGER NOT NULL, disk_type TEXT NOT NULL, read_only INTEGER NOT NULL,
    image_id TEXT, snapshot_id TEXT, state TEXT NOT NULL,
    instance_id TEXT REFERENCES instance, UNIQUE (project_id, name));
CREATE INDEX disk_of_instance ON disk (instance_id);

CREATE TABLE snapshot ({_NAMED}, project_id TEXT NOT NULL REFERENCES project,
    disk_id TEXT NOT NULL, size INTEGER NOT NULL, block_size INTEGER NOT NULL,
    state TEXT NOT NULL, UNIQUE (project_id, name));

CREATE TABLE instance ({_NAMED}, project_id TEXT NOT NULL REFERENCES project,
    hostname TEXT NOT NULL, ncpus INTEGER NOT NULL, memory INTEGER NOT NULL, boot_disk_id TEXT,
    run_state TEXT NOT NULL, time_run_state_updated TEXT NOT NULL, auto_restart_policy TEXT,
    time_last_auto_restarted TEXT, cpu_platform TEXT, user_data BLOB NOT NULL,
    UNIQUE (project_id, name));

CREATE TABLE instance_ssh_key (instance_id TEXT NOT NULL REFERENCES instance ON DELETE CASCADE,
    id TEXT NOT NULL, name TEXT NOT NULL, description TEXT NOT NULL, time_created TEXT NOT NULL,
    time_modified TEXT NOT NULL, silo_user_id TEXT NOT NULL, public_key TEXT NOT NULL,
    PRIMARY KEY (instance_id, id)) WITHOUT ROWID;

CREATE TABLE vpc ({_NAMED}, project_id TEXT NOT NULL REFERENCES project, dns_name TEXT NOT NULL,
    ipv6_prefix TEXT NOT NULL, system_router_id TEXT NOT NULL, UNIQUE (project_id, name));

CREATE TABLE vpc_subnet ({_NAMED}, vpc_id TEXT NOT NULL REFERENCES vpc,
    ipv4_block TEXT NOT NULL, ipv6_block TEXT NOT NULL, UNIQUE (vpc_id, name));

CREATE TABLE firewall_rule ({_NAMED}, vpc_id TEXT NOT NULL REFERENCES vpc ON DELETE CASCADE,
    status TEXT NOT NULL, direction TEXT NOT NULL, action TEXT NOT NULL,
    priority INTEGER NOT NULL, targets TEXT NOT NULL, filters TEXT NOT NULL,
    UNIQUE (vpc_id, name));

CREATE TABLE network_interface ({_NAMED},
    instance_id TEXT NOT NULL REFERENCES instance ON DELETE CASCADE,
    vpc_id TEXT NOT NULL REFERENCES vpc, subnet_id TEXT NOT NULL REFERENCES vpc_subnet,
    mac TEXT NOT NULL, is_primary INTEGER NOT NULL, ipv4 TEXT, ipv6 TEXT,
    ipv4_transit TEXT NOT NULL, ipv6_transit TEXT NOT NULL,
    UNIQUE (instance_id, name), UNIQUE (subnet_id, ipv4), UNIQUE (subnet_id, ipv6));

CREATE TABLE ip_pool ({_NAMED}, ip_version TEXT NOT NULL, pool_type TEXT NOT NULL,
    is_default INTEGER NOT NULL, UNIQUE (name));

CREATE TABLE floating_ip ({_NAMED}, project_id TEXT NOT NULL REFERENCES project,
    pool_id TEXT NOT NULL REFERENCES ip_pool, position INTEGER NOT NULL,
    instance_id TEXT REFERENCES instance ON DELETE SET NULL,
    UNIQUE (project_id, name), UNIQUE (pool_id, position));

CREATE TABLE ephemeral_ip (instance_id TEXT NOT NULL REFERENCES instance ON DELETE CASCADE,
    pool_id TEXT NOT NULL REFERENCES ip_pool, position INTEGER NOT NULL, ip_version TEXT NOT NULL,
    PRIMARY KEY (instance_id, ip_version), UNIQUE (pool_id, position)) WITHOUT ROWID;

CREATE TABLE source_nat (instance_id TEXT PRIMARY KEY REFERENCES instance ON DELETE CASCADE,
    pool_id TEXT NOT NULL REFERENCES ip_pool, position INTEGER NOT NULL UNIQUE) WITHOUT ROWID;

CREATE TABLE device_token (id TEXT PRIMARY KEY, digest TEXT NOT NULL UNIQUE,
    time_created TEXT NOT NULL, time_expires TEXT) WITHOUT ROWID;
"""
