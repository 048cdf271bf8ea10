"""Receipt numbers: 2026-00042, one row a year, given out once each whoever asks at the same time."""

from datetime import datetime

from sqlalchemy import text

from kernel.db import WriteSession

# the same words on SQLite and PostgreSQL; the row's lock makes the next asker wait
_RESERVE = text(
    "INSERT INTO receipt_number (year, last) VALUES (:year, :many)"
    " ON CONFLICT (year) DO UPDATE SET last = receipt_number.last + :many RETURNING last"
)


async def reserve(tx: WriteSession, *, many: int = 1, now: datetime) -> list[str]:
    """The next numbers of this year (UTC)."""
    last = (await tx.execute(_RESERVE, {"year": now.year, "many": many})).scalar_one()
    return [f"{now.year}-{number:05d}" for number in range(last - many + 1, last + 1)]
