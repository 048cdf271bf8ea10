"""How the database, the worker and the outbox stand, for whoever watches over the site."""

import asyncio
from datetime import datetime
from typing import Any

from kernel.db import Database
from kernel.errors import Away, Busy
from klankbord.worker import Worker
from notify import outbox

ANSWERS_WITHIN = 3.0
"""Seconds after which a database that says nothing counts as unreachable."""


async def condition(database: Database, worker: Worker, *, now: datetime) -> dict[str, Any]:
    """Numbers and moments only: nothing here names a person."""
    told = {
        "database": "ok",
        "worker": {
            "ticking": worker.is_ticking,
            "last_turn_at": worker.last_turn_at.isoformat(timespec="seconds") if worker.last_turn_at else None,
            "last_error": worker.last_error.partition(":")[0] or None,
        },
        "letters": None,
    }
    try:
        async with asyncio.timeout(ANSWERS_WITHIN), database.read() as db:
            counted = await outbox.counts(db)
    except (Away, Busy, TimeoutError):
        return told | {"database": "unreachable"}
    oldest = counted.oldest_due_at
    return told | {
        "letters": {
            "queued": counted.queued,
            "bounced": counted.bounced,
            "oldest_waits_seconds": max(0, int((now - oldest).total_seconds())) if oldest else 0,
        }
    }
