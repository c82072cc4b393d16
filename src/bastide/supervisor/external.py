"""Looking at a PostgreSQL that somebody else runs, before anything is built on it."""

from bastide.engines.errors import EngineError

LEAST_VERSION = 15


async def check_database(url: str) -> None:
    """Raise EngineError, without the address and its password, when it cannot be reached or is too old."""
    # only imported where it is needed: the supervisor stays small
    import psycopg

    try:
        async with await psycopg.AsyncConnection.connect(url, connect_timeout=10) as connection:
            version = connection.info.server_version // 10000
    except psycopg.Error as error:
        raise EngineError(f"The PostgreSQL of BASTIDE_DATABASE_URL cannot be reached: {error}") from error
    if version < LEAST_VERSION:
        raise EngineError(
            f"BASTIDE_DATABASE_URL names a PostgreSQL {version}; Bastide needs {LEAST_VERSION} or later."
        )
