"""Resource kinds are found by name, and deleted in the order of their ranks."""

from __future__ import annotations

import pytest

from oxtui.component.providers import PROVIDERS
from oxtui.component.resources import (
    RESOURCE_KINDS,
    ResourceKind,
    ResourceRecord,
    UnknownResourceKind,
    deletion_order,
    resource_kind,
)


def record(number: int, kind: str) -> ResourceRecord:
    return ResourceRecord(number=number, session=1, build="web", kind=kind, name="x", time=0.0)


def test_dependents_go_first_and_what_is_alike_in_the_reverse_of_its_making() -> None:
    made = ["oxide.ssh_key", "oxide.disk", "oxide.instance", "oxide.disk", "oxide.snapshot"]
    records = [record(number, kind) for number, kind in enumerate(made)]
    records.sort(key=lambda each: deletion_order(each, resource_kind))
    assert [(each.kind, each.number) for each in records] == [
        ("oxide.snapshot", 4),
        ("oxide.instance", 2),
        ("oxide.disk", 3),
        ("oxide.disk", 1),
        ("oxide.ssh_key", 0),
    ]


def test_a_kind_of_a_newer_oxtui_is_refused_with_the_next_step() -> None:
    with pytest.raises(UnknownResourceKind, match="newer oxtui wrote this journal"):
        resource_kind("oxide.cluster")
    known: ResourceKind = resource_kind("oxide.disk")
    assert known.title == "disk"
    unknown, disk = record(1, "oxide.cluster"), record(2, "oxide.disk")
    assert deletion_order(unknown, resource_kind) < deletion_order(disk, resource_kind)


def test_every_kind_has_what_cleanup_and_sweep_ask_it_for() -> None:
    asked = [name for name in vars(ResourceKind) if not name.startswith("_")]
    for name in RESOURCE_KINDS:
        kind = resource_kind(name)
        assert kind.name == name
        assert [each for each in asked if not hasattr(kind, each)] == []


def test_kinds_of_a_provider_stand_in_the_order_of_their_removal() -> None:
    ranks: dict[str, list[int]] = {}
    for name in RESOURCE_KINDS:
        ranks.setdefault(name.partition(".")[0], []).append(resource_kind(name).order)
    assert all(each == sorted(each) for each in ranks.values())
    assert set(ranks) == set(PROVIDERS)
