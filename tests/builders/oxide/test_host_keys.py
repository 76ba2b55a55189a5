"""The host key of an instance, held against what its console printed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from oxtui.communicators.ssh.host_keys import PrintedHostKeys
from tests.sessions import bench, shell, template

SOURCE = "skip_create_image = true"


@pytest.mark.slow
async def test_a_build_goes_on_only_where_the_console_printed_the_server_s_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with bench(tmp_path) as there:
        assert (await there.run(template(shell("true"), source=SOURCE))).status == "succeeded"
        log = there.log("connect")
        before, after = "as its console printed it", "The serial console printed the same host key"
        assert (before in log) != (after in log)
        (shown,) = re.findall(r"Connected; host key (SHA256:\S+),", log)

        read = PrintedHostKeys.feed
        # A console of another machine: each key is another one.
        other = "SHA256:" + "x" * 43
        changes = ((rb"SHA256:\S{43}", other.encode()), (rb" AAAA\S+", b" AAAA"))

        def feed(self: PrintedHostKeys, data: bytes) -> None:
            for pattern, text in changes:
                data = re.sub(pattern, text, data)
            read(self, data)

        monkeypatch.setattr(PrintedHostKeys, "feed", feed)
        assert (await there.run(template(shell("true"), source=SOURCE))).status == "failed"
        told = there.build.error
        assert told.startswith("connect: ubuntu@")
        assert f"and the machine printed {other} on its serial console" in told
        (second,) = re.findall(r"shows the host key (SHA256:\S+),", told)
        assert second not in (shown, other)
        assert "Check the instance before going on" in told
        assert await there.left_on_rack() == []
