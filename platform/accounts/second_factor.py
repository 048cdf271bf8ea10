"""The second factor: begun, in use once its first code came back, shown, replaced, given up, taken away by another.

A code that is wrong counts even though nothing else is stored, so wrong codes are answered and not raised.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import structlog
from sqlalchemy import delete, update

from accounts import recovery_codes, second_factor_queries, second_factor_rules, sessions, totp
from accounts.models import Person, SecondFactor, SecondFactorReset
from accounts.second_factor_events import (
    SecondFactorGiven,
    SecondFactorRemoved,
    SecondFactorSetUp,
    SecondFactorTried,
    SecondFactorWasReset,
)
from accounts.states import Ended, FactorKind, Role
from kernel import allowances, sealing
from kernel.db import WriteSession
from kernel.errors import NotFound
from kernel.events import record
from kernel.once import changed
from kernel.settings import Settings
from kernel.tokens import digest_of

WRONG_CODE = "second_factor"

log = structlog.get_logger()


class Proof(StrEnum):
    """What came of a code that somebody typed."""

    TOTP = "totp"
    RECOVERY_CODE = "recovery_code"
    WRONG = "wrong"
    TOO_OFTEN = "too_often"

    @property
    def is_good(self) -> bool:
        """Whether it shows who this is."""
        return self in {Proof.TOTP, Proof.RECOVERY_CODE}


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What came of a code, and the session's new secret and how long it lasts when it was good."""

    proof: Proof
    session: str = ""
    lasts: timedelta = timedelta(0)
    codes: tuple[str, ...] = ()


def key_of(settings: Settings) -> bytes:
    """The key that secrets are sealed with."""
    return sealing.key_for("second_factor", secret=settings.secret)


def secret_of(factor: SecondFactor, *, key: bytes) -> str:
    """What the app knows too; raises sealing.Unreadable when KLANKBORD_SECRET is another than it was."""
    return sealing.opened(factor.sealed, key=key, about=_about(factor.person_id))


async def begin(tx: WriteSession, *, person_id: int, session: str, key: bytes, now: datetime) -> SecondFactor:
    """A new secret, to be put in an app by whoever has this session; what was begun before is forgotten."""
    await tx.execute(
        delete(SecondFactor).where(SecondFactor.person_id == person_id, SecondFactor.confirmed_at.is_(None))
    )
    begun = SecondFactor(
        person_id=person_id,
        kind=FactorKind.TOTP,
        sealed=sealing.seal(totp.new_secret(), key=key, about=_about(person_id)),
        last_step=0,
        begun_at=now,
        begun_in=digest_of(session),
        confirmed_at=None,
    )
    tx.add(begun)
    await tx.flush()
    return begun


async def confirm(
    tx: WriteSession, *, person: Person, begun: SecondFactor, typed: str, session: str, key: bytes, now: datetime
) -> Shown:
    """Put what was begun to use instead of what was, with new recovery codes. Other sessions end."""
    step = totp.step_of(_plain(typed), secret=secret_of(begun, key=key), after=begun.last_step, now=now)
    if step is None:
        return Shown(proof=Proof.WRONG)
    old = delete(SecondFactor).where(SecondFactor.person_id == person.id, SecondFactor.confirmed_at.is_not(None))
    is_another = changed(await tx.execute(old)) > 0
    begun.confirmed_at, begun.last_step = now, step
    await tx.flush()
    kind = begun.kind.value
    await record(
        tx, SecondFactorSetUp(at=now, actor_id=person.id, person_id=person.id, kind=kind, is_another=is_another)
    )
    codes = await recovery_codes.write(tx, person_id=person.id, now=now)
    fresh, lasts = await sessions.renew(tx, secret=session, second_factor_at=now, now=now)
    await sessions.end_all(tx, person_id=person.id, but=fresh, why=Ended.SECOND_FACTOR, by=person.id, now=now)
    return Shown(proof=Proof.TOTP, session=fresh, lasts=lasts, codes=tuple(codes))


