"""Troubles of a boot are known by what real consoles print, and nothing of a healthy boot is one."""

from __future__ import annotations

import random

import pytest

from oxtui.builders.boot.troubles import TROUBLES
from oxtui.builders.boot.watch import LONGEST_LINE, BootWatch, explained
from oxtui.component.errors import ConnectError
from tests.builders.boot.consoles import FAILING, HEALTHY


@pytest.mark.parametrize(
    ("trouble", "console", "line"),
    [pytest.param(id_, text, line, id=f"{id_}: {name}") for id_, name, text, line in FAILING],
)
def test_a_boot_that_fails_is_known_by_its_line(trouble: str, console: str, line: str) -> None:
    shown = {each.trouble.id: each for each in BootWatch().feed(console.encode())}
    assert trouble in shown
    told = shown[trouble].line
    assert told == line or (told.endswith("…") and line.startswith(told[:-1]))
    assert f"“{told}”" in shown[trouble].text


def test_each_trouble_has_a_real_console() -> None:
    assert {trouble.id for trouble in TROUBLES} == {id_ for id_, *_ in FAILING}


def test_a_healthy_boot_has_no_trouble() -> None:
    for line in HEALTHY:
        assert BootWatch().feed(f"{line}\r\n".encode()) == [], line
    assert BootWatch().feed("\r\n".join(HEALTHY).encode()) == []


@pytest.mark.parametrize("seed", range(3))
def test_where_the_pieces_end_makes_no_difference(seed: int) -> None:
    console = "".join([*(text for _, _, text, _ in FAILING), *HEALTHY]).encode()
    whole = BootWatch()
    whole.feed(console)
    pieces, chance, at = BootWatch(), random.Random(seed), 0
    while at < len(console):
        size = chance.choice((1, 2, 7, 100))
        pieces.feed(console[at : at + size])
        at += size
    assert pieces.findings == whole.findings
    assert len(whole.findings) == len(TROUBLES)


def test_each_trouble_is_told_once() -> None:
    watch = BootWatch()
    line = b"[    1.4] Kernel panic - not syncing: Attempted to kill init!\r\n"
    assert [found.trouble.id for found in watch.feed(line)] == ["kernel-panic"]
    assert watch.feed(line) == []


def test_a_line_without_an_end_is_held_in_bounds_and_still_looked_at() -> None:
    watch = BootWatch()
    found = []
    for _ in range(100):
        found += watch.feed(b"x" * 1000)
    phrase = b"Kernel panic - not syncing: out"
    found += watch.feed(phrase[:15]) + watch.feed(phrase[15:]) + watch.feed(b"y" * 2 * LONGEST_LINE)
    assert [each.trouble.id for each in found] == ["kernel-panic"]
    assert len(found[0].line) <= 202
    assert "Kernel panic - not syncing" in found[0].line
    assert len(watch._rest) <= LONGEST_LINE


def test_the_module_of_cloud_init_is_named() -> None:
    (found,) = BootWatch().feed(b"util.py[WARNING]: Running module runcmd (<module 'x'>) failed\n")
    assert found.text.startswith(
        "Cloud-init failed in its module runcmd. Its serial console says: “util"
    )
    (other,) = BootWatch().feed(b"[FAILED] Failed to start Execute cloud user/final scripts.\n")
    assert other.text.startswith("Cloud-init failed. Its serial console says")


def test_a_login_that_fails_tells_what_keeps_everybody_out() -> None:
    watch = BootWatch()
    error = ConnectError("ubuntu@10.0.0.1 port 22: connection refused for 300 s.")
    assert explained(error, watch) is error
    watch.feed(b"No DHCPOFFERS received.\n")
    assert "network did not come up" in str(explained(error, watch))
    watch.feed(b"You are in emergency mode. After logging in\n[1] No space left on device\n")
    told = str(explained(error, watch))
    assert told == (
        "ubuntu@10.0.0.1 port 22: connection refused for 300 s. The machine ended in emergency mode. "
        "Its serial console says: “You are in emergency mode. After logging in”. "
        "Look at the first line that failed before it."
    )


def test_escape_codes_of_the_line_are_not_told() -> None:
    line = b"\x1b[0;1;31mKernel panic - not syncing\x1b[0m: \x1b]0;title\x07VFS\x1b[K\r\n"
    assert [each.line for each in BootWatch().feed(line)] == ["Kernel panic - not syncing: VFS"]
