"""How Alembic finds the database: a connection handed over by `klankbord.migrate`, or DATABASE_URL."""

import asyncio
from typing import Any, Literal

from alembic import context
from sqlalchemy.engine import Connection

from kernel.db import Database, UtcDateTime
from kernel.html import CleanHtml
from klankbord.commands.opened import settings_or_exit
from klankbord.migrate import ANOTHER_TAKES
from klankbord.tables import METADATA


def written_as(kind: str, value: Any, _context: Any) -> str | Literal[False]:
    """Our own column types as migrations name them."""
    if kind == "type" and isinstance(value, UtcDateTime):
        return "UtcDateTime()"
    return "sa.Text()" if kind == "type" and isinstance(value, CleanHtml) else False


def run(connection: Connection) -> None:
    """Run what was asked for on this connection, in one transaction."""
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        render_as_batch=True,
        render_item=written_as,
    )
    with context.begin_transaction():
        context.run_migrations()


async def run_alone() -> None:
    """For the `alembic` command: open the database of DATABASE_URL ourselves."""
    database = Database(settings_or_exit().database_url)
    async with database.alone(patience=ANOTHER_TAKES) as connection:
        await connection.run_sync(run)
    await database.close()


handed_over = context.config.attributes.get("connection")
if handed_over is not None:
    run(handed_over)
else:
    asyncio.run(run_alone())
