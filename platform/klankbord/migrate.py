"""The schema of a database: which step it is at, and the way to the newest."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

from kernel.db import Database

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"
ANOTHER_TAKES = 300.0
"""Seconds to wait for another process that migrates, or for whoever reads a table that must change."""


def newest() -> str:
    """The last step, by the names of the files: looking takes no time, so every command can look."""
    return max(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


async def present(connection: AsyncConnection) -> str | None:
    """The step the database is at; None when it was never migrated."""
    if not await connection.run_sync(lambda sync: inspect(sync).has_table("alembic_version")):
        return None
    step: str | None = (await connection.execute(text("SELECT version_num FROM alembic_version"))).scalar()
    return step


async def migrate(database: Database) -> bool:
    """Run the missing steps, all in one transaction; False when none was missing.

    Who comes while another migrates waits, and then finds nothing missing.
    """
    async with database.alone(patience=ANOTHER_TAKES) as connection:
        if await present(connection) == newest():
            return False
        await connection.run_sync(_upgrade)
        return True


def _upgrade(connection: Connection) -> None:
    from alembic import command

    config = alembic_config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def alembic_config() -> "Config":
    """Alembic's settings without a file, so that it works from the wheel too."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config
