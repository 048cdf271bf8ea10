"""Emptying a test's database on PostgreSQL, so that the next test finds it as new; one that was altered is not kept."""

from dataclasses import dataclass

import asyncpg

CATALOGUES = ("pg_class", "pg_attribute", "pg_constraint", "pg_trigger", "pg_proc")
SHAPE = "SELECT " + ", ".join(f"(SELECT sum(xmin::text::bigint) FROM {one}) AS {one}" for one in CATALOGUES)  # noqa: S608
"""Whoever makes, changes or drops a table, guard or function leaves rows of another transaction in these."""
OTHERS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
SEQUENCES = "SELECT setval(format('%I.%I', schemaname, sequencename), 1, false) FROM pg_sequences WHERE last_value > 0"


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """What a new database is like."""

    shape: tuple[int, ...]
    empty: list[str]
    """Tables without a row."""
    filled: dict[str, str]
    """And a sum over the rows of each of the others."""


async def read_pattern(connection: asyncpg.Connection) -> Pattern:
    """What this database, on which no test ran, is like."""
    tables = [row["tablename"] for row in await connection.fetch(TABLES)]
    filled = await _having_rows(connection, tables)
    return Pattern(
        shape=await _shape(connection),
        empty=[table for table in tables if table not in filled],
        filled=await _sums(connection, filled),
    )


async def empty(connection: asyncpg.Connection, *, as_new: Pattern) -> bool:
    """Take out what a test left and begin every number anew; whether it is as new then."""
    await connection.execute(OTHERS)
    if (await _shape(connection), await _sums(connection, list(as_new.filled))) != (as_new.shape, as_new.filled):
        return False
    filled = await _having_rows(connection, as_new.empty)
    deletions = [f'DELETE FROM "{table}"' for table in filled]  # noqa: S608 - a name from the catalogue
    no_guards = "SET session_replication_role = replica"  # of what is written once, or linked to
    await connection.execute("; ".join([no_guards, *deletions, SEQUENCES]))
    return True


async def _shape(connection: asyncpg.Connection) -> tuple[int, ...]:
    return tuple(map(int, await connection.fetchrow(SHAPE)))


async def _having_rows(connection: asyncpg.Connection, tables: list[str]) -> list[str]:
    asked = " UNION ALL ".join(f"SELECT '{one}' AS name WHERE EXISTS (SELECT FROM \"{one}\")" for one in tables)  # noqa: S608
    return [row["name"] for row in await connection.fetch(asked)]


async def _sums(connection: asyncpg.Connection, tables: list[str]) -> dict[str, str]:
    summed = "SELECT md5(string_agg(row::text, ',' ORDER BY row::text)) FROM \"{}\" AS row"
    return {table: await connection.fetchval(summed.format(table)) for table in tables}
