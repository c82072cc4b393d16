from collections.abc import AsyncGenerator

import pytest
import pytest_asyncio

from tests.attack.scene import Scene, staged
from tests.support.postgres import SessionPostgres

__all__ = ["scene"]


@pytest_asyncio.fixture(scope="module")
async def scene(postgres: SessionPostgres, tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Scene]:
    """One furnished town for a whole file: its tests make what they use up."""
    async with staged(postgres, tmp_path_factory.mktemp("scene")) as made:
        yield made
