"""The grammar of --fault."""

from __future__ import annotations

import pytest

from oxtui.rack.faults import FaultSpecError, parse


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("", "expected TARGET:EFFECT"),
        ("snapshot_create", "expected TARGET:EFFECT"),
        ("snapshot_create:", "expected TARGET:EFFECT"),
        ("snapshot_create:418", "'418' is no effect on snapshot_create"),
        ("snapshot_create:slow", "is no time in seconds for slow"),
        ("snapshot_create:slow=soon", "'soon' is no time in seconds for slow"),
        ("snapshot_create:slow=-1", "'-1' is no time in seconds for slow"),
        ("snapshot_create:500=3", "'3' is no time in seconds for 500"),
        ("snapshot_create:500:twice", "'twice' is not once, times=N or after=N"),
        ("snapshot_create:500:times=x", "'times=x' is not once, times=N or after=N"),
        ("instance:500", "'500' is no effect on instance; there are failed, panic"),
        ("ssh:none", "'none' is no effect on ssh; there are closed"),
        ("api_version=new", "is not a version such as 2026072800.0.0"),
    ],
)
def test_a_spec_that_is_none_says_what_is_wrong(spec: str, said: str) -> None:
    with pytest.raises(FaultSpecError) as caught:
        parse([spec])
    assert str(caught.value).startswith(f"--fault {spec}: ")
    assert said in str(caught.value)


def test_limits_count_calls_of_the_target_only() -> None:
    faults = parse(["disk_*:500:after=1:times=2"])
    struck = [
        bool(faults.of_operation(operation))
        for operation in ("disk_view", "image_view", "disk_list", "disk_create", "disk_delete")
    ]
    assert struck == [False, False, True, True, False]


def test_a_pattern_does_not_reach_features() -> None:
    faults = parse(["*:500"])
    assert faults.of_feature("instance") is None
    assert faults.of_operation("ping")


def test_slow_changes_of_state_do_not_slow_their_reply() -> None:
    faults = parse(["*:slow=2", "instance_start:slow=0.5:once"])
    assert faults.of_operation("instance_start") == []
    assert [fault.amount for fault in faults.of_operation("instance_view")] == [2]
    assert [faults.delay("instance_start"), faults.delay("instance_start")] == [2.5, 2]


def test_a_reset_of_every_operation_takes_limits() -> None:
    faults = parse(["reset:after=1:once"])
    struck = [bool(faults.of_operation("ping")) for _ in range(3)]
    assert struck == [False, True, False]


def test_a_target_that_is_no_operation_is_refused() -> None:
    known = ("snapshot_create", "disk_list", "disk_view")
    parse(["disk_*:500", "*:503:once", "ssh:closed", "instance:failed"]).check_targets(known)
    for spec, said in (
        ("snapshot_crate:500:once", "is called snapshot_crate; did you mean snapshot_create?"),
        ("vpc_*:500", "no operation is called vpc_*"),
    ):
        with pytest.raises(FaultSpecError) as caught:
            parse([spec]).check_targets(known)
        assert str(caught.value).startswith(f"--fault {spec}: ")
        assert str(caught.value).endswith(said)


def test_words_that_stand_alone() -> None:
    faults = parse(["reset", "keep-unsynced", "api_version=2026060800.0.0"])
    assert faults.keep_unsynced
    assert faults.api_version == "2026060800.0.0"
    assert [fault.effect for fault in faults.of_operation("ping")] == ["reset"]
    assert not parse([]).keep_unsynced
