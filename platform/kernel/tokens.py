"""Links that carry a secret. Random, stored hashed; only unsubscribe links are signed instead.

A token is minted for a purpose and a subject (`confirm`, `idea:12`). `consume` uses it up; `find` only
looks, for links that stay valid (a receipt). A letter mints its token while it is written, so no secret
lies in the outbox.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import String, select, update
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base, ReadSession, WriteSession
from kernel.errors import LinkSpent
from kernel.i18n import N_
from kernel.keeping import After, Basis, Erasure, Kept
from kernel.once import changed

KEPT = timedelta(days=90)
"""Links that ran out are known for so long, to say so to who uses one."""


class Token(Base):
    """A secret we gave out, known to us only by its hash."""

    __tablename__ = "token"
    __kept__ = Kept(
        what=N_("Links die wij u stuurden, onleesbaar gemaakt"),
        purpose=N_("Zorgen dat alleen u de link kunt gebruiken, en niet langer dan de bedoeling is."),
        basis=Basis.TASK,
        until=N_("90 dagen nadat de link niet meer werkt; van uw ontvangstbewijs zolang het idee er is"),
        after=After(column="expires_at", span=KEPT),
        whose=("subject:",),
        erasure=Erasure.UNNAMED,
        ours=("purpose", "subject"),
        secrets=("hash",),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(String(32))
    subject: Mapped[str] = mapped_column(String(64), index=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None] = mapped_column(index=True)
    used_at: Mapped[datetime | None]

    @property
    def subject_id(self) -> int:
        """The number behind the colon of the subject."""
        return int(self.subject.partition(":")[2])

    def counts(self, now: datetime) -> bool:
        """Whether it was not used, and has not run out."""
        return self.used_at is None and (self.expires_at is None or now < self.expires_at)


def digest_of(secret: str) -> str:
    """SHA-256 of a secret, as hex: all that is stored of it."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_secret() -> str:
    """192 random bits, safe in a URL."""
    return secrets.token_urlsafe(24)


async def mint(
    tx: WriteSession, *, purpose: str, subject: str, expires_at: datetime | None, now: datetime, secret: str = ""
) -> str:
    """A new secret for the purpose and subject; this is the only time it is seen in clear.

    `secret` when it has to be one of another kind, to be typed for instance; as random as it gets.
    """
    secret = secret or new_secret()
    tx.add(
        Token(
            purpose=purpose,
            subject=subject,
            hash=digest_of(secret),
            created_at=now,
            expires_at=expires_at,
            used_at=None,
        )
    )
    await tx.flush()
    return secret


async def find(db: ReadSession, *, purpose: str, secret: str, now: datetime) -> Token:
    """The token behind a secret, while it is valid; raises LinkSpent otherwise."""
    wanted = select(Token).where(Token.purpose == purpose, Token.hash == digest_of(secret))
    token = await db.scalar(wanted)
    if token is None or not token.counts(now):
        raise LinkSpent
    return token


async def consume(tx: WriteSession, *, purpose: str, secret: str, now: datetime) -> Token:
    """Use the token up, with all its siblings for the same subject; raises LinkSpent when it no longer counts."""
    token = await find(tx, purpose=purpose, secret=secret, now=now)
    siblings = (
        update(Token)
        .where(Token.purpose == purpose, Token.subject == token.subject, Token.used_at.is_(None))
        .values(used_at=now)
    )
    if not changed(await tx.execute(siblings)):
        raise LinkSpent
    return token
