"""The serial console of a VM on Outscale: each byte once, and what it says of a login that fails."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oxtui.builders.outscale import console
from oxtui.builders.outscale.console import OVERLAP, grown
from tests.builders.outscale.bench import bench, template
from tests.sessions import shell

WINDOW = 1024


@given(st.lists(st.integers(0, WINDOW - OVERLAP), max_size=20))
def test_looks_that_overlap_give_each_byte_once(steps: list[int]) -> None:
    written = b"".join(b"[%5d] said\r\n" % number for number in range(2000))
    seen, before, end = b"", b"", 0
    for step in steps:
        end += step
        now = written[max(0, end - WINDOW) : end]
        seen, before = seen + grown(before, now), now
    assert seen == written[:end]


def test_a_text_that_fits_nowhere_is_new() -> None:
    before = b"first boot: " * 40
    assert grown(before, b"second boot") == b"second boot"
    assert grown(before, b"") == b""
    text = bytes(range(200))
    assert grown(text[:150], text[60:]) == text[150:]
    assert grown(text[:150], text[100:]) == text[100:]  # too little to tell


async def test_the_console_is_followed_and_vouches_for_the_host_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(console, "FIRST_PAUSE", 0.05)
    async with bench(tmp_path, monkeypatch) as there:
        source = "skip_create_omi = true"
        finished = await there.run(template(shell("true"), source=source))
        assert finished.status == "succeeded", there.build.error
        assert "login" in there.log("serial")
        assert "console printed" in there.log("connect")


async def test_a_login_that_fails_shows_the_end_of_the_console(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with bench(tmp_path, monkeypatch, "--fault", "ssh:closed") as there:
        source = 'ssh_timeout = "1s"'
        finished = await there.run(template(shell("true"), source=source))
        assert finished.status == "failed"
        assert "no SSH to" in there.build.error
        assert "lines of the serial console:" in there.log("connect")
        assert await there.left() == []
