"""A root of the tests, made once in each process of them, and copied for each test that changes it."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from oxtui.communicators.chroot.communicator import ChrootCommunicator
from oxtui.communicators.chroot.host import Host
from tests.roots import copy_root, rooted_in


@pytest.fixture(scope="session")
def userland(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("userland") / "root"
    copy_root(root)
    (root / "dev/null").touch(mode=0o666)
    return root


@pytest_asyncio.fixture
async def chroot(userland: Path, tmp_path: Path) -> AsyncIterator[ChrootCommunicator]:
    root = tmp_path / "root"
    shutil.copytree(userland, root, symlinks=True)
    communicator = ChrootCommunicator(root, Host())
    yield communicator
    await communicator.close()
    assert rooted_in(tmp_path) == []
