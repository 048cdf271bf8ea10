"""Bring a database to the newest schema."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy.engine import Connection

from kernel.db import Database


def alembic_config() -> Config:
    """Alembic's settings without a file, so that it works from the wheel too."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def _upgrade(connection: Connection) -> None:
    config = alembic_config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


async def migrate(database: Database) -> None:
    """Run the missing steps, all in one transaction; a database that is up to date is left alone."""
    async with database.writer.begin() as connection:
        await connection.run_sync(_upgrade)
