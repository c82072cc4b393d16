from collections.abc import AsyncGenerator

import pytest
import pytest_asyncio

from tests.support.postgres import SessionPostgres
from tests.support.town import Town, living_town

__all__ = ["quarter"]


@pytest_asyncio.fixture(scope="module")
async def quarter(
    postgres: SessionPostgres, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[Town]:
    """One town for a whole file, for tests that only look."""
    async with living_town(postgres, tmp_path_factory.mktemp("quarter")) as town:
        yield town
