"""How the worker and the outbox stand, for whoever watches over the site."""

from datetime import datetime
from typing import Any

from kernel.db import ReadSession
from klankbord.worker import Worker
from notify import outbox


async def condition(db: ReadSession, worker: Worker, *, now: datetime) -> dict[str, Any]:
    """Numbers and moments only: nothing here names a person."""
    counted = await outbox.counts(db)
    oldest = counted.oldest_due_at
    return {
        "worker": {
            "ticking": worker.is_ticking,
            "last_turn_at": worker.last_turn_at.isoformat(timespec="seconds") if worker.last_turn_at else None,
            "last_error": worker.last_error.partition(":")[0] or None,
        },
        "letters": {
            "queued": counted.queued,
            "bounced": counted.bounced,
            "oldest_waits_seconds": max(0, int((now - oldest).total_seconds())) if oldest else 0,
        },
    }
