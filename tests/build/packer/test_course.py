"""Which step a sentence of packer belongs to."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from oxtui.build.packer.course import Course
from oxtui.build.packer.outline import (
    OutlinedBuild,
    OutlinedPostProcessor,
    OutlinedProvisioner,
)


def provisioner(type_: str, parts: int = 1, *, announced: bool = False) -> OutlinedProvisioner:
    return OutlinedProvisioner(type_, type_, parts=parts, announced=announced)


def course(
    *provisioners: OutlinedProvisioner, builder: str = "amazon-ebs", post: Sequence[str] = ()
) -> Course:
    chain = tuple(OutlinedPostProcessor(name) for name in post)
    return Course(OutlinedBuild("b", ("b",), builder, provisioners, chain))


SHELL = "Provisioning with shell script: /tmp/x"
FAILED = "Provisioning step had errors: Running the cleanup provisioner, if present..."


@pytest.mark.parametrize(
    ("provisioners", "sentences"),
    [
        # each script of a provisioner, then the next provisioner
        ([provisioner("shell", 2), provisioner("shell")], [(SHELL, 1), (SHELL, 1), (SHELL, 2)]),
        # one of which packer says nothing
        ([provisioner("shell"), provisioner("sleep"), provisioner("shell")], [(SHELL, 1), (SHELL, 3)]),
        # its pause is told before it, and before each of its tries
        (
            [provisioner("shell"), provisioner("shell", announced=True)],
            [
                (SHELL, 1),
                ("Pausing 2s before the next provisioner...", 2),
                ("Setting a 2s timeout for the next provisioner...", None),
                (SHELL, 2),
            ],
        ),
        # a silent one that is announced
        (
            [provisioner("sleep", announced=True), provisioner("shell")],
            [("Pausing 2s before the next provisioner...", 1), (SHELL, 2)],
        ),
        # of a plugin that nobody knows here
        (
            [provisioner("shell"), provisioner("acme-tool")],
            [(SHELL, 1), ("Provisioning your machine", 2), ("Running tool again", None)],
        ),
        (
            [provisioner("file", 2), provisioner("ansible"), provisioner("windows-restart")],
            [
                ("Uploading a => b", 1), ("Uploading c => b", 1), ("Provisioning with Ansible...", 2),
                ("Executing Ansible: ansible-playbook", None), ("Restarting Machine", 3),
            ],
        ),
    ],
)  # fmt: skip
def test_sentences_begin_provisioners(
    provisioners: list[OutlinedProvisioner], sentences: list[tuple[str, int | None]]
) -> None:
    build = course(*provisioners)
    for text, number in sentences:
        assert build.step(text) == (None if number is None else f"provision-{number}"), text


def test_what_one_passes_over_is_told() -> None:
    build = course(provisioner("sleep"), provisioner("shell"))
    assert build.step("Using ssh communicator to connect: x") == "connect"
    assert build.step(SHELL) == "provision-2"
    assert build.passed == ["provision-1"]
    assert build.step("Stopping the source instance...") == "capture"
    assert build.passed == []
    assert build.rest() == ["cleanup"]


def test_the_steps_behind_the_provisioners_do_not_begin_before_them() -> None:
    build = course(provisioner("shell"), post=["vagrant"])
    assert build.step("Creating temporary snapshot of the image") is None
    assert build.step("Deleting the old image") is None
    assert build.step(SHELL) == "provision-1"
    assert build.step("Deleting instance...") is None, "the image is not made yet"
    assert build.step("Creating the AMI: x") == "capture"
    assert build.step("Terminating the source AWS instance...") == "cleanup"
    assert build.step("Running post-processor:  (type vagrant)") == "post-process-1"


def test_after_a_failure_what_the_cleanup_provisioner_says_begins_no_step() -> None:
    build = course(provisioner("shell"), provisioner("shell"))
    assert build.step(SHELL) == "provision-1"
    assert build.step(FAILED) == "cleanup"
    assert build.failing
    assert build.passed == []
    assert build.step(SHELL) is None


def test_a_retry_begins_all_provisioners_anew() -> None:
    build = course(provisioner("shell"), provisioner("shell"))
    assert [build.step(SHELL), build.step(SHELL)] == ["provision-1", "provision-2"]
    build.rewind()
    assert [build.step(SHELL), build.step(SHELL)] == ["provision-1", "provision-2"]
    assert build.passed == []


@pytest.mark.parametrize(
    ("sentence", "step"),
    [
        ("Running post-processor: manifest", "post-process-2"),
        ("Running post-processor: named (type checksum)", "post-process-1"),
        ("Running post-processor: other (type checksum)", None),
        ("Running post-processor:  (type manifest)", "post-process-2"),
    ],
)
def test_post_processors_are_found_by_type_and_name(sentence: str, step: str | None) -> None:
    chain = (OutlinedPostProcessor("checksum", "named"), OutlinedPostProcessor("manifest"))
    assert Course(OutlinedBuild("b", ("b",), "null", (), chain)).step(sentence) == step


def test_without_a_communicator_there_is_no_step_for_it() -> None:
    build = Course(
        OutlinedBuild("b", ("b",), "null", (provisioner("shell-local"),), connects=False)
    )
    assert build.step("Running local shell script: x") == "provision-1"
    build.rewind()
    assert build.step("Running local shell script: x") == "provision-1"
