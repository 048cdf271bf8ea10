"""The migrations give exactly the schema of the models, on the engine that this run is on."""

import re
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.engine import Connection

from kernel.db import Database
from klankbord.migrate import alembic_config, newest
from klankbord.tables import METADATA
from tests.engines import Databases

SQLITE = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND type != 'trigger'"
COMMA = re.compile(r",(?![^()]*\))|\(\s*\n")  # what parts columns and constraints: never inside parentheses
POSTGRESQL = """
    SELECT format('%s.%s', conrelid::regclass, conname), pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace AND contype <> 't'
    UNION ALL SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT format('%s.%s', table_name, column_name),
        concat_ws(' ', data_type, character_maximum_length, is_nullable, is_identity, column_default)
    FROM information_schema.columns WHERE table_schema = 'public'
"""


async def written(url: str) -> dict[str, list[str]]:
    """Each table, index, check and column with the lines that made it, in an order of their own.

    Without quotes: a table that SQLite made anew carries them. Triggers belong to the migrations: test_guards.py.
    """
    database = Database(url)
    async with database.read() as db:
        made = (await db.execute(text(SQLITE if database.is_sqlite else POSTGRESQL))).all()
    await database.close()
    lines = {
        name: [" ".join(line.replace('"', "").split()) for line in COMMA.split(sql.removesuffix(")"))]
        for name, sql in made
    }
    return {name: sorted(filter(None, of)) for name, of in lines.items() if not re.match("alembic|sqlite_", name)}


async def test_alembic_finds_nothing_left_to_do(database: Database) -> None:
    def left_to_do(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), METADATA))

    async with database.writer.connect() as connection:
        assert await connection.run_sync(left_to_do) == []


async def test_checks_and_indexes_are_the_same_too(
    migrated_database: str, databases: Databases, tmp_path: Path
) -> None:
    (tmp_path / "fresh").mkdir()
    url = databases.url(tmp_path / "fresh")
    databases.make(url, migrated=False)
    fresh = Database(url)
    async with fresh.writer.begin() as connection:
        await connection.run_sync(METADATA.create_all)
    await fresh.close()

    assert await written(migrated_database) == await written(url)
    databases.drop(url)


def test_the_files_are_numbered_in_the_order_of_the_steps() -> None:
    steps = list(ScriptDirectory.from_config(alembic_config()).walk_revisions())

    assert [step.revision for step in steps] == sorted((step.revision for step in steps), reverse=True)
    assert steps[0].revision == newest()
