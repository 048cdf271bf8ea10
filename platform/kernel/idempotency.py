"""One effect for one key: what was sent under a key before gets its first answer again.

A key is 128 random bits that a form carries, a fresh one for each form printed. Stored are its SHA-256, the SHA-256
of what was sent, and the answer, sealed with the key itself: who reads the database can neither send again nor read
what was answered. The row is written in the transaction of the effect, so one is never there without the other.
"""

import hashlib
import re
import secrets
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import ClassVar

import msgspec
from sqlalchemy import String, UniqueConstraint, delete, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from kernel import pads
from kernel.db import Base, ReadSession, WriteSession
from kernel.errors import DomainError
from kernel.i18n import N_
from kernel.keeping import After, Basis, Erasure, Kept
from kernel.once import changed

FIELD = "idempotency_key"
HEADER = "idempotency-key"
COMPARES = "compares_sendings"
"""A route's `opt`: it does something of its own with a key that was used before; for others SentBefore is raised."""
SHARES_FORM = "shares_form"
"""A route's `opt`: scopes of other routes that the same form is sent to."""
KEPT = timedelta(days=90)
EACH_TIME = "done_each_time"
"""A route's `opt`: twice comes to the same as once, and it is done truly each time; it keeps no key."""
_KEY = re.compile(r"[\x21-\x7e]{16,255}")
_SENDING, _SUBJECT = "sending", "sending_subject"


