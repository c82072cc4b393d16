from collections.abc import AsyncGenerator

import pytest
import pytest_asyncio

from tests.support.postgres import SessionPostgres
from tests.support.town import Town, living_town

__all__ = ["crossing"]


@pytest_asyncio.fixture(scope="module")
async def crossing(
    postgres: SessionPostgres, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[Town]:
    """One town for a whole file, in which much happens."""
    async with living_town(postgres, tmp_path_factory.mktemp("crossing")) as town:
        yield town