async def prove(tx: WriteSession, *, person_id: int, typed: str, key: bytes, now: datetime) -> Proof:
    """Look at a code, from the app or from paper, and use it up. After five wrong ones none counts for a while."""
    whose = _about(person_id)
    if await allowances.taken(tx, kind=WRONG_CODE, whose=whose, now=now) >= second_factor_rules.WRONG_AT_MOST:
        return Proof.TOO_OFTEN
    plain = _plain(typed)
    if len(plain) == totp.DIGITS and plain.isdecimal():
        if await _use_step(tx, person_id=person_id, code=plain, key=key, now=now):
            return Proof.TOTP
    elif await recovery_codes.use(tx, person_id=person_id, typed=plain, now=now):
        return Proof.RECOVERY_CODE
    most, within = second_factor_rules.WRONG_AT_MOST, second_factor_rules.WRONG_WITHIN
    await allowances.take(tx, kind=WRONG_CODE, whose=whose, most=most, within=within, now=now)
    if await allowances.taken(tx, kind=WRONG_CODE, whose=whose, now=now) >= most:
        await record(tx, SecondFactorTried(at=now, actor_id=None, person_id=person_id))
    return Proof.WRONG


async def give(tx: WriteSession, *, person_id: int, typed: str, session: str, key: bytes, now: datetime) -> Shown:
    """Show it, for this session, which goes on under a new secret; the old one is dead."""
    proof = await prove(tx, person_id=person_id, typed=typed, key=key, now=now)
    if not proof.is_good:
        return Shown(proof=proof)
    await record(tx, SecondFactorGiven(at=now, actor_id=person_id, person_id=person_id, kind=proof.value))
    fresh, lasts = await sessions.renew(tx, secret=session, second_factor_at=now, now=now)
    return Shown(proof=proof, session=fresh, lasts=lasts)


async def remove(tx: WriteSession, *, person_id: int, mandatory: frozenset[Role], now: datetime) -> None:
    """Do without from now on, for who just showed to have it. Raises SecondFactorMandatory."""
    if await second_factor_queries.is_mandatory(tx, person_id=person_id, mandatory=mandatory):
        raise second_factor_rules.SecondFactorMandatory
    await _discard(tx, person_id=person_id)
    await record(tx, SecondFactorRemoved(at=now, actor_id=person_id, person_id=person_id))


async def reset(tx: WriteSession, *, person: Person, by: int | None, reason: str, now: datetime) -> None:
    """Take another's away, in writing; their sessions end. Without `by` it was done on the server.

    Raises SecondFactorYourOwn, and NotFound when there is none.
    """
    if by == person.id:
        raise second_factor_rules.SecondFactorYourOwn
    if await second_factor_queries.in_use(tx, person_id=person.id) is None:
        raise NotFound
    await _discard(tx, person_id=person.id)
    written = SecondFactorReset(person_id=person.id, by_id=by, reason=reason, at=now)
    tx.add(written)
    await tx.flush()
    await record(tx, SecondFactorWasReset(at=now, actor_id=by, person_id=person.id, reset_id=written.id))
    await sessions.end_all(tx, person_id=person.id, why=Ended.SECOND_FACTOR, by=by, now=now)


async def _use_step(tx: WriteSession, *, person_id: int, code: str, key: bytes, now: datetime) -> bool:
    factor = await second_factor_queries.in_use(tx, person_id=person_id)
    if factor is None:
        return False
    try:
        secret = secret_of(factor, key=key)
    except sealing.Unreadable:
        log.error("second factor sealed with another KLANKBORD_SECRET", person_id=person_id)
        return False
    step = totp.step_of(code, secret=secret, after=factor.last_step, now=now)
    if step is None:
        return False
    later = update(SecondFactor).where(SecondFactor.id == factor.id, SecondFactor.last_step < step)
    return changed(await tx.execute(later.values(last_step=step))) == 1


async def _discard(tx: WriteSession, *, person_id: int) -> None:
    await tx.execute(delete(SecondFactor).where(SecondFactor.person_id == person_id))
    await recovery_codes.discard(tx, person_id=person_id)


def _about(person_id: int) -> str:
    return f"person:{person_id}"


def _plain(typed: str) -> str:
    return "".join(typed.split())
