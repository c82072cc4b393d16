from collections.abc import AsyncGenerator

import pytest
import pytest_asyncio

from tests.support.postgres import SessionPostgres
from tests.support.served import Served, serving
from tests.support.town import living_town

__all__ = ["street"]


@pytest_asyncio.fixture(scope="module")
async def street(
    postgres: SessionPostgres, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[Served]:
    """One served town for a whole file, for tests that leave nothing behind."""
    folder = tmp_path_factory.mktemp("street")
    async with living_town(postgres, folder / "data") as town, serving(town, folder) as served:
        yield served
