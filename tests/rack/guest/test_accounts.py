"""Users of an instance come from its own files."""

from __future__ import annotations

from pathlib import Path

import pytest

from oxtui.rack.guest import accounts

PASSWD = """root:x:0:0:root:/root:/bin/bash
# a comment
broken
odd:x:one:1::/:/bin/sh
ubuntu:x:1000:1001:Ubuntu:/home/ubuntu:/bin/bash
daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
plain:x:7:7::/home/plain:
"""
GROUP = """sudo:x:27:ubuntu,other
ubuntu:x:1001:ubuntu
docker:x:99:ubuntu
empty:x:5:
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/passwd").write_text(PASSWD)
    (tmp_path / "etc/group").write_text(GROUP)
    return tmp_path


def test_an_account_has_its_groups_its_own_first(root: Path) -> None:
    found = accounts.find(root, "ubuntu")
    assert found == accounts.Account(
        "ubuntu", 1000, 1001, "/home/ubuntu", "/bin/bash", (1001, 27, 99)
    )
    assert found.may_log_in


def test_who_is_missing_or_malformed_is_nobody(root: Path, tmp_path: Path) -> None:
    for name in ("stranger", "broken", "odd", "#", ""):
        assert accounts.find(root, name) is None
    (root / "etc/passwd").unlink()
    assert accounts.find(root, "ubuntu") is None


def test_shells_decide_who_may_log_in(root: Path) -> None:
    daemon, plain = accounts.find(root, "daemon"), accounts.find(root, "plain")
    assert daemon is not None
    assert not daemon.may_log_in
    assert plain is not None
    assert plain.shell == "/bin/sh"


def test_the_environment_file_gives_variables_without_quotes(root: Path) -> None:
    (root / "etc/environment").write_text(
        'PATH="/a:/b"\nexport HTTP_PROXY=http://x\n# no\n\nBAD\n=x\nA=b=c\n'
    )
    assert accounts.environment_file(root) == {
        "PATH": "/a:/b",
        "HTTP_PROXY": "http://x",
        "A": "b=c",
    }
