from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.support.postgres import SessionPostgres
from tests.support.served import Served, serving
from tests.support.town import living_town

__all__ = ["served", "street"]


@pytest.fixture(scope="module", params=["alone", "by edge"])
def by_edge(request: pytest.FixtureRequest) -> bool:
    """Whether windows come through an edge: whatever holds on the application's own port holds there too."""
    return request.param == "by edge"


@pytest_asyncio.fixture(scope="module")
async def street(
    postgres: SessionPostgres, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[Served]:
    """One served town for a whole file, for tests that leave nothing behind: of what is asked, not of how it comes."""
    folder = tmp_path_factory.mktemp("street")
    async with living_town(postgres, folder / "data") as town, serving(town, folder) as served:
        yield served


@pytest_asyncio.fixture
async def served(postgres: SessionPostgres, tmp_path: Path, by_edge: bool) -> AsyncGenerator[Served]:
    """A town of its own for each test, served."""
    async with (
        living_town(postgres, tmp_path / "data") as town,
        serving(town, tmp_path, by_edge=by_edge) as running,
    ):
        yield running