class Sent(Base):
    """What was done once under a key, and how it was answered."""

    __tablename__ = "idempotency"
    __kept__ = Kept(
        what=N_("Dat een formulier is verstuurd, en ons antwoord; alleen te lezen voor wie het verstuurde"),
        purpose=N_("Een formulier dat twee keer aankomt, één keer laten tellen."),
        basis=Basis.TASK,
        until=N_("90 dagen"),
        after=After(column="at", span=KEPT, has_own_job=True),
        whose=("person_id=person.id", "subject:"),
        erasure=Erasure.REMOVED,
        ours=("scope", "subject"),
        secrets=("key", "body_sha256", "answer"),
    )
    __table_args__ = (UniqueConstraint("scope", "key"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(String(255))  # the route's path, without the values in it: some are secrets
    key: Mapped[str] = mapped_column(String(64))  # SHA-256
    body_sha256: Mapped[str] = mapped_column(String(64))
    person_id: Mapped[int | None]  # whose answer it is; None: of whoever holds the key
    subject: Mapped[str] = mapped_column(String(64))  # what was made, as `idea:12`, where its route says so
    status_code: Mapped[int]
    answer: Mapped[bytes]  # sealed with the key
    at: Mapped[datetime] = mapped_column(index=True)

    @property
    def subject_id(self) -> int | None:
        """The number behind the colon of the subject."""
        number = self.subject.partition(":")[2]
        return int(number) if number else None


class Answer(msgspec.Struct, frozen=True):
    """An answer as it left: its status, its headers in their order, its body."""

    status_code: int
    headers: list[tuple[bytes, bytes]]
    body: bytes = b""

    def header(self, name: str) -> str:
        """The first header of this name, or nothing."""
        return next((value.decode("latin-1") for key, value in self.headers if key == name.encode()), "")


@dataclass(kw_only=True)
class Sending:
    """One request that carries a key. Once looked up: `first` came under it before, `elsewhere` to what it `shares`."""

    scope: str
    key: str
    address: str
    fields: list[tuple[str, str]]
    rest: bytes = b""  # what was sent and is no form
    person_id: int | None
    shares: Sequence[str] = ()  # the scopes of routes with the same form
    first: Sent | None = None
    elsewhere: Sequence[Sent] = ()

    @cached_property
    def body_sha256(self) -> str:
        """SHA-256 of what was sent: the fields in any order, repeated ones as often as they came."""
        told = (self.address, sorted(self.fields), self.rest)
        return hashlib.sha256(msgspec.msgpack.encode(told)).hexdigest()

    @property
    def key_sha256(self) -> str:
        """All that is stored of the key."""
        return _sha256(self.key)

    def made(self, kind: str) -> Sent | None:
        """What was last made of this very form (`draft:12`), here or by a route that shares it."""
        sent = (one for one in (self.first, *self.elsewhere) if one and one.subject.startswith(f"{kind}:"))
        return max(sent, key=lambda one: one.id, default=None)

    def may_know(self, sent: Sent) -> bool:
        """Whether what was sent belongs to whoever sends now."""
        return sent.person_id in {None, self.person_id}

    @property
    def first_answer(self) -> Answer | None:
        """How the first was answered; None when that was another person's, or when there was none."""
        if self.first is None or not self.may_know(self.first):
            return None
        return msgspec.msgpack.decode(
            zlib.decompress(pads.opened(self.first.answer, self.scope, self.key)), type=Answer
        )


class SentAgain(Exception):
    """The same under the same key: nothing is done, the first answer is given. `at` is when the first was sent."""

    def __init__(self, answer: Answer, *, at: datetime) -> None:
        self.answer = answer
        self.at = at
        super().__init__("sent again under the same key")


class SentBefore(DomainError):
    """The key of a form that was sent before, with something else in it. `place` is where that led its sender."""

    code = "sent_before"
    status: ClassVar[int] = 409
    message = N_("U hebt dit formulier al eerder verstuurd, met iets anders erin. Wat u toen stuurde, hebben wij.")

    def __init__(self, sending: Sending) -> None:
        answer = sending.first_answer
        self.place = answer.header("location") if answer else ""
        self.address, self.fields = sending.address, sending.fields
        super().__init__()


class StillSending(DomainError):
    """The same form is being taken in this very moment, and has not been answered in time."""

    code = "still_sending"
    status: ClassVar[int] = 409
    message = N_("Wij zijn nog bezig met dit formulier. Wacht even en kijk dan of het is aangekomen.")


def new_key() -> str:
    """128 random bits."""
    return secrets.token_urlsafe(16)


def key_from(*given: object) -> str | None:
    """The first that is a key: 16 to 255 visible characters. Anything else counts as none."""
    return next((one for one in given if isinstance(one, str) and _KEY.fullmatch(one)), None)


async def look_up(db: ReadSession, sending: Sending | None, *, compares: bool = False) -> None:
    """Find what was sent under the key before. Raises SentAgain when it was the same, else SentBefore.

    With `compares` something else is left to the caller, as `sending.first`.
    """
    if sending is None:
        return
    wanted = select(Sent).where(Sent.scope.in_((sending.scope, *sending.shares)), Sent.key == sending.key_sha256)
    found = {one.scope: one for one in await db.scalars(wanted)}
    sending.first, sending.elsewhere = found.pop(sending.scope, None), tuple(found.values())
    answer = sending.first_answer
    if sending.first is not None and answer is not None and sending.first.body_sha256 == sending.body_sha256:
        raise SentAgain(answer, at=sending.first.at)
    if sending.first is not None and not compares:
        raise SentBefore(sending)


def under(tx: WriteSession, sending: Sending) -> None:
    """Let the transaction know the request that it serves."""
    tx.info[_SENDING] = sending


def sending_of(tx: WriteSession) -> Sending | None:
    """The request that this transaction serves, when it carries a key."""
    sending: Sending | None = tx.info.get(_SENDING)
    return sending


async def sent_under(tx: WriteSession, key: str) -> Sent | None:
    """What was sent to the same route under another key, by whoever knows that key."""
    if (sending := sending_of(tx)) is None:
        return None
    return await tx.scalar(select(Sent).where(Sent.scope == sending.scope, Sent.key == _sha256(key)))


def about(tx: WriteSession, subject: str) -> None:
    """Note what this request makes, so that a second sending under its key can be compared with it."""
    tx.info[_SUBJECT] = subject


async def keep(tx: WriteSession, sending: Sending, answer: Answer, *, person_id: int | None, now: datetime) -> None:
    """Store the answer beside its effect. `person_id` is whose answer it is."""
    sealed = pads.sealed(zlib.compress(msgspec.msgpack.encode(answer)), sending.scope, sending.key)
    row = {
        "scope": sending.scope,
        "key": sending.key_sha256,
        "body_sha256": sending.body_sha256,
        "person_id": person_id,
        "subject": tx.info.get(_SUBJECT, ""),
        "status_code": answer.status_code,
        "answer": sealed,
        "at": now,
    }
    await tx.execute(insert(Sent), row)


async def keep_place(tx: WriteSession, *, sending: Sending | None, place: str, now: datetime) -> None:
    """For work that ends in a transaction of its own: look once more, then keep that it leads to this address."""
    if sending is not None:
        await look_up(tx, sending)
        answer = Answer(status_code=303, headers=[(b"location", place.encode())])
        await keep(tx, sending, answer, person_id=sending.person_id, now=now)


async def forget(tx: WriteSession, subjects: Sequence[str]) -> None:
    """What was made under these keys is thrown away: whoever sends it again really sends it."""
    await tx.execute(delete(Sent).where(Sent.subject.in_(subjects)))


async def sweep(tx: WriteSession, *, now: datetime) -> int:
    """Forget keys of more than ninety days ago; how many there were. No form stands open that long."""
    return changed(await tx.execute(delete(Sent).where(Sent.at <= now - KEPT)))


def _sha256(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
