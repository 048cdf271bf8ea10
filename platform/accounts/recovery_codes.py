"""Codes on paper, for when the phone is lost: ten at a time, each good for once, stored hashed.

Each is 120 random bits, so that its plain SHA-256 tells nothing.
"""

import secrets
from datetime import datetime

from sqlalchemy import delete, func, select, update

from accounts.models import RecoveryCode
from accounts.second_factor_events import RecoveryCodesMade, RecoveryCodeUsed
from kernel.db import ReadSession, WriteSession
from kernel.events import record
from kernel.once import changed
from kernel.tokens import digest_of

AT_A_TIME = 10
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without I, O, 0 and 1: they look alike on paper
_LONG, _GROUP = 24, 4


async def make(tx: WriteSession, *, person_id: int, now: datetime) -> list[str]:
    """Ten codes instead of those of before, for who has the second factor already."""
    codes = await write(tx, person_id=person_id, now=now)
    await record(tx, RecoveryCodesMade(at=now, actor_id=person_id, person_id=person_id))
    return codes


async def write(tx: WriteSession, *, person_id: int, now: datetime) -> list[str]:
    """Ten codes, seen in clear this once; those of before are worth nothing."""
    await discard(tx, person_id=person_id)
    codes = ["".join(secrets.choice(_LETTERS) for _ in range(_LONG)) for _ in range(AT_A_TIME)]
    tx.add_all(RecoveryCode(person_id=person_id, hash=digest_of(code), made_at=now, used_at=None) for code in codes)
    await tx.flush()
    return ["-".join(code[at : at + _GROUP] for at in range(0, _LONG, _GROUP)) for code in codes]


async def use(tx: WriteSession, *, person_id: int, typed: str, now: datetime) -> bool:
    """Use a code up, however it was typed: small letters, spaces and hyphens make no difference. Counts once."""
    plain = "".join(letter for letter in typed.upper() if letter.isalnum())
    one = (
        update(RecoveryCode)
        .where(
            RecoveryCode.person_id == person_id,
            RecoveryCode.hash == digest_of(plain),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now)
    )
    if not changed(await tx.execute(one)):
        return False
    left_over = await left(tx, person_id=person_id)
    await record(tx, RecoveryCodeUsed(at=now, actor_id=person_id, person_id=person_id, left=left_over))
    return True


async def left(db: ReadSession, *, person_id: int) -> int:
    """How many somebody can still use."""
    unused = select(func.count()).where(RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
    return await db.scalar(unused) or 0


async def discard(tx: WriteSession, *, person_id: int) -> None:
    """Make all of somebody's codes worth nothing."""
    await tx.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
