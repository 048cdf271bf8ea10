"""The migrations give exactly the schema of the models."""

import re
import sqlite3
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from klankbord.migrate import alembic_config, newest
from klankbord.tables import METADATA


def written(path: Path) -> dict[str, list[str]]:
    """Each table and index with the lines that made it, in an order of their own."""
    with sqlite3.connect(path) as connection:
        made = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    connection.close()
    lines = {name: [" ".join(line.split()).strip(" ,") for line in sql.splitlines()] for name, sql in made}
    return {name: sorted(filter(None, of)) for name, of in lines.items() if not re.match("alembic|sqlite_", name)}


def test_alembic_finds_nothing_left_to_do(migrated_file: Path) -> None:
    engine = create_engine(f"sqlite:///{migrated_file}")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    engine.dispose()


def test_checks_and_indexes_are_the_same_too(migrated_file: Path, tmp_path: Path) -> None:
    fresh = tmp_path / "fresh.db"
    engine = create_engine(f"sqlite:///{fresh}")
    METADATA.create_all(engine)
    engine.dispose()

    assert written(migrated_file) == written(fresh)


def test_the_files_are_numbered_in_the_order_of_the_steps() -> None:
    steps = list(ScriptDirectory.from_config(alembic_config()).walk_revisions())

    assert [step.revision for step in steps] == sorted((step.revision for step in steps), reverse=True)
    assert steps[0].revision == newest()
