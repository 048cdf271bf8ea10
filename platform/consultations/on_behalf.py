"""For who is not online: staff write down what was told on paper, by telephone or at the counter.

The author gets the same receipt as anybody, printed, with a code to type. It opens the same page as the link in a
letter does. Who has no e-mail is a person here whose address never gets mail: nothing else is known of them.
"""

import re
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import ClassVar

from sqlalchemy import select, update

from accounts import people
from accounts.actor import Actor
from accounts.typed_codes import ALPHABET
from consultations import ideas
from consultations.ideas import RECEIPT, Written
from consultations.models import Consultation, Idea
from consultations.ways_events import IdeaCodesVoided, IdeaEnteredOnBehalf, IdeaReceiptPrinted, IdeaToldOnPaper
from consultations.ways_models import Intake, PrintedCode
from consultations.ways_states import IntakeWay
from kernel import tokens
from kernel.db import ReadSession, WriteSession
from kernel.errors import DomainError, LinkSpent
from kernel.events import record
from kernel.i18n import N_
from kernel.tokens import Token, digest_of

WITHOUT_MAIL = "papier.klankbord.invalid"
"""The host of authors without e-mail. `.invalid` never gets mail."""
HANDED_IN_WITHIN = timedelta(days=14)
"""How long paper may lie before it is written down: what came in time before the close counts as in time."""
LENGTH = 16
"""Signs of a code on paper: 71 random bits, tried over the network a few times an hour."""
_GROUP = 4
_NOT_TYPED = re.compile(r"[\s.\-\u2010-\u2015\u2212]+")


class NotHandedIn(DomainError):
    """The moment of receipt on paper lies in the future, before the opening, or too long ago."""

    code: ClassVar[str] = "not_handed_in"
    status: ClassVar[int] = 422
    message: ClassVar[str] = N_(
        "Op dat moment kon dit niet binnenkomen. Kies een moment van de laatste veertien dagen, na de opening."
    )


@dataclass(frozen=True, kw_only=True)
class Told:
    """How somebody told it: `email` and `reach` (an address, a telephone number) as far as they were given."""

    way: IntakeWay
    handed_in_at: datetime
    email: str = ""
    reach: str = ""


async def enter(
    tx: WriteSession, *, consultation: Consultation, written: Written, told: Told, actor_id: int, now: datetime
) -> tuple[Idea, str]:
    """Write it down as received when it was handed in; the idea, and the code for its printed receipt.

    Refuses a moment at which it cannot have come in (NotHandedIn, NotOpen), and an author who is blocked (Blocked).
    """
    if not max(consultation.opens_at, now - HANDED_IN_WITHIN) <= told.handed_in_at <= now:
        raise NotHandedIn
    email = told.email or f"{secrets.token_hex(8)}@{WITHOUT_MAIL}"
    author = await people.meet(tx, email=email, language=written.language, now=now)
    idea = await ideas.submit(
        tx,
        actor=Actor(person_id=author.id),
        consultation=consultation,
        written=replace(written, handed_in_at=told.handed_in_at),
        email="",
        now=now,
    )
    tx.add(
        Intake(
            idea_id=idea.id,
            way=told.way,
            is_without_mail=not told.email,
            reach=told.reach,
            entered_at=now,
            entered_by_id=actor_id,
        )
    )
    fact = {"idea_id": idea.id, "consultation_id": consultation.id}
    handed_in = told.handed_in_at.isoformat()
    await record(tx, IdeaEnteredOnBehalf(at=now, actor_id=actor_id, way=told.way, handed_in=handed_in, **fact))
    return idea, await print_receipt(tx, idea=idea, actor_id=actor_id, now=now)


async def print_receipt(tx: WriteSession, *, idea: Idea, actor_id: int, now: datetime) -> str:
    """A new code that opens the receipt, for a new sheet of paper; those on earlier sheets go on working."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    await tokens.mint(tx, purpose=RECEIPT, subject=f"idea:{idea.id}", expires_at=None, secret=code, now=now)
    tx.add(PrintedCode(hash=digest_of(code), idea_id=idea.id, printed_at=now, printed_by_id=actor_id))
    fact = {"idea_id": idea.id, "consultation_id": idea.consultation_id}
    await record(tx, IdeaReceiptPrinted(at=now, actor_id=actor_id, **fact))
    return code


async def void_codes(tx: WriteSession, *, idea: Idea, actor_id: int, now: datetime) -> None:
    """The paper was lost: no code that was printed until now opens anything. Links in letters go on working."""
    printed = select(PrintedCode.hash).where(PrintedCode.idea_id == idea.id)
    await tx.execute(update(Token).where(Token.hash.in_(printed), Token.used_at.is_(None)).values(used_at=now))
    fact = {"idea_id": idea.id, "consultation_id": idea.consultation_id}
    await record(tx, IdeaCodesVoided(at=now, actor_id=actor_id, **fact))


async def told_on_paper(tx: WriteSession, *, intake: Intake, idea: Idea, actor_id: int, now: datetime) -> None:
    """Its author was sent the sheet, or told over the telephone."""
    intake.told_at = now
    await tx.flush()
    fact = {"idea_id": idea.id, "consultation_id": idea.consultation_id}
    await record(tx, IdeaToldOnPaper(at=now, actor_id=actor_id, **fact))


async def behind(db: ReadSession, *, number: str, code: str, now: datetime) -> Token:
    """What a code on paper opens, when its number stands beside it; raises LinkSpent otherwise."""
    token = await tokens.find(db, purpose=RECEIPT, secret=code, now=now)
    idea = await db.get(Idea, token.subject_id)
    if idea is None or idea.number != number:
        raise LinkSpent
    return token


def is_code(secret: str) -> bool:
    """Whether the secret of a receipt is one that can be typed."""
    return len(secret) == LENGTH and set(secret) <= set(ALPHABET)


def shown(code: str) -> str:
    """In groups of four, as paper shows it."""
    return "-".join(code[at : at + _GROUP] for at in range(0, LENGTH, _GROUP))


def read(typed: str) -> str:
    """What was typed, without spaces and hyphens, in capitals; empty when it cannot be a code."""
    code = _NOT_TYPED.sub("", typed).upper()
    return code if is_code(code) else ""


def read_number(typed: str) -> str:
    """A receipt number as we write it, whatever stands between its parts: 2026 42 is 2026-00042."""
    found = re.fullmatch(r"(\d{4})\D*(\d{1,10})", typed.strip())
    return f"{found[1]}-{int(found[2]):05d}" if found else ""
