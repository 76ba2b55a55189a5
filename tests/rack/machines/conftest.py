from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.rack.machines.harness import Bench, open_bench


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bench(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Bench]:
    """One rack for the tests of a module, in the best isolation that works here."""
    async with open_bench(tmp_path_factory.mktemp("rack")) as opened:
        yield opened


@pytest.fixture
def isolated(bench: Bench) -> Bench:
    """The module's rack, for tests of what only real isolation gives."""
    if bench.hypervisor.isolation != "overlay":
        pytest.skip("overlays cannot be mounted here")
    return bench
